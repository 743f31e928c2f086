"""The written forms of Chinese, by their BCP 47 tags."""

from functools import lru_cache

SIMPLIFIED = "zh-Hans"
TAIWAN = "zh-Hant-TW"
HONG_KONG = "zh-Hant-HK"

_SIMPLIFIED = {"zh-hans", "zh-cn", "zh-sg", "zh-my"}
_TAIWAN = {"zh-hant", "zh-tw"}  # without a region, Traditional is Taiwan's
_HONG_KONG = {"zh-hk", "zh-mo"}
_MACAU = {"hk", "mo"}


@lru_cache(maxsize=256)
def form(tag: str) -> str:
    """SIMPLIFIED, TAIWAN or HONG_KONG. Raises ValueError for a tag that names no script of Chinese."""
    found = form_or_none(tag)
    if found is None:
        raise ValueError(f"not a written form of Chinese: {tag!r} (zh-Hans, zh-Hant-TW, zh-Hant-HK)")
    return found


@lru_cache(maxsize=256)
def form_or_none(tag: str) -> str | None:
    """`form`, or None for another language, or for Chinese that does not say its script."""
    parts = tag.strip().lower().replace("_", "-").split("-")
    if parts[0] == "cmn":
        parts[0] = "zh"
    start = "-".join(parts[:2])
    if start in _SIMPLIFIED:
        return SIMPLIFIED
    if start in _HONG_KONG or (start == "zh-hant" and not _MACAU.isdisjoint(parts[2:3])):
        return HONG_KONG
    return TAIWAN if start in _TAIWAN else None


def script(tag: str) -> str:
    """Hans or Hant, of one of the three forms."""
    return tag[3:7]
