"""Notices as readers see them: what the content of an edition says of them, with the words that stand apart."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from articles.language.passages import Passage
from articles.models import Correction, CorrectionText
from articles.publishing.freeze import Content
from articles.site.dates import moment
from articles.site.things import Notice, Reply

Kind = Correction.Kind
Texts = Mapping[str, dict[str, Any]]  # by the digest of the notice

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


def texts_of(contents: Iterable[Content]) -> Texts:
    """The words of all notices of these contents, by one query, or none where there is no notice."""
    digests = {entry["digest"] for content in contents for entry in content["notices"] if "digest" in entry}
    if not digests:
        return {}
    found = CorrectionText.objects.filter(correction__digest__in=digests)
    return {digest: json.loads(text) for digest, text in found.values_list("correction__digest", "content")}


def notices_of(content: Content, texts: Texts) -> list[Notice]:
    """The notices of an edition, newest first."""
    zone = ZoneInfo(content["zone"])
    superseded = {entry.get("supersedes") for entry in content["notices"]}
    return [notice(entry, texts, zone, superseded=entry.get("digest", "-") in superseded)
            for entry in content["notices"]]  # fmt: skip


def notice(entry: Mapping[str, Any], texts: Texts, zone: ZoneInfo, *, superseded: bool = False) -> Notice:
    kind = Kind(entry["kind"])
    # In format 1, and in a preview, the words stand in the entry itself.
    words = entry if "text" in entry else texts.get(entry["digest"])
    return Notice(
        number=entry["number"],
        place=entry.get("place", 1),
        kind=kind.value,
        label=kind_label(kind),
        css=CSS[kind],
        time=moment(entry["at"], zone),
        text=words["text"] if words else "",
        was=words.get("was", "") if words else "",
        now=words.get("now", "") if words else "",
        serious=entry.get("weight") == Correction.Weight.SERIOUS,
        field=entry.get("field", ""),
        erased=words is None,
        superseded=superseded,
        digest=entry.get("digest", ""),
        reply=Reply(**words["reply"]) if words and words.get("reply") else None,
        passage=Passage.from_selectors(words["passage"]) if words and words.get("passage") else None,
        passage_now=Passage.from_selectors(words["passage_now"]) if words and words.get("passage_now") else None,
    )
