"""What changed between two editions, told so that a reader sees it: every word of the story, and what it names."""

import json
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.language import markup
from articles.language.differences import changed_blocks, compare, compare_html, matching
from articles.models import Credit, Language
from articles.publishing.freeze import EDITION_ONLY, Content
from articles.publishing.records import canonical
from articles.site import pictures

_TABLE = re.compile(r"<table[^>]*>")
_ADDED, _REMOVED = (re.compile(rf"<{name} .*?</{name}>", re.DOTALL) for name in ("ins", "del"))
_MARKED_FIGURE = re.compile(r'<div class="figure-(old|new)">')
# No words of the story: what only a stub of a takedown says for the lists it stood on.
_UNSEEN = EDITION_ONLY | {"stood_on"}


@dataclass(frozen=True)
class Difference:
    """One part of the story that changed; html: the old and the new of it as one, marked."""

    field: str
    label: str
    html: SafeString
    lang: str


@dataclass(frozen=True)
class Whole:
    """The whole text of an edition with the changes marked in it."""

    lang: str
    kicker: SafeString
    headline: SafeString
    standfirst: SafeString
    lead: SafeString
    body: SafeString
    facts: Sequence[Difference]  # what changed and has no place in the text


class Item(NamedTuple):
    """One name of a list: the same only where all of it is, also whom it names."""

    key: Hashable
    text: str
    lang: str


def read(text: str) -> Content:
    content: Content = json.loads(text)
    return content


def differences(old: Content, new: Content) -> list[Difference]:
    """What changed, in the order of the page: nothing that differs is left out."""
    found = _lines(old, new)
    found += _lead(old, new)
    found += _body(old, new)
    found += _pictures(old, new)
    found += _names(old, new)
    return found + _others(old, new, {one.field.partition("-")[0] for one in found})


def whole(old: Content | None, new: Content) -> Whole:
    """The text of `new` with what it changed of `old` marked; unmarked where there is nothing to compare it with."""
    before = old or new
    html = compare_html(_clean(before), _clean(new), removed=removed(), added=added(), figure=_figures(before, new))
    facts = _pictures(before, new) + _names(before, new)
    told = {"headline", "kicker", "standfirst", "body", "lead"} | {one.field.partition("-")[0] for one in facts}
    lead = [one.html for one in _lead(before, new)]
    return Whole(
        lang=new["language"],
        kicker=line(before["kicker"], new["kicker"]),
        headline=line(before["headline"], new["headline"]),
        standfirst=line(before["standfirst"], new["standfirst"]),
        lead=_joined(lead) if lead else _lead_figure(new),
        body=_page_html(html),
        facts=facts + _others(before, new, told),
    )


def removed() -> str:
    """The word before what went; with a space, so that it is read apart."""
    return pgettext("mark before old words", "removed") + " "


def added() -> str:
    return pgettext("mark before new words", "added") + " "


def _mark(kind: str, html: SafeString) -> SafeString:
    if kind == "same" or not html:
        return html
    if kind == "old":
        return format_html('<del class="was"><span class="mark-label">{}</span>{}</del>', removed(), html)
    return format_html('<ins class="now"><span class="mark-label">{}</span>{}</ins>', added(), html)


def line(old: str, new: str) -> SafeString:
    """Two plain lines as one, marked."""
    return _joined(_mark(piece.kind, escape(piece.text)) for piece in compare(old, new))


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _row(field: str, label: str, html: SafeString, new: Content) -> Difference:
    return Difference(field=field, label=label, html=html, lang=new["language"])


def _lines(old: Content, new: Content) -> list[Difference]:
    labels = {"kicker": _("Kicker"), "headline": _("Headline"), "standfirst": _("Standfirst")}
    return [
        _row(field, label, format_html("<p>{}</p>", line(old[field], new[field])), new)
        for field, label in labels.items()
        if old[field] != new[field]
    ]


def _clean(content: Content) -> str:
    return markup.CLEANERS[content["format"]](content["body"])


