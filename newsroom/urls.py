"""The whole address map. What stands below `site` exists in every language; the site's own has no prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, include, path, register_converter

from articles.desk import language_view, welcome
from articles.site import feeds, list_pages, pages, preview
from newsroom import converters, health, media

for name, converter in converters.ALL.items():
    register_converter(converter, name)


def listed(address: str, kind: str, name: str) -> list[URLPattern]:
    """The four addresses of a list: newest page, feed, month, day."""
    return [
        path(f"{address}feed.rss", feeds.rss, {"kind": kind}, name=f"{name}-feed"),
        path(f"{address}archive/<yyyy:year>/<mm:month>/", list_pages.list_page, {"kind": kind}, name=f"{name}-month"),
        path(f"{address}archive/<yyyy:year>/<mm:month>/<mm:day>/", list_pages.list_page, {"kind": kind}),
        path(address, list_pages.list_page, {"kind": kind}, name=name),
    ]


site = [
    path("", pages.front, name="front"),
    path("feed.rss", feeds.rss, {"kind": "site"}, name="feed"),
    path("archive/<yyyy:year>/<mm:month>/", list_pages.list_page, {"kind": "site"}, name="archive"),
    path("archive/<yyyy:year>/<mm:month>/<mm:day>/", list_pages.list_page, {"kind": "site"}),
    path("a/<code:code>/", pages.article, name="article"),
    path("a/<code:code>/report/", pages.report, name="report"),
    *listed("topic/<word:word>/", "topic", "topic"),
    *listed("tag/<word:word>/", "tag", "tag"),
    *listed("people/<word:word>/", "person", "person"),
    path("<own:slug>/", pages.page, name="page"),
    path("<own:slug>/history/", pages.page_history, name="page-history"),
    path("<own:slug>/v/<count:number>/", pages.page, name="page-version"),
    *listed("<words:word>/", "channel", "channel"),
]

urlpatterns = [
    path("admin/articles/article/<count:pk>/preview/", preview.preview_view, name="preview"),
    path("admin/language/", language_view.choose_language, name="desk-language"),
    path("admin/welcome/<uidb64>/<token>/", welcome.welcome, name="welcome"),
    path("admin/", admin.site.urls),
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
