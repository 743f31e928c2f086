"""What the checks of the ledger find, and what they have seen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import SuspiciousOperation


@dataclass(frozen=True)
class Fault:
    """One broken link: where it is, and what is wrong there."""

    where: str  # "story k7m2p9ws, edition 3", "ledger entry 17"
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


Faults = Iterator[Fault]
ODD = (KeyError, TypeError, IndexError, ValueError, AttributeError, RecursionError, SuspiciousOperation)  # of a text


@dataclass
class Seen:
    """What was walked through; complete once all faults have been taken."""

    editions: int = 0
    notices: int = 0
    conversions: int = 0  # texts in the other Chinese script
    erasures: int = 0
    erased: int = 0  # texts that an erasure removed
    withheld: int = 0  # texts of stories that are down
    waiting: int = 0  # acts that are not sealed yet, and not overdue
    entries: int = 0
    heads: int = 0
    keys: int = 0
    head: str = ""  # the newest signed head: its size, root and time
    remarks: list[str] = field(default_factory=list)  # no faults, but to be known
    step: Callable[[], object] = lambda: None  # called for each entry and each edition
