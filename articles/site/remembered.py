"""What was made once and need not be made again: results that follow from their arguments alone.

Nothing here can be out of date. A result is found again by everything that it was made of (frozen text as it stands in
the database, addresses, the language that is being read), never by a name or a time; what changed is another argument.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.signals import setting_changed
from django.utils import translation

Made = TypeVar("Made")
LONGEST = 10_000  # characters of a text; what follows from a longer one is made anew, so that memory stays small

_FORGET: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """For a function of hashable arguments that reads nothing but these, the settings, and the language that is being
    read. most: results that each process keeps; those that were not asked for longest are forgotten."""

    def of(make: Callable[..., Made]) -> Callable[..., Made]:
        @functools.lru_cache(maxsize=most)
        def known(language: str, *given: Any) -> Made:
            return make(*given)

        @functools.wraps(make)
        def asked(*given: Any) -> Made:
            for one in given:
                if isinstance(one, str) and len(one) > LONGEST:
                    return make(*given)
            return known(translation.get_language() or settings.LANGUAGE_CODE, *given)

        _FORGET.append(known.cache_clear)
        return asked

    return of


def forget(**_: object) -> None:
    for one in _FORGET:
        one()


setting_changed.connect(forget)
