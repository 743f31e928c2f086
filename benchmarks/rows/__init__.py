"""The rows of the benchmark, by number: the title of each, and the function that makes it."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.bench import Bench
from benchmarks.results import Row
from benchmarks.rows import browser, cold, flat, memory, publishing, store, while_publishing


@dataclass(frozen=True)
class Kind:
    """steps: how many measurements there are, where nothing is left out."""

    title: str
    measure: Callable[[Bench, Row], None]
    steps: Callable[[Namespace], int]


ROWS = {
    1: Kind(
        "From the store, on the server that the demo starts",
        store.embedded,
        lambda given: given.rounds * (4 * len(given.engines) + 2 + 8 * given.wagtail),
    ),
    2: Kind("From the store, behind nginx as it is shipped", store.behind_nginx, lambda given: given.rounds * 6),
    3: Kind(
        "Made anew: nothing kept",
        cold.measure,
        lambda given: given.rounds * (6 * len(given.engines) + 2 * given.wagtail),
    ),
    4: Kind(
        "Publishing, durable, with all that follows",
        publishing.measure,
        lambda given: given.rounds * 2 * len(given.engines),
    ),
    5: Kind(
        "From the store, while one story a second is published",
        while_publishing.measure,
        lambda given: given.rounds * 8 * len(given.engines),
    ),
    6: Kind("Flat: the same time at every size", flat.measure, lambda given: 42 * len(given.engines)),
    7: Kind("Memory and start-up", memory.measure, lambda given: (1 + given.rounds) * len(given.engines)),
    8: Kind("In a slow browser on a slow network", browser.measure, lambda given: 2 * browser.VISITS),
}
