"""What surrounds every public page: the site's name, its channels, languages and feeds."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Channel, Language, Page, PageVersion, Site, site_language
from articles.models.names import NAME_FIELDS, other_script
from articles.models.prepared import prepared
from articles.publishing.freeze import freeze_picture
from articles.site import addresses, pictures
from articles.site.remembered import remembered
from articles.site.renderings import default_of
from articles.site.things import Link, Picture

KNOWN = 1024
_HAN, _TIBETAN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u0f00-\u0fff]")


@prepared
def _site() -> "QuerySet[Site]":
    written = {
        f"has_{slug.value}": Exists(PageVersion.objects.filter(page__slug=slug))
        for slug in (Page.Slug.ABOUT, Page.Slug.IMPRINT)
    }
    return Site.objects.select_related("logo").annotate(**written).order_by("pk")[:1]


@prepared
def _channels() -> "QuerySet[Channel]":
    return Channel.objects.all()


def _by_key(found: list[Channel]) -> dict[int, Channel]:
    channels = {channel.pk: channel for channel in found}
    for channel in found:
        channel.parent = channels[channel.parent_id] if channel.parent_id else None
    return channels


class Surroundings:
    """Reads, once a page, what all its parts need: one query for the site, one for its channels."""

    def __init__(self, language: Language | None = None) -> None:
        self.language = language or addresses.page_language()
        self._links: dict[tuple[int, bool], Link] = {}

    @cached_property
    def site(self) -> Site:
        found = _site().shared(list)
        return found[0] if found else Site(name=_("A new newsroom"))

    @cached_property
    def channels(self) -> dict[int, Channel]:
        found: dict[int, Channel] = _channels().shared(_by_key)
        return found

    def has_page(self, slug: Page.Slug) -> bool:
        """Whether somebody has written that page (About us, or the imprint) about the site."""
        return getattr(self.site, f"has_{slug.value}", False)

    def link(self, name: str, lang: str, url: str, *, current: bool = False) -> Link:
        return Link(name=name, url=url, lang="" if lang == self.language else lang, current=current)

    def words(self, text: str) -> str:
        """Words that the desk writes in the site's own language alone; converted for pages in its other script, and
        left out of pages in other languages."""
        own = site_language()
        if own == self.language or not text:
            return text
        return other_script(text, own, self.language) if own.other_script == self.language else ""

    def lang_of(self, name: str) -> str:
        return lang_of(name, self.language)

    def channel_link(self, channel: Channel, *, current: bool = False) -> Link:
        known = self._links.get((channel.pk, current))
        if not known:
            names = tuple(getattr(channel, field) for field in NAME_FIELDS)
            known = self._links[channel.pk, current] = _channel_link(names, channel.path, self.language, current)
        return known


@remembered(KNOWN)
def _channel_link(names: tuple[str, ...], path: str, language: Language, current: bool) -> Link:
    name, lang = Channel(**dict(zip(NAME_FIELDS, names, strict=True))).named(language)
    return Surroundings(language).link(name, lang, addresses.of("channel", path), current=current)


def lang_of(name: str, page: Language) -> str:
    """The language of a name that has no other form (a tag's), where its letters show that it is not the page's."""
    if _TIBETAN.search(name) and page != Language.BO:
        return Language.BO
    if _HAN.search(name) and page.readers != "zh":
        own = site_language()
        return own if own.other_script else Language.ZH_HANT
    return ""


@dataclass(frozen=True)
class SiteView:
    name: str
    tagline: str
    logo_url: str
    logo: Picture | None
    lang: str
    contact_email: str


# The forms of every feed, by the ending of its address.
FEEDS = {
    "rss": ("", "application/rss+xml"),
    "atom": (" (Atom)", "application/atom+xml"),
    "json": (" (JSON Feed)", "application/feed+json"),
}


@dataclass(frozen=True)
class Alternate:
    """A feed as the head of a page names it."""

    type: str
    name: str
    url: str


@remembered(KNOWN)
def alternates(feeds: tuple[Link, ...]) -> tuple[Alternate, ...]:
    """Each feed in its three forms; feeds: by the addresses of their RSS."""
    return tuple(
        Alternate(type=media_type, name=f"{feed.name}{suffix}", url=f"{feed.url.removesuffix('rss')}{form}")
        for feed in feeds
        for form, (suffix, media_type) in FEEDS.items()
    )


@dataclass(frozen=True)
class Frame:
    lang: str
    home_url: str
    nav: tuple[Link, ...]
    languages: tuple[Link, ...]
    translations: tuple[Link, ...]
    footer: tuple[Link, ...]
    feeds: tuple[Link, ...]
    alternates: tuple[Alternate, ...]
    canonical: str
    today: datetime = field(compare=False)  # told on the front alone
    robots: str = ""
    description: str = ""
    search_url: str = ""


def _translations(stands: Mapping[Language, str], default: Language | None) -> tuple[Link, ...]:
    """The same page in every language that has it, itself among them, and for those who read none (hreflang)."""
    if len(stands) < 2:
        return ()
    links = [Link(name="", url=addresses.absolute(url), hreflang=language.value) for language, url in stands.items()]
    others = stands[default or default_of(stands, None)]
    return (*links, Link(name="", url=addresses.absolute(others), hreflang="x-default"))


def _languages(stands: Mapping[Language, str], page: Language, home: str) -> tuple[Link, ...]:
    """The menu of languages: this page in each, or the front of those that do not have it."""
    return tuple(
        Link(
            name=dict(settings.LANGUAGES)[other.interface],
            url=stands.get(other) or addresses.in_language(home, other),
            lang=other.value,
            hreflang=other.value,
            current=other == page,
            elsewhere=other not in stands and other != page,
        )
        for other in Language
    )


@remembered(len(Language))
def _about() -> tuple[Link, ...]:
    """The pages of the site about itself."""
    return (
        *[Link(name=str(slug.label), url=addresses.of("page", slug.value)) for slug in Page.Slug],
        Link(name=_("Corrections"), url=addresses.of("corrections")),
        Link(name=_("Accuracy"), url=addresses.of("accuracy")),
    )


def frame(
    request: HttpRequest,
    around: Surroundings,
    *,
    feeds: Sequence[Link] = (),
    current: Channel | None = None,
    everywhere: bool = False,
    stands: Mapping[Language, str] | None = None,
    default: Language | None = None,
    found_in: Collection[Language] = tuple(Language),
    canonical: str | None = None,
    robots: str = "",
    description: str = "",
) -> dict[str, object]:
    """The part of a template's context that every page has.

    everywhere: whether this very page exists in all languages; stands: where it stands in those that have it; for the
    others their menu leads to the front. default: the language for those who read none of them (the site's own).
    found_in: those of all in which it should be found, where that is not each. canonical: the address that it should be
    found by, if not its own; empty for none.
    """
    language = around.language
    home = addresses.of("front")
    name, lang = around.site.named(language)
    top = current.trail()[0] if current else None
    if stands is None:
        stands = addresses.in_languages(request.path, Language) if everywhere else {}
    own = around.link(name, lang, addresses.of("feed", "rss"))
    logo = around.site.logo
    tagline = around.words(around.site.tagline)
    here = (own, *[feed for feed in feeds if feed.url != own.url])
    return {
        "site": SiteView(
            name=name,
            tagline=tagline,
            logo_url=pictures.public_address(logo.digest, logo.all_widths[0], "webp") if logo else "",
            logo=pictures.shown(freeze_picture(logo, language), lang=language) if logo else None,
            lang="" if lang == language else lang,
            contact_email=around.site.contact_email,
        ),
        "frame": Frame(
            lang=language.page_tag,
            home_url=home,
            nav=tuple(
                around.channel_link(channel, current=channel == top)
                for channel in around.channels.values()
                if channel.parent_id is None
            ),
            languages=_languages(stands, language, home),
            translations=_translations(
                {one: url for one, url in stands.items() if one in found_in} if not robots else {}, default
            ),
            footer=_about(),
            feeds=here,
            alternates=alternates(here) if not robots else (),
            canonical=addresses.absolute(request.path if canonical is None else canonical) if canonical != "" else "",
            today=timezone.localtime(),
            robots=robots,
            description=description or tagline or name,
            search_url=addresses.of("search"),
        ),
    }
