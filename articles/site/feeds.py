"""RSS 2.0, full text: https://www.rssboard.org/rss-specification and the W3C's RSS profile."""

import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin
from xml.sax.xmlreader import AttributesImpl
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import Listing, Publication
from articles.pictures.renditions import width_for
from articles.publishing.clock import database_now
from articles.publishing.errors import listed
from articles.publishing.freeze import Content
from articles.publishing.issue import last_public_change
from articles.site import addresses, pictures
from articles.site.dates import moment
from articles.site.frame import Surroundings
from articles.site.list_pages import Gone, PublicList, find
from articles.site.notices import Texts, notices_of, texts_of
from articles.site.story import body_html, summary
from newsroom.delivery.public import public_page

LENGTH = 30
NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK = re.compile(r'(<a [^>]*?href=")([^"]*)"')


def guid(code: str) -> str:
    """The same for ever, on every host and port, before and after a move to HTTPS."""
    return f"newsroom:{code}"


class Xml(SimplerXMLGenerator):
    """Leaves out what XML 1.0 cannot hold: Django's own refuses the whole feed for one such character."""

    def characters(self, content: str) -> None:
        super().characters(_NOT_XML.sub("", content))


class FullTextRss(Rss201rev2Feed):
    def write(self, outfile: Any, encoding: str) -> None:
        """As Django's, with a generator that no text can break."""
        handler = Xml(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("rss", AttributesImpl(self.rss_attributes()))
        handler.startElement("channel", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        self.endChannelElement(handler)
        handler.endElement("rss")

    def rss_attributes(self) -> dict[str, str]:
        return {"version": "2.0"} | NAMESPACES

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])
        handler.addQuickElement("atom:updated", item["updated"])
        handler.addQuickElement("dc:language", item["language"])
        for creator in item["creators"]:
            handler.addQuickElement("dc:creator", creator)
        for picture in item["pictures"]:
            handler.startElement("media:content", picture["attributes"])
            handler.addQuickElement("media:credit", picture["credit"])
            handler.addQuickElement("media:description", picture["alt"], {"type": "plain"})
            handler.endElement("media:content")


@public_page
def rss(request: HttpRequest, kind: str, word: str = "") -> HttpResponse:
    """The newest stories of a list. A list without a public story has no feed, but for the site and channels."""
    around = Surroundings()
    try:
        the_list = find(kind, word, around)
    except Gone as error:
        raise Http404 from error
    if not the_list.has_feed:
        raise Http404
    publications = _newest(the_list, around.language.readers)
    if not publications and the_list.must_have_stories and kind != "site":
        raise Http404
    site_name = around.site.name_in(around.language)
    title = site_name if kind == "site" else f"{the_list.page.title} - {site_name}"
    feed = FullTextRss(
        title=title,
        link=addresses.absolute(the_list.url),
        description=the_list.page.standfirst or around.site.tagline or title,
        language=around.language.value,
        feed_url=addresses.absolute(request.path),
    )
    latest = max((listing.publication.published_at for listing in publications), default=None)
    feed.latest_post_date = lambda: latest or datetime.fromtimestamp(0, ZoneInfo("UTC"))  # type: ignore[method-assign]
    contents = [listing.publication.edition.text.read() for listing in publications]
    texts = texts_of(contents)
    for content in contents:
        add(feed, content, texts)
    out = io.StringIO()  # written whole: an answer in hundreds of pieces is several times slower
    feed.write(out, "utf-8")
    response = HttpResponse(out.getvalue(), content_type="application/rss+xml; charset=utf-8")
    response.last_modified = last_modified()  # type: ignore[attr-defined]
    return response


def last_modified() -> datetime | None:
    """When anything was last published: a list may also change because a story left it, so its own stories do not tell.

    None within the second of that publication, because another one may follow in the same second.
    """
    latest = Publication.objects.order_by("-published_at").values_list("published_at", flat=True).first()
    return latest if latest and database_now() - latest > timedelta(seconds=2) else None


