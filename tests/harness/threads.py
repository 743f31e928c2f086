"""Several things at once."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


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
