"""What the next edition changes beside the public one: for the eye, and as suggestions for what a notice may say."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as now
from django.utils.translation import pgettext

from articles.language import markup, passages
from articles.language.differences import Piece, changed_blocks, compare
from articles.models import Correction, Credit
from articles.publishing.errors import listed
from articles.publishing.freeze import Content

MOST = 6  # suggestions
LONGEST = 300  # characters of one
_END = re.compile(r"[。！？!?；;।།\n，]|\.(?=\s|$)")  # where a clause ends


@dataclass(frozen=True)
class Changed:
    """One part of the story, the old and the new as one."""

    label: str
    lang: str
    pieces: Sequence[Piece] = ()
    html: str = ""  # of the body, instead


@dataclass(frozen=True)
class Suggestion:
    field: str
    was: str
    now: str
    passage: str  # quotes the public edition; empty outside the body


def changes(before: Content, after: Content) -> list[Changed]:
    """What differs between two contents of one story, part by part, in the order of the page."""
    lang = after["language"]
    found = [
        Changed(label, lang, pieces=compare(old, new))
        for label, told in _parts().items()
        if (old := told(before)) != (new := told(after))
    ]
    if body := _body(before, after):
        found.append(Changed(now("body"), lang, html=body))
    return found


def _parts() -> dict[str, Callable[[Content], str]]:
    roles = dict(Credit.Role.choices)
    return {
        now("language"): lambda content: content["language"],
        now("channel"): lambda content: " › ".join(channel["name"] for channel in content["trail"]),
        now("topic"): lambda content: content["topic"]["banner"] if content["topic"] else "",
        now("kicker"): lambda content: content["kicker"],
        now("headline"): lambda content: content["headline"],
        now("standfirst"): lambda content: content["standfirst"],
        now("source"): lambda content: content["source"]["name"] if content["source"] else "",
        now("credits"): lambda content: listed([f"{roles[one['role']]} {one['name']}" for one in content["credits"]]),
        now("lead picture"): _lead,
        now("tags"): lambda content: listed([tag["name"] for tag in content["tags"]]),
        now("places"): lambda content: listed([place["name"] for place in content.get("places", [])]),
        now("pictures"): _pictures,
    }


def _lead(content: Content) -> str:
    lead = content["lead"]
    return f"{_picture(content, lead['picture'])} {lead['caption']} {lead.get('credit', '')}".strip() if lead else ""


def _pictures(content: Content) -> str:
    lead = content["lead"]["picture"] if content["lead"] else None
    return "\n".join(_picture(content, key) for key in sorted(content["pictures"], key=int) if key != lead)


def _picture(content: Content, key: str) -> str:
    """In words, with the beginning of its digest, by which a file that looks alike is told apart."""
    picture = content["pictures"][key]
    return f"{picture['alt']} ({picture['credit']}, {picture['digest'][:6]})"


def _body(before: Content, after: Content) -> SafeString:
    known = before["pictures"] | after["pictures"]
    return body_changes(before["body"], after["body"], {key: picture["alt"] for key, picture in known.items()})


def body_changes(before: str, after: str, alts: Mapping[str, str] = MappingProxyType({})) -> SafeString:
    """The blocks in which two bodies differ. alts: the words of their pictures, by key."""

    def figure(key: str, caption: str, credit: str) -> str:
        alt = alts.get(key, key)
        name = pgettext("editor", "Picture")
        return f"<figure><p>[{escape(name)}: {escape(alt)}]</p><figcaption>{caption} {credit}</figcaption></figure>"

    html = changed_blocks(
        markup.clean(before), markup.clean(after), removed=now("old:"), added=now("new:"), figure=figure
    )
    return mark_safe(html)  # noqa: S308 - made of clean HTML, and of escaped words


def public_text(content: Content) -> SafeString:
    """The words of the body, block by block, to copy a passage from."""
    lines = passages.text_layer(markup.clean(content["body"])).split("\n")
    return mark_safe("".join(f"<p>{conditional_escape(line)}</p>" for line in lines if line))  # noqa: S308


def suggestions(before: Content, after: Content) -> list[Suggestion]:
    """What changed, clause by clause, as a notice would quote it."""
    Field = Correction.Field
    lines = [(Field.HEADLINE, "headline"), (Field.STANDFIRST, "standfirst")]
    found = [Suggestion(field.value, before[name], after[name], "") for field, name in lines
             if before[name] != after[name]]  # fmt: skip
    was, is_now = (passages.text_layer(markup.clean(content["body"])) for content in (before, after))
    for old, new in _clauses(compare(was, is_now)):
        if len(found) < MOST and max(len(old), len(new)) <= LONGEST:
            found.append(Suggestion(Field.BODY.value, old, new, "" if "\n" in old else old))
    return found


def _clauses(pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """The clauses in which two texts differ, old and new."""
    found: list[tuple[str, str]] = []
    old = new = ""
    changed = False
    for piece in pieces:
        text = piece.text
        if piece.kind == "same":
            end = _END.search(text)
            if changed and not end:
                old, new = old + text, new + text
                continue
            if changed and end:
                found.append((old + text[: end.start()], new + text[: end.start()]))
                text = text[end.end() :]
            old = new = _END.split(text)[-1]
            changed = False
        else:
            changed = True
            if piece.kind == "old":
                old += text
            else:
                new += text
    if changed:
        found.append((old, new))
    return [(old.strip(), new.strip()) for old, new in found if old.strip() or new.strip()]
