"""Lists that are read on from where one stands, not by page numbers: as fast at the end as at the beginning, without
counting, and nothing is shown twice or skipped when something is added meanwhile."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.language.words import unusable_characters

OLDER, NEWER = "before", "after"
HUGE = 2**63  # no key of ours is as large
YEARS = range(2, 9999)  # which end in no zone before the calendar does
LONGEST_CURSOR = 600  # characters


class Key(NamedTuple):
    """One column of the order of a list. lookup: as a query names it; value: what a row has there."""

    lookup: str
    descending: bool
    value: Callable[[Any], Any]

    @property
    def order(self) -> str:
        return f"{'-' * self.descending}{self.lookup}"


def keys_of(ordering: Sequence[Any]) -> list[Key]:
    """The keys of an ordering by names; its last one must tell any two rows apart, and none may be empty."""
    return [Key(name.lstrip("-"), name.startswith("-"), _value(name.lstrip("-"))) for name in ordering]


def _value(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def beyond(keys: Sequence[Key], values: Sequence[Any], *, backwards: bool = False) -> Q:
    """What comes after the row with these values in the order of `keys`, or before it."""
    found = Q()
    same = Q()
    for key, value in zip(keys, values, strict=True):
        sign = "lt" if key.descending != backwards else "gt"
        found |= same & Q(**{f"{key.lookup}__{sign}": value})
        same &= Q(**{key.lookup: value})
    first = keys[0]
    sign = "lte" if first.descending != backwards else "gte"
    return Q(**{f"{first.lookup}__{sign}": values[0]}) & found  # the first bound is what an index is entered by


def page(queryset: Any, keys: Sequence[Key], values: Sequence[Any] | None, size: int, *, backwards: bool) -> Any:
    """The rows from `values` on, one more than `size` if there are as many, nearest first."""
    if values is not None:
        queryset = queryset.filter(beyond(keys, values, backwards=backwards))
    ordered = queryset.order_by(*(key.order for key in keys))
    return (ordered.reverse() if backwards else ordered)[: size + 1]


def written(keys: Sequence[Key], row: Any) -> str:
    """A place in a list, as an address holds it."""
    values = [key.value(row) for key in keys]
    told = [value.isoformat() if hasattr(value, "isoformat") else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(told, separators=(",", ":")).encode()).decode().rstrip("=")


def read(model: type[Model], keys: Sequence[Key], cursor: str) -> list[Any] | None:
    """The values of a place in a list; None for what is none of this list."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(told, list) or len(told) != len(keys):
            return None
        return [_read(model, key.lookup, value) for key, value in zip(keys, told, strict=True)]
    except (ValueError, ValidationError, binascii.Error, OverflowError, RecursionError):
        return None


def _read(model: type[Model], lookup: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(value)
    if isinstance(value, str) and unusable_characters(value):
        raise ValueError(value)
    found = _field(model, lookup).to_python(value)
    if isinstance(found, int) and not -HUGE <= found < HUGE:
        raise OverflowError(value)
    if isinstance(found, datetime):
        if timezone.is_naive(found):
            raise ValueError(value)
        found = found.astimezone(UTC)
        if found.year not in YEARS:
            raise ValueError(value)
    return found


def _field(model: type[Model], lookup: str) -> Any:
    """The field that a key names; what is computed is a time."""
    if lookup.rpartition("__")[2] == "pk":
        return model._meta.pk
    try:
        return model._meta.get_field(lookup)
    except FieldDoesNotExist:
        return DateTimeField()


class KeysetList(ChangeList):
    """The admin's list with `?before=` and `?after=` in the place of pages by number. Anything else that stands there
    gives the first page."""

    newer: str | None = None
    older: str | None = None
    newest_first = True

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        for name in (OLDER, NEWER):  # a place is no question: links to filters leave it behind
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        django: Any = self
        ordering = list(self.model_admin.get_ordering(request) or django._get_default_ordering())
        return list(django._get_deterministic_ordering(ordering))

    def keys(self, request: HttpRequest) -> list[Key]:
        return keys_of(self.get_ordering(request, self.queryset))

    def rows(self, request: HttpRequest, keys: list[Key], values: list[Any] | None, *, backwards: bool) -> list[Any]:
        """One more than a page has, if there are as many."""
        return list(page(self.queryset, keys, values, self.list_per_page, backwards=backwards))

    def get_results(self, request: HttpRequest) -> None:
        keys = self.keys(request)
        self.newest_first = keys[0].descending
        size = self.list_per_page
        before = read(self.model, keys, request.GET.get(OLDER, ""))
        after = None if before else read(self.model, keys, request.GET.get(NEWER, ""))
        found: list[Any] = []
        if after:
            found = self.rows(request, keys, after, backwards=True)
            newer, older = len(found) > size, True
            found = found[:size][::-1] if newer else []  # near the top, the whole first page is better
        elif before:
            found = self.rows(request, keys, before, backwards=False)
            newer, older = True, len(found) > size
        if not found:
            found = self.rows(request, keys, None, backwards=False)
            newer, older = False, len(found) > size
        found = found[:size]
        self.newer = self.get_query_string({NEWER: written(keys, found[0])}) if newer and found else None
        self.older = self.get_query_string({OLDER: written(keys, found[-1])}) if older and found else None
        self.result_list = self.whole(request, found)
        self.result_count = len(found)
        self.full_result_count, self.show_full_result_count = None, False
        self.show_admin_actions, self.can_show_all, self.multi_page = True, False, False
        self.paginator = None

    def whole(self, request: HttpRequest, found: list[Any]) -> "list[Any] | QuerySet[Any]":
        """The rows as they are shown; `found` are those of the page."""
        return found
