"""A whole working copy, as somebody typed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from articles.models import Article, Channel, Desk, Picture, Source, Topic

SETS = {"tags", "places", "credits"}  # of which a story has any number


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A whole working copy, as somebody typed it. `credits` are (person's key, role), in order."""

    desk: Desk
    headline: str
    language: str
    kicker: str = ""
    standfirst: str = ""
    body: str = ""
    channel: Channel | None = None
    source: Source | None = None
    topic: Topic | None = None
    translation_of: Article | None = None
    lead_picture: Picture | None = None
    lead_caption: str = ""
    lead_credit: str = ""
    script_forms: str = ""
    tags: Sequence[str] = field(default_factory=list)
    places: Sequence[int] = field(default_factory=list)  # by their keys
    credits: Sequence[tuple[int, str]] = field(default_factory=list)

    def columns(self) -> dict[str, Any]:
        return {part.name: getattr(self, part.name) for part in fields(self) if part.name not in SETS}