def _newest(the_list: PublicList, readers: str) -> Sequence[Listing]:
    found = Listing.objects.on(Listing.Kind(the_list.kind), the_list.target, readers)
    return list(found.select_related("publication__edition__text")[:LENGTH])


def add(feed: FullTextRss, content: Content, texts: Texts) -> None:
    zone = ZoneInfo(content["zone"])
    feed.add_item(
        title=content["headline"],
        link=addresses.absolute(addresses.story_path(content["code"], content["language"])),
        description=summary(content, 300),
        unique_id=guid(content["code"]),
        unique_id_is_permalink=False,
        pubdate=moment(content["first_published_at"], zone),
        categories=[content["trail"][-1]["name"], *(tag["name"] for tag in content["tags"])],
        html=full_text(content, texts),
        updated=moment(last_public_change(content), zone).isoformat(),
        language=content["language"],
        creators=[one["name"] for one in content["credits"] if one["role"] == "author"] or [content["source"]["name"]],
        pictures=[_media(picture) for picture in _pictures(content)],
    )


def _pictures(content: Content) -> list[Content]:
    """The lead picture first."""
    lead = content["lead"]["picture"] if content["lead"] else ""
    return [content["pictures"][key] for key in sorted(content["pictures"], key=lambda key: (key != lead, int(key)))]


def _absolute_picture(digest: str, width: int, kind: str) -> str:
    return addresses.absolute(pictures.public_address(digest, width, kind))


def _media(picture: Content) -> dict[str, Any]:
    width = width_for(1280, picture["widths"])
    return {
        "attributes": {
            "url": _absolute_picture(picture["digest"], width, "jpg"),
            "type": "image/jpeg",
            "medium": "image",
            "width": str(width),
            "height": str(round(picture["height"] * width / picture["width"])),
        },
        "credit": picture["credit"],
        "alt": picture["alt"],
    }


def full_text(content: Content, texts: Texts) -> SafeString:
    """The whole story as a reader's programme shows it: notices, lead picture, body, source and editors."""
    notices = format_html_join(
        "",
        '<p class="{}"><strong>{}</strong> <time datetime="{}">{}</time> {}</p>',
        (
            (entry.css, entry.label, entry.time.isoformat(), f"{entry.time:%Y-%m-%d %H:%M}", entry.text)
            for entry in notices_of(content, texts)
        ),
    )
    standfirst = format_html("<p><strong>{}</strong></p>", content["standfirst"]) if content["standfirst"] else ""
    lead = SafeString("")
    if content["lead"]:
        picture = content["pictures"][content["lead"]["picture"]]
        shown = pictures.shown(picture, lang=content["language"], address=_absolute_picture)
        lead = format_html(
            '<figure><img src="{}" alt="{}"><figcaption>{} {}</figcaption></figure>',
            shown.src, shown.alt, content["lead"]["caption"], shown.credit,
        )  # fmt: skip
    editors = [one["name"] for one in content["credits"] if one["role"] == "editor"]
    last = format_html(
        "<p>{} · {} · {}</p>",
        _("Source: %(name)s") % {"name": content["source"]["name"]},
        _("Responsible editors: %(names)s") % {"names": listed(editors)},
        content["code"],
    )  # fmt: skip
    story = addresses.absolute(addresses.story_path(content["code"], content["language"]))
    body = _with_absolute_links(body_html(content, address=_absolute_picture), story)
    return mark_safe(f"{notices}{standfirst}{lead}{body}{last}")  # noqa: S308 - joined of safe parts


def _with_absolute_links(html: str, base: str) -> str:
    """Clean HTML writes links in one way only, so this finds them all, and no text that looks like one."""

    def absolute(link: re.Match[str]) -> str:
        try:
            return f'{link[1]}{escape(urljoin(base, unescape(link[2])))}"'
        except ValueError:  # an address that nobody can follow, here or on the page
            return link[0]

    return _LINK.sub(absolute, html)
