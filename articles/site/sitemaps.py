"""For search engines: all stories (sitemaps.org), those of the last two days (Google News), and robots.txt."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape

from articles.models import Language, Listing, Publication
from articles.publishing.clock import database_now, stamp
from articles.site import addresses, keys
from articles.site.feed_forms import NOT_XML
from articles.site.frame import Surroundings
from articles.site.renderings import Text, card_here, default_of, languages_of, stands_in
from newsroom.delivery import standing
from newsroom.delivery.public import public_page

NEWS = 1_000  # addresses
NEWS_AGE = timedelta(hours=48)
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ALTERNATES = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
NEWS_SITEMAP = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
# Google News knows Chinese by region only.
NEWS_LANGUAGES = {Language.ZH_HANT: "zh-tw", Language.ZH_HANS: "zh-cn", Language.EN: "en", Language.BO: "bo"}
State = Publication.State


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    maps = [reverse("sitemap"), reverse("news-sitemap")]
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /preview/",
        *(f"Sitemap: {addresses.absolute(path)}" for path in maps),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Every file that has a story to show, the newest stories first; where there is none, the news sitemap, since the
    format wants one file at least."""
    keys.on_newest(Listing.Kind.SITE, 0)
    keys.on_past(Listing.Kind.SITE, 0)
    stem = escape(addresses.absolute(reverse("sitemap-file", args=[1]))).removesuffix("1.xml")
    files = [f"{stem}{number}.xml" for number in reversed(_files())]
    news = escape(addresses.absolute(reverse("news-sitemap")))
    return _xml("sitemapindex", SITEMAP, [f"<sitemap><loc>{file}</loc></sitemap>" for file in files or [news]])


@public_page
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The stories of one file in the order in which they were begun, in each script that they stand in, with what
    their own pages name beside them; lastmod moves for all changes but typos."""
    keys.on_file(number)
    first, last = keys.stories_of_file(number)
    found = Publication.objects.filter(pk__gte=first, pk__lte=last).exclude(state=State.DOWN).order_by("pk")
    same: dict[int, list[Text]] = defaultdict(list)  # what says the same, by its original
    others = Publication.objects.filter(original__in=found.order_by().values("original")).exclude(state=State.DOWN)
    for original, one, _ in _texts(others):
        same[original].append(one)
    address = _Addresses()
    rows = []
    for original, own, changed in _texts(found):
        family = same[original]
        codes = stands_in(own, [one for one in family if one.key != own.key])
        there = {language.value: address.of(code, language) for language, code in codes.items()}
        written = {one.key: one.language for one in family}
        named = there | {"x-default": there[default_of(codes, written.get(original))]} if len(there) > 1 else {}
        also = "".join(f'<xhtml:link rel="alternate" hreflang="{name}" href="{url}"/>' for name, url in named.items())
        rows += [
            f"<url><loc>{there[language]}</loc><lastmod>{stamp(changed)}</lastmod>{also}</url>"
            for language, code in codes.items()
            if code == own.code
        ]
    if not rows:
        raise Http404
    return _xml("urlset", f"{SITEMAP} {ALTERNATES}", rows)


@public_page
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last 48 hours that stand, in each script that they stand in, the newest first; the front
    where there is none, since the format wants one address at least."""
    site = Surroundings().site
    since = database_now() - NEWS_AGE
    found = Publication.objects.filter(first_published_at__gt=since, state=State.STANDING)
    address = _Addresses()
    rows: list[str] = []
    keys.on_newest(Listing.Kind.SITE, 0)
    for story in found.order_by("-first_published_at", "-article")[:NEWS]:
        standing.until(story.first_published_at + NEWS_AGE)
        for language in languages_of(story):
            title = card_here(story, language)["headline"]
            name, title = (escape(NOT_XML.sub("", text)) for text in (site.name_in(language), title))
            rows.append(
                f"<url><loc>{address.of(story.code, language)}</loc><news:news><news:publication>"
                f"<news:name>{name}</news:name><news:language>{NEWS_LANGUAGES[language]}</news:language>"
                f"</news:publication><news:publication_date>{stamp(story.first_published_at)}</news:publication_date>"
                f"<news:title>{title}</news:title></news:news></url>"
            )
    front = f"<url><loc>{escape(addresses.absolute(reverse('site:front')))}</loc></url>"
    return _xml("urlset", f"{SITEMAP} {NEWS_SITEMAP}", rows[:NEWS] or [front])


def _texts(found: "QuerySet[Publication]") -> Iterator[tuple[int, Text, datetime]]:
    """Stories, each with its original and when something of weight last changed."""
    columns = ("original", "state", "pk", "code", "language", "converted", "changed_at")
    converted = Q(only_in="") & ~Q(converted_card="")
    for original, state, *own, changed in found.annotate(converted=converted).values_list(*columns):
        yield original, Text(state != State.STANDING, *own), changed


class _Addresses:
    """Absolute addresses of many stories; how they look is asked once a language."""

    def __init__(self) -> None:
        self.forms: dict[str, str] = {}

    def of(self, code: str, language: str) -> str:
        if language not in self.forms:
            path = addresses.story_path(addresses.A_CODE, language)
            self.forms[language] = str(escape(addresses.absolute(path)))
        return self.forms[language].replace(addresses.A_CODE, code)


def _files() -> list[int]:
    """The numbers of files that have a story to show, by one query: one step into the index of keys each."""
    table = connection.ops.quote_name(Publication._meta.db_table)
    next_story = f"SELECT article_id FROM {table} WHERE state <> %s AND article_id >= {{}} ORDER BY article_id LIMIT 1"  # noqa: S608
    behind = f"(found.story / {keys.FILE} + 1) * {keys.FILE}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found (story) AS (SELECT ({next_story.format(0)}) UNION ALL "  # noqa: S608 - our own table
            f"SELECT ({next_story.format(behind)}) FROM found WHERE story IS NOT NULL) "
            "SELECT story FROM found WHERE story IS NOT NULL ORDER BY story",
            [State.DOWN.value] * 2,
        )
        return [keys.file_of(story) for (story,) in cursor.fetchall()]


def _xml(root: str, namespaces: str, rows: list[str]) -> HttpResponse:
    body = "\n".join([f"<{root} {namespaces}>", *rows, f"</{root}>"])
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n', content_type="application/xml; charset=utf-8"
    )
