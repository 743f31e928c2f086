"""What feeds carry, whatever their form: a story, the stub of one that was taken down, or one notice.

An item is told in the language that it is written in, or in the other Chinese script where the feed is; it keeps its
guid, so that it is the same item in every feed.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.language import markup
from articles.models import Language
from articles.pictures.renditions import width_for
from articles.publishing.errors import listed
from articles.publishing.freeze import Content, headline_mark
from articles.publishing.issue import last_public_change
from articles.site import addresses, dates, pictures
from articles.site.dates import moment
from articles.site.notices import TextRows, Texts, mark_label, marked, notices_of, texts_from
from articles.site.remembered import remembered
from articles.site.story import body_html, clean_body, lead_shown, summary
from articles.site.things import Notice

ITEMS = 512
_LINK = re.compile(r'(<a [^>]*?href=")([^"]*)"')


@dataclass(frozen=True)
class Item:
    guid: str
    link: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime  # when something of weight last changed, or words of it were erased
    language: str
    authors: Sequence[str]
    categories: Sequence[str] = ()
    pictures: Sequence[Mapping[str, Any]] = ()  # frozen ones, the lead first
    notices: Sequence[Notice] = ()
    _pieces: dict[str, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def written(self, form: str, write: Callable[[], str]) -> str:
        """What stands in a feed of it, written once for each form."""
        if form not in self._pieces:
            self._pieces[form] = write()
        return self._pieces[form]


def guid(code: str) -> str:
    """The same for ever, on every host and port, before and after a move to HTTPS; an IRI, as Atom wants it."""
    return f"newsroom:{code}"


def notice_guid(code: str, number: int, place: int) -> str:
    return f"{guid(code)}:{number}:{place}"


@remembered(ITEMS)
def told_item(content: str, rows: TextRows) -> Item:
    """content: of an edition, as JSON; rows: of the words of its notices."""
    return story_item(json.loads(content), texts_from(rows))


def story_item(content: Content, texts: Texts) -> Item:
    with translation.override(Language(content["language"]).interface):
        zone = ZoneInfo(content["zone"])
        story = addresses.absolute(addresses.story_path(content["code"], content["language"]))
        notices = notices_of(content, texts)
        erased = [one.erased_at for one in notices if one.erased_at]
        shown = summary(content, 300) or (notices[0].text if notices else "")
        return Item(
            guid=guid(content["code"]),
            link=story,
            title=marked(mark_label(headline_mark(content)), content["headline"] or content["code"]),
            summary=shown,
            html=full_text(content, notices, story),
            published=moment(content["first_published_at"], zone),
            updated=max([moment(last_public_change(content), zone), *erased]),
            language=content["language"],
            authors=[one["name"] for one in content["credits"] if one["role"] == "author"]
            or [content["source"]["name"]],
            categories=[content["trail"][-1]["name"], *(tag["name"] for tag in content["tags"])],
            pictures=_pictures(content),
            notices=notices,
        )


def full_text(content: Content, notices: Sequence[Notice], story: str) -> SafeString:
    """The whole story as a reader's programme shows it: notices, lead picture, body, source and editors."""
    told = format_html_join("", "{}", ((notice_html(notice, story),) for notice in notices))
    standfirst = format_html("<p><strong>{}</strong></p>", content["standfirst"]) if content["standfirst"] else ""
    lead = SafeString("")
    if content["lead"]:
        shown = lead_shown(content, absolute_picture)
        lead = format_html(
            '<figure><img src="{}" alt="{}"><figcaption>{} {}</figcaption></figure>',
            shown.src, shown.alt, content["lead"]["caption"], shown.credit,
        )  # fmt: skip
    editors = [one["name"] for one in content["credits"] if one["role"] == "editor"]
    last = [_("Source: %(name)s") % {"name": content["source"]["name"]}]
    last += [_("Responsible editors: %(names)s") % {"names": listed(editors)}] if editors else []
    last += [content["code"]]
    body = _with_absolute_links(body_html(content, address=absolute_picture), story)
    return mark_safe(f"{told}{standfirst}{lead}{body}<p>{escape(' · '.join(last))}</p>")  # noqa: S308 - safe parts


def notice_html(notice: Notice, story: str) -> SafeString:
    """A notice inside the content of an item, with all that readers of the page are told."""
    head = format_html(
        '<p><strong>{}</strong> <time datetime="{}">{}</time>{}</p>',
        notice.label, dates.iso(notice.time), dates.minute(notice.time),
        _superseded(notice.successor, story) if notice.successor else "",
    )  # fmt: skip
    parts = format_html_join("", "<p>{}</p>", ((line,) for line in notice_lines(notice)))
    reply = SafeString("")
    if notice.reply:
        said = format_html_join("", "<p>{}</p>", ((line,) for line in notice.reply.text.splitlines() if line.strip()))
        head_of_reply = marked(_("Reply of the person concerned"), notice.reply.name)
        reply = format_html("<p><strong>{}</strong></p><blockquote>{}</blockquote>", head_of_reply, said)
    return format_html('<div class="{}">{}{}{}</div>', notice.css, head, parts, reply)


def _superseded(by: Notice, story: str) -> SafeString:
    words = _("Superseded by a later notice:")
    return format_html(' · {} <a href="{}#{}">{}</a>', words, story, by.anchor, by.label)


def notice_lines(notice: Notice) -> list[str]:
    """What a notice says, line by line: its text, what was wrong, what is right."""
    if notice.erased:
        erased = _("The words of this notice were erased by law.")
        return [f"{erased} {notice.erased_note}".rstrip()]
    lines = [notice.text] if notice.text else []
    lines += [marked(_("It said"), notice.was)] if notice.was else []
    lines += [marked(_("It should say"), notice.now)] if notice.now else []
    return lines


def _pictures(content: Content) -> list[Content]:
    """The lead picture first; each with its credit here."""
    lead = content["lead"]["picture"] if content["lead"] else ""
    keys = sorted(content["pictures"], key=lambda key: (key != lead, int(key)))
    here = {key: {"credit": credit} for key, credit in markup.credits_in(clean_body(content)).items() if key != lead}
    if lead and content["lead"].get("credit"):
        here[lead] = {"credit": content["lead"]["credit"]}
    return [content["pictures"][key] | here.get(key, {}) for key in keys]


def absolute_picture(digest: str, width: int, kind: str) -> str:
    return addresses.absolute(pictures.public_address(digest, width, kind))


def jpeg(picture: Mapping[str, Any]) -> tuple[str, int, int]:
    """Address, width and height of a picture's copy for feeds."""
    width = width_for(1280, picture["widths"])
    return absolute_picture(picture["digest"], width, "jpg"), width, round(picture["height"] * width / picture["width"])


def _with_absolute_links(html: str, base: str) -> str:
    """Clean HTML writes links in one way only, so this finds them all, and no text that looks like one."""

    def absolute(link: re.Match[str]) -> str:
        try:
            return f'{link[1]}{escape(urljoin(base, unescape(link[2])))}"'
        except ValueError:  # an address that nobody can follow, here or on the page
            return link[0]

    return _LINK.sub(absolute, html)
