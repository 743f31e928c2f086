"""What may be meant by who begins to type: names of channels, topics, tags and people, and headlines.

Keys are folded as search folds all text, without spaces, so that either Chinese script finds either; they stand in an
index in the order of their bytes. Whether a name is public is looked up when somebody asks.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from articles.language.tokens import folded_apart
from articles.models import (
    NAME_FIELDS,
    Channel,
    Language,
    Listing,
    Person,
    Place,
    Publication,
    Suggestion,
    Tag,
    Topic,
)
from articles.models.prepared import all_told, each, prepared

Kind = Suggestion.Kind
MODELS: dict[str, Any] = {
    Kind.CHANNEL: Channel,
    Kind.TOPIC: Topic,
    Kind.PERSON: Person,
    Kind.PLACE: Place,
    Kind.TAG: Tag,
}
BATCH = 500  # names at once
LONGEST = 40  # letters of a key
MOST = 10  # suggestions
MOST_NAMES = 6  # of which names, where there are headlines too
LOOKED_AT = 60  # public names that begin so, in the order of their letters
HEADLINES_LOOKED_AT = 400  # of which those of the stories that were begun last are read
HEADLINES_READ = 40  # of which the newest are suggested
LEAST_OF_A_HEADLINE = 2  # letters before headlines are suggested; too many begin with any one
ORDER = [Kind.CHANNEL, Kind.TOPIC, Kind.PLACE, Kind.PERSON, Kind.TAG, Kind.HEADLINE]


class Meant(NamedTuple):
    """Something that may be meant; thing: a channel, topic, person, tag or publication."""

    kind: str
    thing: Any


def key_of(text: str) -> bytes:
    return "".join(folded_apart(text).split())[:LONGEST].encode()


def keep(publications: Sequence[Publication], texts: Mapping[int, Any], converted: Mapping[int, Any]) -> None:
    """What stories are called from now on, and what they name; of that, what was not suggested before. What was is kept
    in step by `renamed`."""
    called = {
        (one.pk, one.readers, key)
        for one in publications
        if one.state == Publication.State.STANDING and one.edition_id in texts
        for content in (texts[one.edition_id], converted.get(one.edition_id))
        if content and (key := key_of(content["headline"]))
    }
    asked = each("story", [one.pk for one in publications])
    known = {(target, readers, bytes(key)): pk for pk, target, readers, key in _called(len(publications))(**asked)}
    if gone := [pk for one, pk in known.items() if one not in called]:
        Suggestion.objects.filter(pk__in=gone).delete()
    Suggestion.objects.bulk_create(
        [Suggestion(kind=Kind.HEADLINE, target=target, readers=readers, key=key)
         for target, readers, key in sorted(called - known.keys())],
        ignore_conflicts=True,
    )  # fmt: skip
    targets: dict[str, set[int]] = {}
    for kind, target in _unsuggested(len(publications))(**asked):
        targets.setdefault(kind, set()).add(target)
    if targets:
        keep_names({kind: MODELS[kind].objects.filter(pk__in=keys) for kind, keys in targets.items()})


@prepared
def _called(count: int) -> QuerySet[Any, Any]:
    of_stories = Suggestion.objects.filter(kind=Kind.HEADLINE, target__in=all_told("story", count))
    return of_stories.values_list("pk", "target", "readers", "key")


@prepared
def _unsuggested(count: int) -> QuerySet[Any, Any]:
    """What stories name and nothing suggests yet."""
    named = Listing.objects.filter(publication__article__pk__in=all_told("story", count), kind__in=list(MODELS))
    suggested = Suggestion.objects.filter(kind=OuterRef("kind"), target=OuterRef("target"))
    return named.exclude(Exists(suggested)).values_list("kind", "target")


def keep_names(things: Mapping[str, Iterable[Any]]) -> None:
    """The keys of names, in every language that they have one in; things: by their kind."""
    keys = {(kind, thing.pk): {key_of(name) for name in _names(thing)} - {b""}
            for kind, them in things.items() for thing in them}  # fmt: skip
    known = Suggestion.objects.filter(kind__in=list(things), target__in=[target for _, target in keys])
    old = {(row.kind, row.target, bytes(row.key)): row.pk for row in known if (row.kind, row.target) in keys}
    new = {(*thing, key) for thing, own in keys.items() for key in own}
    Suggestion.objects.filter(pk__in=[pk for one, pk in old.items() if one not in new]).delete()
    Suggestion.objects.bulk_create(
        [Suggestion(kind=kind, target=target, key=key) for kind, target, key in sorted(new - old.keys())],
        ignore_conflicts=True,
    )


def keep_all() -> None:
    """For a rebuild: every name that is suggested, as it is now."""
    for kind, model in MODELS.items():
        suggested = Suggestion.objects.filter(kind=kind).order_by("target").distinct()
        keys = list(suggested.values_list("target", flat=True))
        for first in range(0, len(keys), BATCH):
            keep_names({kind: model.objects.filter(pk__in=keys[first : first + BATCH])})


def renamed(thing: Any) -> None:
    """After somebody changed a name: what was suggested by the old one is so by the new one. Of what no story has named
    yet, nothing is kept."""
    for kind, model in MODELS.items():
        if isinstance(thing, model) and Suggestion.objects.filter(kind=kind, target=thing.pk).exists():
            keep_names({kind: [thing]})


def _names(thing: Any) -> list[str]:
    fields = ["name"] if isinstance(thing, Tag) else NAME_FIELDS
    return [name for name in (getattr(thing, field) for field in fields) if name]


def forget(publications: Sequence[int]) -> None:
    """After a takedown: its headline, and the names that stand on no other public list."""
    if not publications:
        return
    Suggestion.objects.filter(kind=Kind.HEADLINE, target__in=publications).delete()
    named = Listing.objects.filter(publication__in=publications, kind__in=list(MODELS)).values_list("kind", "target")
    for kind, target in set(named):
        if not Listing.objects.filter(kind=kind, target=target).exclude(state=Publication.State.DOWN).exists():
            Suggestion.objects.filter(kind=kind, target=target).delete()


def scrub() -> None:
    """After an erasure, which takes out tags that no story has any more."""
    kept = Tag.objects.filter(pk=OuterRef("target"))
    Suggestion.objects.filter(kind=Kind.TAG).exclude(Exists(kept)).delete()


def meant(typed: str, language: Language) -> list[Meant]:
    """What may be meant on pages of this language, at most MOST, by three to eight queries that each read some dozens
    or hundreds of keys."""
    key = key_of(typed)
    if not key:
        return []
    readers = language.readers
    public = Listing.objects.filter(kind=OuterRef("kind"), target=OuterRef("target"), readers=readers)
    public = public.shown_in(language).exclude(state=Publication.State.DOWN)
    names = _beginning(key, "").filter(Exists(public)).values_list("kind", "target")
    found: dict[tuple[str, int], None] = dict.fromkeys(names[:LOOKED_AT])
    things = {
        kind: MODELS[kind].objects.in_bulk([target for one, target in found if one == kind])
        for kind in {kind for kind, _ in found}
    }
    told = [
        Meant(kind, thing)
        for kind, target in found
        if (thing := things[kind].get(target)) and getattr(thing, "has_page", True) and _still(thing, key)
    ]
    told.sort(key=lambda one: ORDER.index(Kind(one.kind)))
    headlines: list[Meant] = []
    if len(key.decode(errors="ignore")) >= LEAST_OF_A_HEADLINE:
        keys = _beginning(key, readers).values_list("target", flat=True)[:HEADLINES_LOOKED_AT]
        stories = Publication.objects.filter(
            pk__in=sorted(set(keys))[-HEADLINES_READ:],
            state=Publication.State.STANDING,
            only_in__in=["", language.value],
        )
        headlines = [Meant(Kind.HEADLINE, one) for one in stories.order_by("-first_published_at")[:MOST]]
    few = told[: max(MOST_NAMES, MOST - len(headlines))]
    return [*few, *headlines[: MOST - len(few)]]


def _beginning(key: bytes, readers: str) -> "QuerySet[Suggestion]":
    """The rows whose key begins so, in the order of the index."""
    return Suggestion.objects.filter(readers=readers, key__gte=key, key__lt=key + b"\xff").order_by("key")


def _still(thing: Any, key: bytes) -> bool:
    """Whether it is still called so."""
    return any(key_of(name).startswith(key) for name in _names(thing))