def _body(old: Content, new: Content) -> list[Difference]:
    if old["body"] == new["body"]:
        return []
    if not old["body"] or not new["body"]:
        told = _("The whole text was taken out.") if old["body"] else _("The whole text was put in.")
        return [_row("body", pgettext("part of a story", "Text"), format_html('<p class="told">{}</p>', told), new)]
    html = changed_blocks(_clean(old), _clean(new), removed=removed(), added=added(), figure=_figures(old, new))
    if not html:
        html = format_html('<p class="told">{}</p>', _("Only spacing changed, which no page shows."))
    return [_row("body", pgettext("part of a story", "Text"), _page_html(html), new)]


def _page_html(html: str) -> SafeString:
    """Marked HTML fit for a page: wide tables scroll by themselves, and marked figures say in words what they are."""
    html = _TABLE.sub(r'<div class="table">\g<0>', html).replace("</table>", "</table></div>")

    def told(match: re.Match[str]) -> str:
        label = removed() if match[1] == "old" else added()
        return f'{match[0]}<p class="mark-label">{escape(label.strip())}</p>'

    return mark_safe(_MARKED_FIGURE.sub(told, html))  # noqa: S308 - made of clean HTML


def _figures(old: Content, new: Content) -> Any:
    known = old["pictures"] | new["pictures"]
    in_both = set(markup.pictures_in(old["body"])) & set(markup.pictures_in(new["body"]))

    def own_credit(content: Content, key: str) -> SafeString:
        picture = content["pictures"][key]
        own = "" if picture["language"] == new["language"] else format_html(' lang="{}"', picture["language"])
        return format_html("<span{}>{}</span>", own, picture["credit"]) if picture["credit"] else SafeString("")

    def figure(key: str, caption: str, credit: str) -> str:
        if key not in known:
            return f"<p>{caption}</p>" if caption else ""
        view = pictures.shown(known[key], lang=new["language"])
        said = mark_safe(credit)  # noqa: S308 - a part of clean HTML
        if credit and key in in_both:  # in place of the picture's own credit, or the other way round
            if not _ADDED.sub("", credit):
                said = _mark("old", own_credit(old, key)) + said
            elif not _REMOVED.sub("", credit):
                said = said + _mark("new", own_credit(new, key))
        return pictures.figure_html(view, mark_safe(caption), said)  # noqa: S308 - a part of clean HTML

    return figure


def _figure(content: Content, key: str, caption: SafeString | str, credit: str = "") -> SafeString:
    view = pictures.shown(content["pictures"][key], lang=content["language"])
    html = pictures.figure_html(view, conditional_escape(caption), escape(credit))
    return mark_safe(html)  # noqa: S308 - format_html made it


def _lead_figure(content: Content) -> SafeString:
    lead = content["lead"]
    return _figure(content, lead["picture"], lead["caption"], lead.get("credit", "")) if lead else SafeString("")


def _picture_key(content: Content) -> tuple[str, str] | None:
    lead = content["lead"]
    return (lead["picture"], content["pictures"][lead["picture"]]["digest"]) if lead else None


def _lead_credit(content: Content) -> str:
    lead = content["lead"]
    return str(lead.get("credit") or content["pictures"][lead["picture"]]["credit"])


def _lead(old: Content, new: Content) -> list[Difference]:
    if old["lead"] == new["lead"] and _picture_key(old) == _picture_key(new):
        return []
    if _picture_key(old) == _picture_key(new):
        was, now = old["lead"], new["lead"]
        found = []
        if was["caption"] != now["caption"]:
            figure = _figure(new, now["picture"], line(was["caption"], now["caption"]), now.get("credit", ""))
            found.append(_row("lead-caption", _("Caption"), figure, new))
        if was.get("credit") != now.get("credit"):
            html = format_html("<p>{}</p>", line(_lead_credit(old), _lead_credit(new)))
            found.append(Difference("lead-credit", _("Picture credit"), html, new["language"]))
        return found
    return [_row("lead", _("Picture"), _swapped(_lead_figure(old), _lead_figure(new)), new)]


def _swapped(old: SafeString, new: SafeString) -> SafeString:
    parts = [format_html('<div class="figure-{}">{}</div>', kind, html)
             for kind, html in (("old", old), ("new", new)) if html]  # fmt: skip
    return _page_html("".join(parts))


