"""What surrounds every public page: the site's name, its channels, languages and feeds."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Channel, Language, Page, PageVersion, Site, site_language
from articles.models.names import other_script
from articles.publishing.freeze import freeze_picture
from articles.site import addresses, pictures
from articles.site.renderings import default_of
from articles.site.things import Link, Picture

_HAN, _TIBETAN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u0f00-\u0fff]")


class Surroundings:
    """Reads, once a page, what all its parts need: one query for the site, one for its channels."""

    def __init__(self, language: Language | None = None) -> None:
        self.language = language or addresses.page_language()

    @cached_property
    def site(self) -> Site:
        written = {
            f"has_{slug.value}": Exists(PageVersion.objects.filter(page__slug=slug))
            for slug in (Page.Slug.ABOUT, Page.Slug.IMPRINT)
        }
        found = Site.objects.select_related("logo").annotate(**written).first()
        return found or Site(name=_("A new newsroom"))

    @cached_property
    def channels(self) -> dict[int, Channel]:
        channels = {channel.pk: channel for channel in Channel.objects.all()}
        for channel in channels.values():
            channel.parent = channels[channel.parent_id] if channel.parent_id else None
        return channels

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
        """The language of a name that has no other form (a tag's), where its letters show that it is not the page's."""
        if _TIBETAN.search(name) and self.language != Language.BO:
            return Language.BO
        if _HAN.search(name) and self.language.readers != "zh":
            own = site_language()
            return own if own.other_script else Language.ZH_HANT
        return ""

    def channel_link(self, channel: Channel, *, current: bool = False) -> Link:
        name, lang = channel.named(self.language)
        return self.link(name, lang, reverse("site:channel", args=[channel.path]), current=current)


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


def alternates(feeds: Sequence[Link]) -> list[Alternate]:
    """Each feed in its three forms; feeds: by the addresses of their RSS."""
    return [
        Alternate(type=media_type, name=f"{feed.name}{suffix}", url=f"{feed.url.removesuffix('rss')}{form}")
        for feed in feeds
        for form, (suffix, media_type) in FEEDS.items()
    ]


@dataclass(frozen=True)
class Frame:
    lang: str
    home_url: str
    nav: Sequence[Link]
    languages: Sequence[Link]
    translations: Sequence[Link]
    footer: Sequence[Link]
    feeds: Sequence[Link]
    alternates: Sequence[Alternate]
    canonical: str
    today: datetime
    robots: str = ""
    description: str = ""
    search_url: str = ""


def _translations(stands: Mapping[Language, str], default: Language | None) -> list[Link]:
    """The same page in every language that has it, itself among them, and for those who read none (hreflang)."""
    if len(stands) < 2:
        return []
    links = [Link(name="", url=addresses.absolute(url), hreflang=language.value) for language, url in stands.items()]
    others = stands[default or default_of(stands, None)]
    return [*links, Link(name="", url=addresses.absolute(others), hreflang="x-default")]


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
    home = reverse("site:front")
    name, lang = around.site.named(language)
    top = current.trail()[0] if current else None
    if stands is None:
        stands = addresses.in_languages(request.path, Language) if everywhere else {}
    own = around.link(name, lang, reverse("site:feed", args=["rss"]))
    logo = around.site.logo
    tagline = around.words(around.site.tagline)
    feeds = [own, *[feed for feed in feeds if feed.url != own.url]]
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
            nav=[
                around.channel_link(channel, current=channel == top)
                for channel in around.channels.values()
                if channel.parent_id is None
            ],
            languages=[
                Link(
                    name=dict(settings.LANGUAGES)[other.interface],
                    url=stands.get(other) or addresses.in_language(home, other),
                    lang=other.value,
                    hreflang=other.value,
                    current=other == language,
                    elsewhere=other not in stands and other != language,
                )
                for other in Language
            ],
            translations=_translations(
                {one: url for one, url in stands.items() if one in found_in} if not robots else {}, default
            ),
            footer=[
                *[Link(name=str(slug.label), url=reverse("site:page", args=[slug.value])) for slug in Page.Slug],
                Link(name=_("Corrections"), url=reverse("site:corrections")),
                Link(name=_("Accuracy"), url=reverse("site:accuracy")),
            ],
            feeds=feeds,
            alternates=alternates(feeds) if not robots else [],
            canonical=addresses.absolute(request.path if canonical is None else canonical) if canonical != "" else "",
            today=timezone.localtime(),
            robots=robots,
            description=description or tagline or name,
            search_url=reverse("site:search"),
        ),
    }
