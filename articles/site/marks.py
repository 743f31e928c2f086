"""Marks in the text of a story: what was corrected opens in place, old beside new, without a script.

A mark is a link behind the passage; what it leads to stands there hidden and is shown while it is the address's target
(story.css). Everything here is phrasing content: it may stand in a paragraph, a heading, a cell, a caption.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.language import passages
from articles.language.blocks import PIECE, name_of
from articles.models import Correction
from articles.site import dates
from articles.site.things import Notice

KINDS = {Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION}
NO_PLACE = {"a", "sub", "sup"}  # a link cannot hold a link; and raised words are too small to read
_HOLD = "<!--{}-->"  # keeps a mark's place in clean HTML, which has no comment of its own
_HELD = re.compile(r"<!--([0-9-]+)-->")


def mark_changes(body: str, notices: Sequence[Notice], lang: str) -> tuple[SafeString, list[Notice]]:
    """A clean body with what these notices corrected marked in it, and the notices, each with the way to its mark.

    A notice whose passage is not there any more has no mark. Nor has a superseded one where its successor has.
    """
    layer = passages.text_layer(body) if any(one.passage_now for one in notices) else ""
    found: dict[str, tuple[int, int]] = {}
    for one in notices:  # the newest first
        if layer and one.passage_now and one.kind in KINDS and not (one.successor and one.successor.anchor in found):
            place = passages.find(layer, one.passage_now)
            found |= {one.anchor: place} if place else {}
    shown = {_key(one): one for one in notices if one.anchor in found}
    for key, one in reversed(shown.items()):
        start, end = found[one.anchor]
        body = passages.mark(
            body, start, end, opening='<span class="corrected">', closing="</span>", after=_HOLD.format(key)
        )
    body = _HELD.sub(lambda held: change_html(shown[held[1]], lang) if held[1] in shown else "", _out_of_links(body))
    told = [replace(one, change_url=f"#change-{_key(one)}") if _key(one) in shown else one for one in notices]
    return mark_safe(body), told  # noqa: S308 - clean HTML, with what format_html made


def _key(notice: Notice) -> str:
    return f"{notice.number}-{notice.place}"


def _out_of_links(html: str) -> str:
    """The held places moved behind the outermost element that cannot hold a mark."""
    written: list[str] = []
    held: list[str] = []
    depth = 0
    for piece in PIECE.findall(html):
        if depth and _HELD.fullmatch(piece):
            held.append(piece)
            continue
        written.append(piece)
        if piece.startswith("<") and name_of(piece) in NO_PLACE:
            depth += -1 if piece.startswith("</") else 1
            if not depth:
                written += held
                held = []
    return "".join(written)


def change_html(notice: Notice, lang: str) -> SafeString:
    """The mark, and what it opens: the old words and the new ones, or the notice itself where it names none."""
    key = _key(notice)
    was, now = notice.was, notice.now
    if not (was or now) and notice.passage and notice.passage_now and notice.passage.exact != notice.passage_now.exact:
        was, now = notice.passage.exact, notice.passage_now.exact
    told = [
        format_html('<span class="change-line"><b>{}</b> <{}>{}</{}></span>', label, tag, words, tag)
        for label, tag, words in ((_("It said"), "del", was), (_("It should say"), "ins", now))
        if words
    ]
    return format_html(
        '<a class="corrected-mark" id="corrected-{}" href="#change-{}" aria-label="{}"></a>'
        '<span class="corrected-change" id="change-{}" role="note" tabindex="-1" lang="{}">'
        '<span class="change-head"><a href="#{}">{}</a> <time datetime="{}">{}</time></span>{}'
        '<a class="change-close" href="#corrected-{}">{}</a></span>',
        key,
        key,
        _("What changed here"),
        key,
        lang,
        notice.anchor,
        notice.label,
        dates.iso(notice.time),
        dates.minute(notice.time),
        format_html_join("", "{}", ([line] for line in told))
        or format_html('<span class="change-line">{}</span>', notice.text),
        key,
        _("Close"),
    )
