"""The three forms of a feed, full text: RSS 2.0 (rssboard.org, the W3C's profile), Atom (RFC 4287), JSON Feed 1.1."""

import functools
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from articles.publishing.clock import stamp
from articles.site.feed_items import Item, jpeg
from articles.site.frame import FEEDS

NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Feed:
    guid: str
    title: str
    link: str
    address: str  # its own
    description: str
    language: str
    items: Sequence[Item]
    built: datetime | None  # when anything in it last changed, a typo included


class Xml(SimplerXMLGenerator):
    """Leaves out what XML 1.0 cannot hold: Django's own refuses the whole feed for one such character."""

    def characters(self, content: str) -> None:
        super().characters(NOT_XML.sub("", content))


class Pieces:
    """Of a feed, whose entries are written once each."""

    FORM: str

    def write_items(self, handler: Xml) -> None:
        for item in self.items:  # type: ignore[attr-defined]
            handler.ignorableWhitespace(item["item"].written(self.FORM, functools.partial(self._piece, item)))

    def _piece(self, item: dict[str, Any]) -> str:
        out = io.StringIO()
        handler = Xml(out, "utf-8", short_empty_elements=True)
        name = "item" if self.FORM == "rss" else "entry"
        handler.startElement(name, AttributesImpl(self.item_attributes(item)))  # type: ignore[attr-defined]
        self.add_item_elements(handler, item)  # type: ignore[attr-defined]
        handler.endElement(name)
        return out.getvalue()


class FullTextRss(Pieces, Rss201rev2Feed):  # type: ignore[misc]
    FORM = "rss"

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
        told: Item = item["item"]
        handler.addQuickElement("content:encoded", told.html)
        handler.addQuickElement("atom:updated", told.updated.isoformat())
        handler.addQuickElement("dc:language", told.language)
        for creator in told.authors:
            handler.addQuickElement("dc:creator", creator)
        for picture in told.pictures:
            url, width, height = jpeg(picture)
            sizes = {"url": url, "type": "image/jpeg", "medium": "image", "width": str(width), "height": str(height)}
            handler.startElement("media:content", AttributesImpl(sizes))
            handler.addQuickElement("media:credit", picture["credit"])
            handler.addQuickElement("media:description", picture["alt"], {"type": "plain"})
            handler.endElement("media:content")


class FullTextAtom(Pieces, Atom1Feed):  # type: ignore[misc]
    FORM = "atom"

    def write(self, outfile: Any, encoding: str) -> None:
        handler = Xml(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["item"].language}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        told: Item = item["item"]
        handler.addQuickElement("id", told.guid)
        handler.addQuickElement("title", told.title)
        handler.addQuickElement("link", "", {"rel": "alternate", "href": told.link})
        handler.addQuickElement("published", told.published.isoformat())
        handler.addQuickElement("updated", told.updated.isoformat())
        for author in told.authors:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", author)
            handler.endElement("author")
        for category in told.categories:
            handler.addQuickElement("category", "", {"term": NOT_XML.sub("", category)})
        handler.addQuickElement("summary", told.summary)
        handler.addQuickElement("content", told.html, {"type": "html"})


def rss(feed: Feed) -> str:
    return _xml(
        FullTextRss(
            title=feed.title,
            link=feed.link,
            description=feed.description,
            language=feed.language,
            feed_url=feed.address,
        ),
        feed,
        feed.built,
    )


def atom(feed: Feed) -> str:
    written = FullTextAtom(
        title=feed.title,
        link=feed.link,
        description="",
        subtitle=feed.description,
        language=feed.language,
        feed_url=feed.address,
        feed_guid=feed.guid,
    )
    return _xml(written, feed, max((item.updated for item in feed.items), default=None))


def _xml(written: FullTextRss | FullTextAtom, feed: Feed, latest: datetime | None) -> str:
    written.latest_post_date = lambda: latest or LONG_AGO  # type: ignore[method-assign]
    for item in feed.items:
        written.add_item(
            title=item.title,
            link=item.link,
            description=item.summary,
            unique_id=item.guid,
            unique_id_is_permalink=False,
            pubdate=item.published,
            categories=item.categories,
            item=item,
        )
    out = io.StringIO()  # written whole: an answer in hundreds of pieces is several times slower
    written.write(out, "utf-8")
    return out.getvalue()


def json_feed(feed: Feed) -> str:
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.link,
        "feed_url": feed.address,
        "description": feed.description,
        "language": feed.language,
    }
    items = ",".join(item.written("json", functools.partial(_json_item, item)) for item in feed.items)
    return f'{_json(data)[:-1]},"items":[{items}]}}'


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _json_item(item: Item) -> str:
    data: dict[str, Any] = {
        "id": item.guid,
        "url": item.link,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.categories),
        "language": item.language,
    }
    if item.pictures:
        data["image"] = jpeg(item.pictures[0])[0]
    if item.notices:  # an extension, as the format has them: a name of its own that begins with "_"
        data["_corrections"] = [
            {"kind": one.kind, "date": stamp(one.time), "edition": one.number, "text": one.text, "was": one.was,
             "now": one.now, "erased": one.erased, "superseded": one.superseded}
            | ({"reply": {"name": one.reply.name, "text": one.reply.text}} if one.reply else {})
            for one in item.notices
        ]  # fmt: skip
    return _json(data)


WRITE: dict[str, Callable[[Feed], str]] = {"rss": rss, "atom": atom, "json": json_feed}


def answer(feed: Feed, form: str, last_modified: datetime | None) -> HttpResponse:
    response = HttpResponse(WRITE[form](feed), content_type=f"{FEEDS[form][1]}; charset=utf-8")
    response.last_modified = last_modified  # type: ignore[attr-defined]
    return response
