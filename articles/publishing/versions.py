"""The desk's own history of a working copy: what each save left, to be compared, published later, or brought back."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from articles.language import markup, words
from articles.models import (
    MAX_BODY,
    Article,
    Channel,
    Credit,
    Desk,
    DraftVersion,
    Person,
    Picture,
    Place,
    Source,
    Tag,
    Topic,
    User,
)
from articles.publishing.draft import Draft
from articles.publishing.script_forms import tidy_forms

# What a draft names by key, and what it is.
THINGS: dict[str, Any] = {
    "desk": Desk,
    "channel": Channel,
    "source": Source,
    "topic": Topic,
    "translation_of": Article,
    "lead_picture": Picture,
}


def keep(article: Article, draft: Draft, *, how: str, by: User, at: datetime) -> DraftVersion:
    """Keep what has just been saved as the version that it has now; the words as they were stored."""
    return DraftVersion.objects.create(
        article=article, number=article.version, content=_written(article, draft.tags, draft.places, draft.credits),
        how=how, by=by, saved_at=at,
    )  # fmt: skip


def keep_found(article: Article) -> None:
    """Keep the version that stands before it is replaced, where that was not done: of stories of earlier releases."""
    if article.versions.filter(number=article.version).exists():
        return
    DraftVersion.objects.create(
        article=article, number=article.version, content=_written(article, *_sets_of(article)),
        how=DraftVersion.How.FOUND, by=article.changed_by, saved_at=article.changed_at,
    )  # fmt: skip


def standing(article: Article) -> DraftVersion:
    """The version that stands now."""
    keep_found(article)
    return DraftVersion.objects.get(article=article, number=article.version)


def content_now(article: Article) -> dict[str, Any]:
    """What the working copy says now, as a version of it would be read."""
    content: dict[str, Any] = json.loads(_written(article, *_sets_of(article)))
    return content


def _sets_of(article: Article) -> tuple[list[str], list[int], list[tuple[int, str]]]:
    """Tags, places and credits as they stand."""
    return (
        list(article.tags.order_by("pk").values_list("name", flat=True)),
        list(article.places.values_list("pk", flat=True)),
        list(article.credits.values_list("person_id", "role")),
    )


def says(article: Article, draft: Draft) -> bool:
    """Whether the working copy says already what a draft says, once that would be stored."""
    then = Article(**draft.columns())
    for line in LINES:
        setattr(then, line, words.one_line(getattr(then, line)))
    with suppress(ValueError):
        then.script_forms = tidy_forms(draft.script_forms)
    then.body = markup.clean(draft.body) if len(draft.body) <= MAX_BODY else draft.body
    said: dict[str, Any] = json.loads(_written(then, draft.tags, draft.places, draft.credits))
    return _unordered(said) == _unordered(content_now(article))


def _unordered(content: dict[str, Any]) -> dict[str, Any]:
    """Tags and places have no order of their own."""
    return content | {name: sorted(content[name]) for name in ("tags", "places")}


def _written(article: Article, tags: Any, places: Any, credits: Any) -> str:
    content: dict[str, Any] = {name: getattr(article, name) for name in WORDS}
    content |= {name: getattr(article, f"{name}_id") for name in THINGS}
    content |= {"tags": list(tags), "places": sorted(set(places))}
    content["credits"] = [list(one) for one in dict.fromkeys(map(tuple, credits))]
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


WORDS = ("headline", "language", "kicker", "standfirst", "body", "lead_caption", "lead_credit", "script_forms")
LINES = [name for name in WORDS if name not in {"language", "body", "script_forms"}]


def draft_at(version: DraftVersion) -> Draft:
    """What was saved then, to be saved again; what does not exist any more is left out."""
    content = version.read()
    things = {
        name: model.objects.filter(pk=content[name]).first() if content[name] else None
        for name, model in THINGS.items()
    }
    people = set(
        Person.objects.filter(pk__in=[person for person, _ in content["credits"]]).values_list("pk", flat=True)
    )
    credits = [(person, role) for person, role in content["credits"] if person in people]
    places = Place.objects.filter(pk__in=content.get("places", []))
    return Draft(
        **{name: content.get(name, "") for name in WORDS} | things,
        tags=content["tags"],
        places=list(places.values_list("pk", flat=True)),
        credits=credits,
    )


def article_at(article: Article, version: DraftVersion) -> Article:
    """The article as it was at that version, in memory alone: to be frozen, shown or issued, never to be saved.

    What is no part of the words (stage, embargo, desk's zone) is that of `article`, which the caller has locked or
    read just now.
    """
    return article_as(article, draft_at(version), number=version.number)


def article_as(article: Article, draft: Draft, *, number: int) -> Article:
    """The article with the words of a draft as its version `number`, in memory alone."""
    then = Article(pk=article.pk)
    for column in Article._meta.concrete_fields:
        setattr(then, column.attname, getattr(article, column.attname))
    for name in (*WORDS, *THINGS):
        setattr(then, name, getattr(draft, name))
    then.desk = article.desk  # a story stands at the desk where it is now
    then.version = number
    people = Person.objects.in_bulk([person for person, _ in draft.credits])
    then._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "tags": list(Tag.objects.filter(name__in=list(draft.tags))),
        "places": list(Place.objects.filter(pk__in=list(draft.places))),
        "credits": [
            Credit(article=then, person=people[person], role=role, order=place)
            for place, (person, role) in enumerate(draft.credits)
        ],
    }
    then._state.adding = False
    return then