def _pictures(old: Content, new: Content) -> list[Difference]:
    """What changed of pictures that stand in both editions."""
    found = []
    for key, now in new["pictures"].items():
        was = old["pictures"].get(key)
        if not was or was == now:
            continue
        lead = bool(new["lead"] and old["lead"] and key == new["lead"]["picture"] == old["lead"]["picture"])
        if was["digest"] != now["digest"] and not lead:
            figures = _swapped(_figure(old, key, ""), _figure(new, key, ""))
            found.append(_row("pictures", _("Picture"), figures, new))
        for field, label in (("alt", _("Picture in words")), ("credit", _("Picture credit"))):
            if was[field] != now[field]:
                html = format_html("<p>{}</p>", line(was[field], now[field]))
                found.append(Difference(f"pictures-{field}", label, html, now["language"]))
        if was["language"] != now["language"]:
            found.append(_row("pictures-language", _("Language"), _languages(was, now), new))
    return found


def _languages(old: Content, new: Content) -> SafeString:
    names = [str(Language(content["language"]).label) for content in (old, new)]
    return format_html("<p>{} {}</p>", _mark("old", escape(names[0])), _mark("new", escape(names[1])))


def _names(old: Content, new: Content) -> list[Difference]:
    labels = {
        "trail": _("Channel"),
        "source": _("Source"),
        "topic": _("Topic"),
        "credits": _("Credits"),
        "tags": _("Tags"),
        "places": _("Places"),
    }
    found = [
        _row(field, label, _list(_items(old, field), _items(new, field)), new)
        for field, label in labels.items()
        if old.get(field, []) != new.get(field, [])
    ]
    if old["language"] != new["language"]:
        found.append(_row("language", _("Language"), _languages(old, new), new))
    if old["zone"] != new["zone"]:
        found.append(_row("zone", _("Time zone"), format_html("<p>{}</p>", line(old["zone"], new["zone"])), new))
    return found


def _items(content: Content, field: str) -> list[Item]:
    value = content.get(field, [])  # places are new in format 4
    roles = dict(Credit.Role.choices)
    found = []
    for thing in value if isinstance(value, list) else [value] if value else []:
        text = thing["name"]
        if field == "credits":
            text = f"{roles.get(thing['role'], thing['role'])} {text}"
        elif field == "topic" and thing["banner"] != thing["name"]:
            text = f"{text} ({thing['banner']})"
        found.append(Item(canonical(thing), text, thing.get("lang", "")))
    return found


def _list(old: Sequence[Item], new: Sequence[Item]) -> SafeString:
    """Two lists of names as one, marked; what only moved went from one place and came to the other."""
    told: list[tuple[str, Item]] = []
    i = j = 0
    for same in [*matching([item.key for item in old], [item.key for item in new]), None]:
        i_next, j_next = (same.old, same.new) if same else (len(old), len(new))
        told += [("old", item) for item in old[i:i_next]] + [("new", item) for item in new[j:j_next]]
        if same:
            i, j = i_next + same.length, j_next + same.length
            told += [("same", item) for item in new[j_next:j]]
    parts = []
    for kind, item in told:
        name = format_html('<span lang="{}">{}</span>', item.lang, item.text) if item.lang else escape(item.text)
        parts.append(format_html("<li>{}</li>", _mark(kind, name)))
    return format_html('<ul class="names">{}</ul>', _joined(parts))


def _others(old: Content, new: Content, told: set[str]) -> list[Difference]:
    """What differs and was not told: there is no such thing today; a later format must not make it silent."""
    fields = [field for field in sorted(old.keys() | new.keys()) if field not in _UNSEEN | told]
    return [
        _row(field, _("Other"), format_html("<p><code>{}</code></p>", line(_json(old, field), _json(new, field))), new)
        for field in fields
        if old.get(field) != new.get(field)
        and not (field == "pictures" and _same_pictures(old, new))
        and not (field == "places" and old.get(field, []) == new.get(field, []))
    ]


def _same_pictures(old: Content, new: Content) -> bool:
    """Whether only pictures came or went, which the text and the lead tell."""
    return all(old["pictures"][key] == new["pictures"][key] for key in old["pictures"].keys() & new["pictures"].keys())


def _json(content: Content, field: str) -> str:
    return canonical(content[field]) if field in content else ""
