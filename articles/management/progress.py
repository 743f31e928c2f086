"""One bar for long work, on a terminal; quiet elsewhere."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def bar(things: Iterable[T], what: str, total: int | None = None) -> Iterable[T]:
    return tqdm(things, desc=what, total=total, file=sys.stderr, ncols=80, disable=None, leave=True)
