"""Public stories of any desk, chosen by content code; and what is offered while somebody types."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from articles.desk.story_code import CODE
from articles.models import Article, Listing, Publication, Topic
from articles.models.codes import PATTERN
from articles.publishing.topics import MOST_STORIES, placeable

OFFERED = 12
LOOKED_THROUGH = 400  # newest stories of the site, and as many of the topic: older ones are named by code or address


def told(publications: Iterable[Publication]) -> list[str]:
    """Each by its code, which alone counts, and by its headline, where that may be told."""
    return [f"{one.code} {one.read_card()['headline']}".strip() for one in publications]


def _typed_code(line: str) -> str:
    """The content code that a line begins with, or that stands in an address there; empty where there is none."""
    words = line.split(maxsplit=1)
    found = CODE.fullmatch(words[0]) if words else None
    return found[1].lower() if found else ""


def find_address() -> str:
    return reverse("admin:articles_topic_stories")


class PublicStoriesField(forms.CharField):
    """One story a line, in the order of the page. Cleans to a list of articles.

    known: keys of stories that stand here already; they may stay, also when they were withdrawn since.
    """

    known: frozenset[int] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"rows": 5, "data-suggest": lazy(find_address, str)(), "data-suggest-parted": "\n", "class": "codes"}
        super().__init__(widget=forms.Textarea(attrs=attrs), required=False, max_length=20_000, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Browsers send line breaks in a form of their own."""
        return (initial or "").split() != (data or "").split()

    def clean(self, value: Any) -> list[Article]:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_STORIES:
            raise ValidationError(
                _("These are %(count)d stories; a section takes %(most)d at most."),
                params={"count": len(lines), "most": MOST_STORIES},
            )
        codes = [(_typed_code(line), line) for line in lines]
        found = _found([code for code, _line in codes], self.known)
        for code, line in codes:
            if code not in found:
                raise ValidationError(
                    _("“%(line)s” is no story that readers see. Begin each line with a content code or a public "
                      "address."),
                    params={"line": line.strip()[:60]},
                )  # fmt: skip
        return list(dict.fromkeys(found[code] for code, _line in codes))


class PublicStoryField(forms.CharField):
    """One story, or none."""

    known: frozenset[int] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "data-suggest": lazy(find_address, str)(), "class": "codes"}
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, max_length=400, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return " ".join(told(Publication.objects.filter(pk=value)))
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Article | None:
        typed = super().clean(value)
        if not typed:
            return None
        code = _typed_code(typed)
        found = _found([code], self.known)
        if code not in found:
            raise ValidationError(_("No story that readers see has this code. Copy it from its public address."))
        return found[code]


def _found(codes: Sequence[str], known: Iterable[int]) -> dict[str, Article]:
    """The articles of these codes that readers see, or that are known."""
    asked = Publication.objects.filter(code__in=[code for code in codes if PATTERN.fullmatch(code)])
    allowed = asked.filter(pk__in=known) | asked.filter(state=Publication.State.STANDING)
    return {one.code: one.article for one in allowed.select_related("article")}


def offered(asked: str, topic: Topic | None) -> list[Publication]:
    """Public stories whose headline, as readers see it, holds all the words that were typed; or that have this code.

    Working copies are not asked, nobody learns from this what another desk is about to change.
    """
    words = asked.casefold().split()
    if not words:
        return []
    by_code = list(placeable().filter(code=_typed_code(asked))[:1]) if _typed_code(asked) else []
    if by_code:
        return by_code
    listings = Listing.objects.standing().order_by("-first_published_at", "-publication")
    of_topic = listings.filter(kind=Listing.Kind.TOPIC, target=topic.pk) if topic else listings.none()
    newest = placeable().order_by("-first_published_at", "-article")[:LOOKED_THROUGH]
    near = placeable().filter(pk__in=of_topic.values("publication")[:LOOKED_THROUGH]).order_by("-first_published_at")
    found: dict[int, Publication] = {}
    for one in [*near, *newest]:
        headline = one.read_card()["headline"].casefold()
        if all(word in headline for word in words):
            found.setdefault(one.pk, one)
    return list(found.values())[:OFFERED]
