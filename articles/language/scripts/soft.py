"""Characters that nobody sees and that part no word: soft hyphens, and joints of no width.

They are left out where a text is read, and stand again where they stood.
"""

import re
from bisect import bisect_right
from itertools import accumulate

LETTERS = "\xad\u200b\u200c\u200d\u2060"
SOFT = re.compile(f"[{LETTERS}]")
_RUNS = re.compile(f"([{LETTERS}]+)")


class Parted:
    """A text without them. `ends`: where they stood in it, beyond which no address goes."""

    def __init__(self, text: str) -> None:
        parts = _RUNS.split(text)
        self.words, self.runs = parts[::2], [*parts[1::2], ""]
        self.text = "".join(self.words)
        self.ends = list(accumulate(map(len, self.words[:-1])))
        self._shifts = [0, *accumulate(map(len, self.runs))]

    def place(self, at: int) -> int:
        """Where a place of it stands in the text that was given."""
        return at + self._shifts[bisect_right(self.ends, at)]
