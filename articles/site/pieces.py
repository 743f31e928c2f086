"""Pieces of pages that are written once for what they show, and stand on many pages (remembered.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.site import addresses
from articles.site.frame import Frame, SiteView
from articles.site.remembered import remembered
from articles.site.things import Card, Link

PAGES = 512  # mastheads, which name the other languages of their page
HERE = "\0"  # stands for an address; no text may hold it


def written(template: str, **shown: Any) -> SafeString:
    """What a template makes of these things alone."""
    made: SafeString = get_template(template).template.render(Context(shown))  # type: ignore[attr-defined]
    return made


def card(context: Mapping[str, Any], card: Card, tag: str = "h3", sizes: str = "", *, first: bool = False,
         bare: bool = False) -> SafeString:  # fmt: skip
    """first: whether its picture is the first one that readers see; bare: without a picture."""
    page: str = context["frame"].lang
    return card.written((page, tag, sizes, first, bare), lambda: written(
        "site/_card.html", card=card, tag=tag, sizes=sizes, first=first, bare=bare, page_lang=page))  # fmt: skip


def cards(
    context: Mapping[str, Any], cards: Iterable[Card], tag: str, sizes: str, *, first: bool = False
) -> SafeString:
    """As items of a list; first: whether the first one has the first picture of the page."""
    items = (card(context, one, tag, sizes, first=first and not place) for place, one in enumerate(cards))
    return mark_safe("".join(f"\n<li>{item}</li>" for item in items))  # noqa: S308 - written by templates


def lines(context: Mapping[str, Any], cards: Iterable[Card]) -> SafeString:
    """As items of a list, a line each."""
    page: str = context["frame"].lang
    items = (one.written((page,), partial(written, "site/_line.html", card=one, page_lang=page)) for one in cards)
    return mark_safe("".join(f"\n<li>{item}</li>" for item in items))  # noqa: S308 - written by templates


@remembered(PAGES)
def file(name: str) -> str:
    """The address of a static file."""
    return static(name)


def masthead(context: Mapping[str, Any]) -> SafeString:
    """Written once for all pages of a kind: what the addresses of a page in other languages have in common is put in
    behind that."""
    frame: Frame = context["frame"]
    today = frame.today.date() if context.get("front") else None
    here = max((addresses.bare(link.url) for link in frame.languages), key=len, default="")
    languages = tuple(
        replace(link, url=link.url.removesuffix(here) + HERE) if link.url.endswith(here) else link
        for link in frame.languages
    )
    made = _masthead(context["site"], frame.lang, frame.home_url, frame.nav, languages, frame.search_url, today)
    return mark_safe(made.replace(HERE, escape(here)))  # noqa: S308 - written by a template


@remembered(PAGES)
def _masthead(
    site: SiteView,
    lang: str,
    home: str,
    nav: tuple[Link, ...],
    languages: tuple[Link, ...],
    search: str,
    today: date | None,
) -> SafeString:
    """today: where it is told, on the front alone."""
    return written("site/_masthead.html", site=site, page_lang=lang, home_url=home, nav=nav, languages=languages,
                   search_url=search, today=today)  # fmt: skip


def footer(context: Mapping[str, Any]) -> SafeString:
    frame: Frame = context["frame"]
    return _footer(context["site"], frame.footer, frame.feeds[:1])


@remembered(PAGES)
def _footer(site: SiteView, links: tuple[Link, ...], feeds: tuple[Link, ...]) -> SafeString:
    return written("site/_footer.html", site=site, links=links, feeds=feeds)
