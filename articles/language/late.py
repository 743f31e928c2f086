"""Regular expressions that are compiled at their first use: some take longer than all the rest of a start."""

import re
from typing import Any, cast


class _Late:
    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # from now on it is found here
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`; a faulty pattern is told by its first use."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
