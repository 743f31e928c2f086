"""What the head of a page tells machines that bring readers: OpenGraph, the card of those who copy it, JSON-LD.

All of it is said again from what the page itself was given, so that a page cannot tell machines something else.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.models import Language
from articles.site import pictures, structured_data
from articles.site.frame import Frame, SiteView
from articles.site.pieces import PAGES, written
from articles.site.remembered import remembered
from articles.site.things import Link, ListPage, Picture, Story
from articles.site.told import STORIES, Told

# OpenGraph knows languages by country only.
LOCALES = {"zh-Hant": "zh_TW", "zh-Hant-HK": "zh_HK", "zh-Hans": "zh_CN", "en": "en_US", "bo": "bo_CN"}
Said = list[tuple[str, object]]


def head(context: Mapping[str, Any]) -> SafeString:
    """All that the head of a page says of it: to browsers, to search engines and feed readers, and to machines; to
    these nothing of a page that should not be found, or that has no address of its own."""
    frame: Frame | None = context.get("frame") or None
    if not frame or not frame.canonical or frame.robots:
        return _lines(frame)
    site: SiteView = context["site"]
    if told := context.get("told"):
        return _of_story(told.content, told, frame, site)
    title = _title(context, site)
    return _of_page(frame, site, title, _scripts(_things(context, frame, site, title)))


@remembered(STORIES)
def _of_story(content: str, told: Told, frame: Frame, site: SiteView) -> SafeString:
    """content: so that no long story is remembered here alone."""
    story = told.story
    last = Link(name=story.headline, url=story.permalink)
    trail = _scripts([structured_data.breadcrumb(frame, site, story.trail, last)])
    return _lines(frame, _tags(frame, site, story.title, story) + trail)


@remembered(PAGES)
def _of_page(frame: Frame, site: SiteView, title: str, scripts: SafeString) -> SafeString:
    return _lines(frame, _tags(frame, site, title) + scripts)


def _lines(frame: Frame | None, machines: str = "") -> SafeString:
    lines = written("site/_head.html", frame=frame, machines=machines)
    return mark_safe(lines.removesuffix("\n"))  # noqa: S308 - a template wrote it


def _things(context: Mapping[str, Any], frame: Frame, site: SiteView, title: str) -> Iterable[dict[str, Any]]:
    """What a page that is no story shows, by schema.org."""
    listing: ListPage | None = context.get("listing")
    if listing:
        yield structured_data.collection(frame, listing, title)
        here = Link(name=listing.period or listing.title, url=frame.canonical)
        yield structured_data.breadcrumb(frame, site, listing.trail, here)
    elif context.get("front"):
        yield structured_data.web_site(frame, site)
    elif context.get("branches"):  # all places
        yield structured_data.breadcrumb(frame, site, (), Link(name=title, url=frame.canonical))


def _scripts(things: Iterable[dict[str, Any]]) -> SafeString:
    """One text, so that none that is too long to be remembered is."""
    scripts = ((structured_data.script(one),) for one in things)
    return format_html_join("", '\n<script type="application/ld+json">{}</script>', scripts)


def _tags(frame: Frame, site: SiteView, title: str, story: Story | None = None) -> SafeString:
    tags = _open_graph(frame, site, story, title) + _card(frame, site, story, title)
    return format_html_join(
        "\n", '<meta {}="{}" content="{}">', [(_attribute(name), name, said) for name, said in tags]
    )


def _attribute(name: str) -> str:
    return "name" if name.startswith("twitter:") else "property"


def _title(context: Mapping[str, Any], site: SiteView) -> str:
    """Of the page alone, without the site's name."""
    for name in ("listing", "page", "policy", "log", "accuracy"):
        if thing := context.get(name):
            title = thing["title"] if isinstance(thing, dict) else thing.title
            period = getattr(thing, "period", "") or getattr(thing, "about", "")
            return f"{title} {period}" if period else str(title)
    return str(context.get("title") or site.name)


def _picture(site: SiteView, story: Story | None) -> Picture | None:
    return (story.lead if story else None) or site.logo


def _open_graph(frame: Frame, site: SiteView, story: Story | None, title: str) -> Said:
    said: Said = [
        ("og:type", "article" if story else "website"),
        ("og:title", title),
        ("og:site_name", site.name),
        ("og:url", frame.canonical),
        ("og:locale", LOCALES[frame.lang]),
    ]
    others = [link.hreflang for link in frame.translations if link.url != frame.canonical]
    said += [("og:locale:alternate", LOCALES[Language(one).page_tag]) for one in others if one in Language.values]
    if frame.description:
        said.append(("og:description", frame.description))
    if picture := _picture(site, story):
        file = pictures.shared(picture)
        said += [("og:image", file.url), ("og:image:type", "image/jpeg")]
        said += [("og:image:width", file.width), ("og:image:height", file.height), ("og:image:alt", file.alt)]
    if story:
        said += [("article:published_time", story.published.isoformat())]
        said += [("article:modified_time", story.modified.isoformat(timespec="seconds"))]
        said += [("article:section", link.name) for link in story.trail[:1]]
        said += [("article:tag", link.name) for link in story.tags]
    return said


def _card(frame: Frame, site: SiteView, story: Story | None, title: str) -> Said:
    large = bool(story and story.lead)
    said: Said = [("twitter:card", "summary_large_image" if large else "summary"), ("twitter:title", title)]
    if frame.description:
        said.append(("twitter:description", frame.description))
    if picture := _picture(site, story):
        file = pictures.shared(picture)
        said += [("twitter:image", file.url), ("twitter:image:alt", file.alt)]
    return said
