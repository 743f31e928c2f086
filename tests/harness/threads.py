"""Several things at once."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")
Behind = tuple[int, int]  # the number that was read, and the one that had been written before it was asked for


def at_once(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """Run each call in a thread of its own, all let go together; return what each returned or raised, in order.

    Needs `committed_db`: what a test in `db` wrote, its other threads cannot see.
    """
    results: list[Result | Exception] = [RuntimeError("this thread never came to its end")] * len(calls)
    gate = threading.Barrier(len(calls))

    def work(place: int) -> None:
        try:
            gate.wait()
            results[place] = calls[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[place], daemon=True) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def read_while_written(
    write: Callable[[int], object], *readers: Callable[[], int | None], writes: int, each: int
) -> tuple[list[Behind], int]:
    """Write the numbers 1, 2 …, with at least so many reads behind each; every reader reads until that is over. A
    reader tells the number that it read, or None where it does not look. What was behind, and how many reads.
    """
    done, last, reads = threading.Event(), 0, 0
    behind: list[Behind] = []

    def write_all() -> None:
        nonlocal last
        for number in range(1, writes + 1):
            write(number)
            last, enough = number, reads + each
            while reads < enough:
                time.sleep(0.001)
        done.set()

    def read_all(read: Callable[[], int | None]) -> None:
        nonlocal reads
        while not done.is_set():
            least = last
            number = read()
            reads += 1
            if number is not None and number < least:
                behind.append((number, least))

    results = at_once(write_all, *[partial(read_all, read) for read in readers])
    assert results == [None] * (1 + len(readers))
    return behind, reads
