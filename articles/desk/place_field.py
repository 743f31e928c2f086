"""Places in one line of the story form, by code or by name; and what the desk offers while somebody types one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from articles.desk.base import sought
from articles.language import words
from articles.models import NAME_FIELDS, Place, place_codes
from articles.models.place_codes import LONGEST
from articles.publishing.errors import listed
from articles.publishing.save_draft import MAX_PLACES, too_many_places

OFFERED = 10


def told(place: Place) -> str:
    """A place as the form names it: by its name, and by the code that tells it from others of that name."""
    return f"{place.name} {place.code}"


def code_in(typed: str) -> str:
    """What of a typed place may be its code: its last word."""
    return typed.rpartition(" ")[2].upper()


def codes_of(line: str) -> list[str]:
    """The codes in a line of the form; what ends with none stays as it was typed."""
    typed = words.split_tags(line)
    known = set(Place.objects.filter(code__in=[code_in(one) for one in typed]).values_list("code", flat=True))
    return [code if (code := code_in(one)) in known else one for one in typed]


def line_of(codes: Sequence[str]) -> str:
    """The line of the form that holds these codes."""
    known = {place.code: told(place) for place in Place.objects.filter(code__in=list(codes))}
    return ", ".join(known.get(code, code) for code in codes)


class PlacesField(forms.CharField):
    """Cleans to the keys of places."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "data-suggest": lazy(_find_address, str)(), "data-suggest-parted": ","}
        )
        super().__init__(widget=widget, max_length=2000, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(told(place) for place in value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[int]:
        typed = words.split_tags(super().clean(value))
        if len(typed) > 2 * MAX_PLACES:
            raise ValidationError(too_many_places(len(typed)))
        found = dict.fromkeys(_meant(one).pk for one in typed)
        if len(found) > MAX_PLACES:
            raise ValidationError(too_many_places(len(found)))
        return list(found)


def _meant(typed: str) -> Place:
    """Raises ValidationError where nothing, or more than one place, is of this name."""
    code = code_in(typed)
    if len(code) <= LONGEST and (place := Place.objects.filter(code=code).first()):
        return place
    named = Q()
    for field in NAME_FIELDS:
        named |= Q(**{field: typed})
    found = list(Place.objects.filter(named)[:OFFERED]) if not words.unusable_characters(typed) else []
    if not found:
        raise ValidationError(
            _("No place is called “%(name)s”. Choose one that is offered, or have it added to the library."),
            code="unknown", params={"name": typed[:40]},
        )  # fmt: skip
    if len(found) > 1:
        raise ValidationError(
            _("More than one place is called “%(name)s”. Add the code: %(found)s."),
            code="ambiguous", params={"name": typed[:40], "found": listed([told(place) for place in found])},
        )  # fmt: skip
    return found[0]


def _find_address() -> str:
    return reverse("admin:articles_place_find")


def offered(asked: str) -> "QuerySet[Place]":
    """What somebody may mean who has typed so much."""
    term = sought(asked).strip()
    if not term:
        return Place.objects.none()
    meant = Q(code__startswith=term.upper())
    for field in NAME_FIELDS:
        meant |= Q(**{f"{field}__icontains": term})
    return Place.objects.filter(meant)[:OFFERED]


def suggestions(found: Iterable[tuple[str, str]]) -> JsonResponse:
    """What static/desk/suggest.js reads: what to put in, and what else tells it apart."""
    return JsonResponse({"found": [{"value": value, "more": more} for value, more in found]})


def find_view(request: HttpRequest) -> JsonResponse:
    """Places whose name or code holds ?q=, each with what it lies in."""
    places = list(offered(request.GET.get("q", "")))
    around = {one.code: one for one in Place.objects.all().above(*(place.code for place in places))}
    return suggestions((told(place), _lies_in(place, around)) for place in places)


def _lies_in(place: Place, known: dict[str, Place]) -> str:
    above = [known[code].name for code in place_codes.above(place.code) if code in known]
    return " › ".join([*above, str(place.level.label)])
