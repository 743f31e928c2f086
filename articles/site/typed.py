"""A working copy as it is being typed: for the preview of what is not saved yet."""

from collections.abc import Mapping
from typing import Any

from articles.language import words
from articles.models import MAX_BODY, Article, Channel, Credit, Language, Person, Picture, Source, Tag, Topic
from articles.publishing import versions
from articles.publishing.draft import Draft

THINGS: dict[str, Any] = {"channel": Channel, "source": Source, "topic": Topic, "lead_picture": Picture}
MOST_CREDITS = 50


def typed(article: Article, posted: Mapping[str, str]) -> Article:
    """The article, in memory alone, with what the story form holds, as it names its fields.

    It is no check: what a field holds that cannot be is left out, or stays as it was saved.
    """
    values: dict[str, Any] = {
        name: posted.get(name, getattr(article, name)) for name in (*versions.LINES, "body", "language", "script_forms")
    }
    for line in versions.LINES:
        values[line] = words.one_line(usable(values[line]))
    values["script_forms"] = usable(values["script_forms"])[:2000]
    values["body"] = usable(values["body"])[: 2 * MAX_BODY]
    if values["language"] not in Language.values:
        values["language"] = article.language
    for name, model in THINGS.items():
        values[name] = _thing(model, posted[name]) if name in posted else getattr(article, name)
    tags = (
        words.split_tags(usable(posted["tags"]))[:12] if "tags" in posted else [tag.name for tag in article.tags.all()]
    )
    draft = Draft(desk=article.desk, **values, tags=tags, credits=_credits(article, posted))
    then = versions.article_as(article, draft, number=article.version)
    known = {tag.name for tag in then.tags.all()}
    then._prefetched_objects_cache["tags"] += [  # type: ignore[attr-defined]
        Tag(pk=-place, name=name) for place, name in enumerate(tags, start=1) if name not in known
    ]
    return then


def usable(text: str) -> str:
    return "".join(letter for letter in text if letter in "\n\r\t" or not words.unusable_characters(letter))


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _thing(model: Any, key: str) -> Any:
    rows: Any = model.objects.filter(erased_at=None) if model is Picture else model.objects.all()
    return rows.filter(pk=_key(key)).first()


def _credits(article: Article, posted: Mapping[str, str]) -> list[tuple[int, str]]:
    if "credits-TOTAL_FORMS" not in posted:
        return [(one.person_id, one.role) for one in article.credits.all()]
    rows = []
    for number in range(min(_key(posted["credits-TOTAL_FORMS"]), MOST_CREDITS)):
        row = {name: posted.get(f"credits-{number}-{name}", "") for name in ("person", "role", "order", "DELETE")}
        if _key(row["person"]) and row["role"] in Credit.Role.values and not row["DELETE"]:
            rows.append((_key(row["order"]) or 1000, number, _key(row["person"]), row["role"]))
    people = set(Person.objects.filter(pk__in=[row[2] for row in rows]).values_list("pk", flat=True))
    return [(person, role) for _, _, person, role in sorted(rows) if person in people]
