"""Notices as readers see them: what the content of an edition says of them, with the words that stand apart."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles.language.passages import Passage
from articles.models import Correction, ErasedPart, Language
from articles.models.prepared import all_told, each, filled, prepared
from articles.publishing.freeze import Content
from articles.site import addresses
from articles.site.dates import moment
from articles.site.renderings import words_in
from articles.site.things import Notice, Reply

Kind = Correction.Kind
Texts = Mapping[str, dict[str, Any]]  # by the digest of the notice
TextRows = tuple[tuple[str, str | None, datetime | None, str | None], ...]
MANY = 64  # notices at once that a prepared query asks for; the pages of a month have more

# What an element of a notice is called: a public contract with those who check us from outside.
CSS = {
    Kind.UPDATE: "update-note",
    Kind.CLARIFICATION: "clarification",
    Kind.CORRECTION: "correction",
    Kind.EDITORS_NOTE: "editors-note",
    Kind.RETRACTION: "retraction",
    Kind.TAKEDOWN: "retraction takedown",
}


def kind_label(kind: str) -> str:
    """What readers are told that a change is, at the head of its notice and in the history."""
    labels = {
        "initial": _("First edition"),
        "typo": _("Typo"),
        Kind.UPDATE: _("Update"),
        Kind.CLARIFICATION: _("Clarification"),
        Kind.CORRECTION: _("Correction"),
        Kind.EDITORS_NOTE: _("Editor’s note"),
        Kind.RETRACTION: _("Retraction"),
        Kind.TAKEDOWN: _("Taken down"),
    }
    return labels[kind]


def mark_label(mark: str) -> str:
    """What stands before a headline (freeze.headline_mark)."""
    return {"correction": _("Corrected"), "retraction": _("Retracted"), "takedown": _("Taken down")}.get(mark, "")


def marked(mark: str, headline: str) -> str:
    """A headline that says at once what became of it, as plain text."""
    return _("%(mark)s: %(headline)s") % {"mark": mark, "headline": headline} if mark else headline


def texts_of(contents: Iterable[Content]) -> Texts:
    """The words of all notices of these contents, by one query, or none where there is no notice; in the script of the
    page, where they were converted.

    Of one whose words were erased: when and on which ground, as `erased_at` and `erased_note`.
    """
    return texts_from(text_rows(contents))


def text_rows(contents: Iterable[Content]) -> TextRows:
    """The same as the database tells it."""
    digests = sorted({entry["digest"] for content in contents for entry in content["notices"] if "digest" in entry})
    if not digests:
        return ()
    language = addresses.page_language()
    if len(digests) > MANY:
        return tuple(_texts(digests, language))
    digests = filled(digests)
    return tuple(_text_rows(len(digests), language)(**each("digest", digests)))


@prepared
def _text_rows(count: int, language: Language) -> "QuerySet[Any, tuple[Any, ...]]":
    return _texts(all_told("digest", count, CharField()), language)


def _texts(digests: Sequence[Any], language: Language) -> "QuerySet[Any, tuple[Any, ...]]":
    erasures = ErasedPart.objects.filter(kind=ErasedPart.Kind.NOTICE, target=OuterRef("pk"))
    when, note = (Subquery(erasures.values(f"erasure__{one}")) for one in ("at", "note"))
    found = Correction.objects.filter(digest__in=digests).order_by("digest")
    return found.values_list("digest", words_in(language), when, note)


def texts_from(rows: TextRows) -> Texts:
    return {
        digest: json.loads(text) if text else {"erased_at": erased_at, "erased_note": note}
        for digest, text, erased_at, note in rows
    }


def notices_of(content: Content, texts: Texts) -> list[Notice]:
    """The notices of an edition, newest first."""
    zone = ZoneInfo(content["zone"])
    told: list[Notice] = []
    successors: dict[str, Notice] = {}  # they are newer, so they come first
    for entry in content["notices"]:
        one = notice(entry, texts, zone, successor=successors.get(entry.get("digest", "")))
        one = replace(one, edition_url=path_of("edition", content, one.number))
        successors |= {entry["supersedes"]: one} if entry.get("supersedes") else {}
        told.append(one)
    return told


def path_of(name: str, content: Content, *more: int) -> str:
    """An address of a story, below the prefix of its language: `edition` with a number, `history`, `report`."""
    return addresses.of_story(name, content["code"], content["language"], *more)


def notice(entry: Mapping[str, Any], texts: Texts, zone: ZoneInfo, *, successor: Notice | None = None) -> Notice:
    kind = Kind(entry["kind"])
    # In format 1, and in a preview, the words stand in the entry itself.
    words = entry if "text" in entry else texts.get(entry["digest"], {})
    told = "text" in words
    erased_at = words.get("erased_at")
    field, ground, reply = entry.get("field", ""), entry.get("ground", ""), words.get("reply")
    return Notice(
        number=entry["number"],
        place=entry.get("place", 1),
        kind=kind.value,
        label=kind_label(kind),
        css=CSS[kind],
        time=moment(entry["at"], zone),
        text=words.get("text", ""),
        was=words.get("was", ""),
        now=words.get("now", ""),
        serious=entry.get("weight") == Correction.Weight.SERIOUS,
        field=field,
        field_label=str(Correction.Field(field).label) if field else "",
        ground_label=str(Correction.Ground(ground).label) if ground else "",
        erased=not told,
        erased_at=erased_at.astimezone(zone) if erased_at else None,
        erased_note=words.get("erased_note") or "",
        superseded=successor is not None,
        successor=successor,
        digest=entry.get("digest", ""),
        reply=Reply(**reply) if reply else None,
        passage=Passage.from_selectors(words.get("passage")),
        passage_now=Passage.from_selectors(words.get("passage_now")),
    )
