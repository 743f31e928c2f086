"""OpenCC with our dictionaries before its own: one converter a process for each pair of forms, made when first asked.

Our entries stand first among the phrases, where text is cut into phrases and where those are converted: of two phrases
that begin at one place the longer wins, of two equal ones ours. Each keeps the count of code points, as theirs do.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import opencc

from articles.language.scripts.tags import HONG_KONG, SIMPLIFIED, TAIWAN

MARK = "\ue001"  # what a marker writes for an ambiguous character that no phrase decided

_OURS = Path(__file__).parent / "dictionaries"
_THEIRS = Path(opencc.__file__).parent / "clib" / "share" / "opencc"
# The code that decides what comes out.
_RULES = (
    "aligned", "elements", "engine", "held", "pages", "quotes", "reading", "references", "rules", "soft", "text",
)  # fmt: skip

Converter = Callable[[str], str]
Part = dict[str, Any]  # of a configuration of OpenCC

_made: dict[tuple[str, str, bool], Converter] = {}
_lock = Lock()


def converter(source: str, target: str) -> Converter:
    """From one form to another one. The text must hold no NUL (OpenCC ends there) and no lone surrogate."""
    return _made.get((source, target, False)) or _make(source, target, marking=False)


def marker(source: str, target: str) -> Converter:
    """Reads a text as `converter` does, and writes MARK for each ambiguous character that no phrase decided."""
    return _made.get((source, target, True)) or _make(source, target, marking=True)


def entries(name: str) -> dict[str, str]:
    """Of one of our dictionaries: what stands in the text, and what it becomes."""
    lines = (_OURS / f"{name}.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


@cache
def ambiguous(source: str) -> dict[str, str]:
    """The characters of this form that have several counterparts which news tells apart, and all of those."""
    return entries("ambiguous_simplified" if source == SIMPLIFIED else "ambiguous_traditional")


def version() -> str:
    """Of OpenCC, of our dictionaries and of our rules: the same text with the same version gives the same result."""
    digest = hashlib.sha256()
    for file in (*sorted(_OURS.glob("*.txt")), *(Path(__file__).with_name(f"{name}.py") for name in _RULES)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"opencc-{opencc.__version__}+{digest.hexdigest()[:12]}"


def _make(source: str, target: str, *, marking: bool) -> Converter:
    with _lock:
        key = source, target, marking
        if key not in _made:
            with tempfile.TemporaryDirectory(prefix="scripts-") as folder:
                config = _marking(source, folder) if marking else _config(source, target, folder)
                file = Path(folder, "config.json")
                file.write_text(json.dumps(config), "utf-8")
                # Without letters that the fonts of most readers lack.
                _made[key] = opencc.OpenCC(str(file), include_tofu_risk_dictionaries=False).convert
        return _made[key]


def _config(source: str, target: str, folder: str) -> Part:
    if source == SIMPLIFIED:
        config = _theirs("s2tw" if target == TAIWAN else "s2hk")
        ours = _text(folder, "simplified", entries("joints") | entries("simplified"))
        config["segmentation"]["dict"]["dicts"].insert(0, ours)
        phrases = config["conversion_chain"][0]["dict"]["dicts"]
        phrases[0] = _union(ours, *phrases[0]["dicts"])
        _first(config["conversion_chain"][1], _text(folder, "region", entries("letters") | entries(_REGIONS[target])))
        return config
    back = _text(folder, "back", entries("back"))
    if target == SIMPLIFIED:
        config = _theirs("tw2s" if source == TAIWAN else "hk2s")
        ours = _text(folder, "traditional", entries("traditional"))
        config["segmentation"]["dict"] = _union(ours, back, config["segmentation"]["dict"])
        _first(config["conversion_chain"][0], back)
        _first(config["conversion_chain"][1], ours)
        return config
    config, onward = (_theirs(name) for name in (("tw2t", "t2hk") if source == TAIWAN else ("hk2t", "t2tw")))
    _first(config["conversion_chain"][0], back)
    _first(onward["conversion_chain"][0], _text(folder, "region", entries(_REGIONS[target])))
    config["conversion_chain"] += onward["conversion_chain"]
    return config


_REGIONS = {TAIWAN: "taiwan", HONG_KONG: "hong_kong"}


def _marking(source: str, folder: str) -> Part:
    """As to any other script, but to OpenCC's standard, and with marks in place of its table of single characters."""
    config = _config(source, TAIWAN if source == SIMPLIFIED else SIMPLIFIED, folder)
    chain = config["conversion_chain"]
    if source == SIMPLIFIED:
        del chain[1:]
    phrases = chain[-1]["dict"]["dicts"][0]
    marks = _text(folder, "marks", dict.fromkeys(ambiguous(source), MARK))
    chain[-1]["dict"]["dicts"] = [phrases, marks]
    return config


def _theirs(name: str) -> Part:
    config: Part = json.loads((_THEIRS / f"{name}.json").read_text("utf-8"))
    return _placed(config)


def _placed(part: Any) -> Any:
    if isinstance(part, list):
        return [_placed(item) for item in part]
    if isinstance(part, dict):
        return {name: str(_THEIRS / item) if name == "file" else _placed(item) for name, item in part.items()}
    return part


def _text(folder: str, name: str, lines: dict[str, str]) -> Part:
    file = Path(folder, f"{name}.txt")
    file.write_text("".join(f"{key}\t{value}\n" for key, value in sorted(lines.items())), "utf-8")
    return {"type": "text", "file": str(file)}


def _union(*dictionaries: Part) -> Part:
    return {"type": "group", "match_policy": "union", "dicts": list(dictionaries)}


def _first(step: Part, ours: Part) -> None:
    """Our entries before the phrases of a step of the conversion, which come before its single characters."""
    group = step["dict"]["dicts"]
    group[0] = _union(ours, group[0])
