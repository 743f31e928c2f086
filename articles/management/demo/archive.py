"""What the demo reads, as events in the order of time."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")
Table = dict[str, Any]


def read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Event:
    """One edition of the demo; `story` as it reads from then on."""

    at: datetime
    slug: str
    story: Table
    later: Table | None = None


def archive(today: datetime) -> Iterator[Event]:
    """The short stories of the year before, each with what readers reported and the desk corrected."""
    for table in read(HERE / "archive.toml")["stories"]:
        first = (today - timedelta(days=table["days_ago"])).replace(hour=9, minute=15, second=0, microsecond=0)
        story = {
            "language": "zh-Hant", "source": "langtso-news", "authors": ["han-jun"], "editors": ["dazhen"],
        } | {name: table[name] for name in ("channel", "tags", "headline", "body")}  # fmt: skip
        reports = [dict(zip(("after", "acknowledged", "decided", "state", "wrong", "reason"), row, strict=True))
                   for row in table["reports"]]  # fmt: skip
        corrected = next((report for report in reports if report["state"] == "corrected"), None)
        others = [report for report in reports if report is not corrected]
        yield Event(first, table["slug"], story | ({} if corrected else {"others": others}))
        if corrected:
            hours = corrected["after"] + corrected["decided"] + 1
            old, new, was, now, field = table["correction"]
            story = {name: value.replace(old, new) if isinstance(value, str) else value
                     for name, value in story.items()}  # fmt: skip
            notice = {"kind": "correction", "field": field, "cause": "numbers", "was": was, "now": now}
            behind = corrected | {"hours_before": hours - corrected["after"], "right": now}
            later = {"hours_later": hours, "notices": [notice], "report": behind, "others": others}
            yield Event(first + timedelta(hours=hours), table["slug"], story, later)
