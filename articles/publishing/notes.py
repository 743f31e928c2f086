"""What an editor says of a change, before it is a notice."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.language import markup, passages
from articles.language.words import one_line, unusable_characters
from articles.models import Article, Correction, CorrectionText, Edition, ErrorReport, Language, User
from articles.publishing import records
from articles.publishing.errors import NoteMissing, NoteUnusable, PassageNotFound, RightMissing, WrongMissing

MAX_NOTE = 1000  # characters
MAX_REPLY = 10_000  # characters
Kind = Correction.Kind
# From the lightest to the gravest: an edition that brings several notices is of the gravest kind.
GRAVITY = [Kind.UPDATE, Kind.CLARIFICATION, Kind.CORRECTION, Kind.EDITORS_NOTE, Kind.RETRACTION, Kind.TAKEDOWN]
ALWAYS_ON_TOP = {Kind.EDITORS_NOTE, Kind.RETRACTION, Kind.TAKEDOWN}


@dataclass(frozen=True, kw_only=True)
class Note:
    """One public notice in the making.

    text: what readers are told; was, now: what was wrong and what is right (demanded of a correction); wrong: the
    edition that was wrong, by number (the one before, if left out); passage: the words of its text that it is about,
    quoted; reports: the readers' reports that led to it; reply: (name, text), the reply of a person concerned.
    """

    kind: str
    text: str = ""
    was: str = ""
    now: str = ""
    weight: str = Correction.Weight.ORDINARY.value
    field: str = Correction.Field.BODY.value
    passage: str | passages.Passage = ""
    wrong: int | None = None
    supersedes: Correction | None = None
    cause: str = ""
    ground: str = ""
    reports: Sequence[ErrorReport] = ()
    reply: tuple[str, str] | None = None

    def checked(self) -> "Note":
        """With its words in order. Raises NoteMissing, WrongMissing, RightMissing or NoteUnusable."""
        lines = {name: one_line(getattr(self, name)) for name in ("text", "was", "now")}
        long = any(len(line) > MAX_NOTE for line in lines.values())
        if long or any(unusable_characters(line) for line in lines.values()):
            raise NoteUnusable
        if self.kind == Kind.CORRECTION:
            if not lines["was"]:
                raise WrongMissing
            if not lines["now"]:
                raise RightMissing
        elif not lines["text"]:
            raise NoteMissing
        weight = Correction.Weight.SERIOUS.value if self.kind in ALWAYS_ON_TOP else self.weight
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Note(**values | lines | {"weight": weight})


def gravest(notes: Sequence[Note]) -> str:
    return max((note.kind for note in notes), key=lambda kind: GRAVITY.index(Kind(kind)))


def write(
    note: Note,
    *,
    article: Article,
    place: int,
    wrong: Edition,
    right_number: int,
    channel: int,
    language: str,
    before: str,
    after: str,
    by: User,
    at: datetime,
) -> tuple[Correction, CorrectionText]:
    """The rows of a notice, not yet saved and without the edition that brings it.

    before, after: the bodies of the wrong and of the right edition, as HTML. Raises PassageNotFound.
    """
    stood, stands = anchored(note.passage, before, after)
    content: dict[str, Any] = {
        "text": note.text,
        "was": note.was,
        "now": note.now,
        "passage": stood.as_selectors() if stood else None,
        "passage_now": stands.as_selectors() if stands else None,
        "reply": {"name": note.reply[0], "text": note.reply[1]} if note.reply else None,
    }
    text = CorrectionText(content=records.canonical(content), salt=secrets.token_hex(32))
    notice = Correction(
        article=article,
        wrong=wrong,
        place=place,
        kind=note.kind,
        weight=note.weight,
        field=note.field,
        ground=note.ground,
        cause=note.cause,
        supersedes=note.supersedes,
        readers=Language(language).readers,
        channel_id=channel,
        at=at,
        by=by,
        text_digest=records.salted(text.content, text.salt),
    )
    notice.digest = records.digest(
        records.of_notice(
            notice,
            code=article.code,
            right=right_number,
            wrong=wrong.number,
            supersedes=note.supersedes.digest if note.supersedes else "",
        )
    )
    return notice, text


def anchored(
    passage: str | passages.Passage, before: str, after: str
) -> tuple[passages.Passage | None, passages.Passage | None]:
    """Where a passage stood in one body, and where what is right stands in the next; both are HTML.

    Raises PassageNotFound for quoted words that do not stand there; a passage that once stood may have gone.
    """
    if not passage:
        return None, None
    layer, now = (passages.text_layer(markup.clean(body)) for body in (before, after))
    if isinstance(passage, passages.Passage):
        found = passages.find(layer, passage)
        stood = passages.select(layer, *found) if found else None
    else:
        stood = passages.quote(layer, passage)
        if not stood:
            raise PassageNotFound
    if not stood:
        return None, None
    return stood, passages.carried(layer, now, stood) if now else None
