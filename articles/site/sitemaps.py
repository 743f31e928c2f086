"""For search engines: all stories by month (sitemaps.org), those of the last two days (Google News), and robots.txt."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape

from articles.models import Language, Listing, Publication
from articles.publishing.clock import database_now, stamp
from articles.site import addresses, dates, keys
from articles.site.feed_forms import NOT_XML
from articles.site.frame import Surroundings
from articles.site.renderings import Text, card_here, default_of, languages_of, stands_in
from newsroom.delivery import standing
from newsroom.delivery.public import public_page

# Stories in one file. The format allows 50,000 addresses and 50 MiB; a story may have two addresses, with some 700
# bytes each, so that a million stories are a hundred full files and one begun in each month.
PART = 10_000
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
    """Every month in which a story was first published, the newest first; where there is none, the news sitemap, since
    the format wants one file at least."""
    rows = []
    keys.on_newest(Listing.Kind.SITE, 0)
    keys.on_past(Listing.Kind.SITE, 0)
    for month, parts in _months():
        for part in range(1, parts + 1):
            path = reverse("sitemap-month", args=[f"{month:%Y}", f"{month:%m}", *([part] if part > 1 else [])])
            rows.append(f"<sitemap><loc>{escape(addresses.absolute(path))}</loc></sitemap>")
    news = f"<sitemap><loc>{escape(addresses.absolute(reverse('news-sitemap')))}</loc></sitemap>"
    return _xml("sitemapindex", SITEMAP, rows or [news])


@public_page
def month(request: HttpRequest, year: str, month: str, part: int = 1) -> HttpResponse:
    """The stories of one month, by the site's calendar, in each script that they stand in, with what their own pages
    name beside them; lastmod moves for all changes but typos."""
    if not dates.FIRST_YEAR <= int(year) < 9999 or not 1 <= int(month) <= 12:
        raise Http404
    start, end = _bounds(date(int(year), int(month), 1))
    keys.on_months(Listing.Kind.SITE, 0, [start])
    found = Publication.objects.filter(first_published_at__gte=start, first_published_at__lt=end)
    found = found.exclude(state=State.DOWN).order_by("first_published_at", "article")
    found = found[(part - 1) * PART : part * PART]
    same: dict[int, list[Text]] = defaultdict(list)  # what says the same, by its original
    others = Publication.objects.filter(original__in=found.values("original")).exclude(state=State.DOWN)
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
            path = addresses.story_path("2" * 8, language)
            self.forms[language] = str(escape(addresses.absolute(path)))
        return self.forms[language].replace("2" * 8, code)


def _bounds(month: date) -> tuple[datetime, datetime]:
    found = dates.period(f"{month:%Y}", f"{month:%m}")
    return found.start, found.until


def _months() -> Iterator[tuple[date, int]]:
    """Months that have a story to show, the newest first, and the number of files that each takes.

    One step into the index by first publication a month; and only where stories are so many that a month could need
    a second file, at most PART entries of that index a month, and nothing else, to see whether it does.
    """
    times = Publication.objects.values_list("first_published_at", flat=True).order_by("first_published_at")
    first, last = times.first(), times.last()
    if not first or not last:
        return
    zone = dates.site_zone()
    oldest, one = (at.astimezone(zone).date().replace(day=1) for at in (first, last))
    months = []
    while one >= oldest:
        months.append(one)
        one = (one - timedelta(days=1)).replace(day=1)
    last_key = Publication.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for place in range(0, len(months), 100):
        chunk = months[place : place + 100]
        filled = _filled(chunk, 0)
        # Keys count up, so that no month has more than PART where none is as high.
        large = _filled(chunk, PART, shown=False) if last_key > PART else [False] * len(chunk)
        for month, has_story, is_large in zip(chunk, filled, large, strict=True):
            parts = 1
            while is_large and _filled([month], parts * PART)[0]:
                parts += 1
            if has_story:
                yield month, parts


def _filled(months: list[date], beyond: int, *, shown: bool = True) -> list[bool]:
    """Whether each month has more than so many stories; one query. shown: without those that were taken down, which the
    index alone cannot tell."""
    table = connection.ops.quote_name(Publication._meta.db_table)
    one = (
        f"EXISTS (SELECT 1 FROM {table} WHERE first_published_at >= %s AND first_published_at < %s"  # noqa: S608
        f"{' AND state <> %s' if shown else ''} ORDER BY first_published_at LIMIT 1 OFFSET %s)"
    )
    values: list[Any] = []
    for month in months:
        values += map(connection.ops.adapt_datetimefield_value, _bounds(month))
        values += [State.DOWN.value, beyond] if shown else [beyond]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([one] * len(months)), values)
        return [bool(found) for found in cursor.fetchone()]


def _xml(root: str, namespaces: str, rows: list[str]) -> HttpResponse:
    body = "\n".join([f"<{root} {namespaces}>", *rows, f"</{root}>"])
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n', content_type="application/xml; charset=utf-8"
    )
