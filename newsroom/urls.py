"""The whole address map. What stands below `site` exists in every language; the site's own has no prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, include, path, register_converter

from articles.desk import (
    alerts_view,
    calendar_view,
    language_view,
    login,
    password_view,
    second_factor_view,
    settings_view,
    welcome,
)
from articles.site import (
    accuracy,
    corrections,
    feeds,
    front_preview,
    history,
    history_json,
    list_pages,
    memento,
    pages,
    past_editions,
    place_pages,
    preview,
    preview_link,
    qr_code,
    report_pages,
    report_status,
    search_help,
    search_page,
    sitemaps,
    well_known,
)
from newsroom import converters, health, media

for name, converter in converters.ALL.items():
    register_converter(converter, name)


def archived(address: str, kind: str, name: str) -> list[URLPattern]:
    """The archive of a list: its years, a year, a month, a day. name: of the month."""
    chosen = {"kind": kind}
    return [
        path(f"{address}archive/", list_pages.years_page, chosen, name=f"{name}-years"),
        path(f"{address}archive/<yyyy:year>/", list_pages.archive_page, chosen, name=f"{name}-year"),
        path(f"{address}archive/<yyyy:year>/<mm:month>/", list_pages.archive_page, chosen, name=name),
        path(f"{address}archive/<yyyy:year>/<mm:month>/<mm:day>/", list_pages.archive_page, chosen),
    ]


def listed(address: str, kind: str, name: str) -> list[URLPattern]:
    """The addresses of a list: newest page, feeds, archive."""
    return [
        path(f"{address}feed.<form:form>", feeds.feed, {"kind": kind}, name=f"{name}-feed"),
        *archived(address, kind, f"{name}-month"),
        path(address, list_pages.list_page, {"kind": kind}, name=name),
    ]


def logged() -> list[URLPattern]:
    """The log of notices: all, and by kind, channel and month."""
    addresses = [f"corrections/{kind}{channel}" for kind in ("", "kind/<word:kind>/")
                 for channel in ("", "channel/<words:word>/")]  # fmt: skip
    return [
        path("corrections/feed.<form:form>", corrections.feed, name="corrections-feed"),
        path("corrections/accuracy/", accuracy.page, name="accuracy"),
        path("corrections/accuracy.csv", accuracy.csv_file, name="accuracy-csv"),
        *[path(f"{one}archive/<yyyy:year>/<mm:month>/", corrections.log) for one in addresses],
        *[path(f"{one}archive/<yyyy:year>/<mm:month>/<mm:day>/", corrections.log) for one in addresses],
        *[path(one, corrections.log) for one in addresses[1:]],
        path(addresses[0], corrections.log, name="corrections"),
    ]


site = [
    path("", pages.front, name="front"),
    path("feed.<form:form>", feeds.feed, {"kind": "site"}, name="feed"),
    *archived("", "site", "archive"),
    path("a/<code:code>/", pages.article, name="article"),
    path("a/<code:code>/qr.svg", qr_code.qr_code),
    path("a/<code:code>/history/", history.history, name="history"),
    path("a/<code:code>/history.json", history_json.history_json, name="history-json"),
    path("a/<code:code>/v/<count:number>/", past_editions.edition, name="edition"),
    path("a/<code:code>/v/<count:number>/changes/", past_editions.changed, name="changes"),
    path("a/<code:code>/timegate/", memento.timegate, name="timegate"),
    path("a/<code:code>/timemap/", memento.timemap, name="timemap"),
    path("a/<code:code>/report/", report_pages.report, name="report"),
    path("a/<code:code>/report/<key:key>/", report_status.report_status, name="report-status"),
    *listed("topic/<word:word>/", "topic", "topic"),
    *listed("tag/<word:word>/", "tag", "tag"),
    *listed("people/<word:word>/", "person", "person"),
    path("places/", place_pages.places, name="places"),
    *listed("places/<word:word>/", "place", "place"),
    *logged(),
    path("search/", search_page.search_page, name="search"),
    path("search/suggest.json", search_help.suggest, name="suggest"),
    path("search/opensearch.xml", search_help.opensearch, name="opensearch"),
    path("<own:slug>/", pages.page, name="page"),
    path("<own:slug>/history/", pages.page_history, name="page-history"),
    path("<own:slug>/v/<count:number>/", pages.page, name="page-version"),
    *listed("<words:word>/", "channel", "channel"),
]

urlpatterns = [
    path("admin/articles/article/<count:pk>/preview/", preview.preview_view, name="preview"),
    path("admin/articles/front/<slug:which>/preview/", front_preview.preview_view, name="front-preview"),
    path("admin/calendar/", admin.site.admin_view(calendar_view.calendar_page), name="desk-calendar"),
    path("admin/language/", language_view.choose_language, name="desk-language"),
    path("admin/login/", login.login),  # before the admin's own, whose name it keeps
    path("admin/login/second/", login.second_step, name="second-step"),
    path("admin/login/password/", login.password_letter, name="password-letter"),
    path("admin/password_change/", password_view.own_password),
    path("admin/second-factor/", second_factor_view.overview_view, name="second-factor"),
    path("admin/second-factor/app/", second_factor_view.app_view, name="second-factor-app"),
    path("admin/second-factor/passkey/", second_factor_view.passkey_view, name="second-factor-passkey"),
    path("admin/second-factor/do/<slug:act>/", second_factor_view.act_view, name="second-factor-act"),
    path("admin/alerts/", alerts_view.alerts_page, name="desk-alerts"),
    path("admin/alerts/count/", alerts_view.alerts_count, name="desk-alerts-count"),
    path("admin/alerts/<count:alert>/", alerts_view.alert_page, name="desk-alert"),
    path("admin/settings/", settings_view.settings_page, name="desk-settings"),
    path("admin/welcome/<uidb64>/<token>/", welcome.welcome, name="welcome"),
    path("admin/", admin.site.urls),
    path("preview/<key:key>/", preview_link.page, name="preview-link"),
    path(
        "preview/<key:key>/picture/<word:digest>/<int:width>.<str:kind>",
        preview_link.picture,
        name="preview-link-picture",
    ),
    path("robots.txt", sitemaps.robots),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<count:number>.xml", sitemaps.file, name="sitemap-file"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path(".well-known/newsroom/head.json", well_known.head, name="ledger-head"),
    path(".well-known/newsroom/keys.json", well_known.keys, name="ledger-keys"),
    path(".well-known/newsroom/heads/<word:day>.json", well_known.head_of_day, name="ledger-head-of-day"),
    path(".well-known/newsroom/ledger/<word:number>.json", well_known.ledger_page, name="ledger-page"),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", media.public_file),
    path("a/<code:code>/", pages.article, name="permalink"),  # the same in every language: leads to the story's own
    *i18n_patterns(path("", include((site, "site"))), prefix_default_language=False),
]

handler400 = "articles.site.errors.bad_request"
handler403 = "articles.site.errors.forbidden"
handler404 = "articles.site.errors.not_found"
handler500 = "articles.site.errors.fault"
