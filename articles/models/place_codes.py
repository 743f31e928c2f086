"""Codes of places: ISO 3166-2 for provinces, GB/T 2260 down to the county, GB/T 10114 for townships.

A code says by itself what lies above it: the first six digits of a township are its county, the first four with 00 the
prefecture, the first two the province, which ISO names by letters.
"""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 9  # characters

# The letters of ISO 3166-2:CN by the two digits that GB/T 2260 begins with.
PROVINCES = {
    "11": "CN-BJ", "12": "CN-TJ", "13": "CN-HE", "14": "CN-SX", "15": "CN-NM", "21": "CN-LN", "22": "CN-JL",
    "23": "CN-HL", "31": "CN-SH", "32": "CN-JS", "33": "CN-ZJ", "34": "CN-AH", "35": "CN-FJ", "36": "CN-JX",
    "37": "CN-SD", "41": "CN-HA", "42": "CN-HB", "43": "CN-HN", "44": "CN-GD", "45": "CN-GX", "46": "CN-HI",
    "50": "CN-CQ", "51": "CN-SC", "52": "CN-GZ", "53": "CN-YN", "54": "CN-XZ", "61": "CN-SN", "62": "CN-GS",
    "63": "CN-QH", "64": "CN-NX", "65": "CN-XJ", "71": "CN-TW", "81": "CN-HK", "82": "CN-MO",
}  # fmt: skip
_DIGITS = {letters: digits for digits, letters in PROVINCES.items()}
_LETTERS = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_FIGURES = re.compile(r"[0-9]{6}(?:[0-9]{3})?")


class Level(models.TextChoices):
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")


def check_place_code(code: str) -> None:
    """Refuse what names no place, and say what would."""
    if code.startswith("CN-") and code not in _DIGITS:
        right = PROVINCES.get(code[3:5], "CN-XZ")
        raise ValidationError(
            _("%(code)s is no province. ISO 3166-2 names provinces by letters, for example %(right)s."),
            code="place", params={"code": code, "right": right},
        )  # fmt: skip
    if _LETTERS.fullmatch(code):
        return
    if not _FIGURES.fullmatch(code):
        raise ValidationError(
            _("This is no code of a place. Write CN-XZ for a province (ISO 3166-2), six digits for a prefecture or "
              "county (GB/T 2260), nine for a township (GB/T 10114)."),
            code="place",
        )  # fmt: skip
    if code[:2] not in PROVINCES:
        raise ValidationError(_("No code begins with %(start)s. Look this one up again."),
                              code="place", params={"start": code[:2]})  # fmt: skip
    if code[2:6] == "0000":
        raise ValidationError(_("A province has letters here: write %(right)s."),
                              code="place", params={"right": PROVINCES[code[:2]]})  # fmt: skip
    if code[6:] == "000":
        raise ValidationError(
            _("A code that ends in 000 names no township. Write its six digits alone for the county."), code="place"
        )


def level_of(code: str) -> Level:
    """Expects a code that `check_place_code` lets pass."""
    if "-" in code:
        return Level.PROVINCE
    if len(code) > 6:
        return Level.TOWNSHIP
    return Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def above(code: str) -> list[str]:
    """The codes of the places that a place may lie in, the highest first."""
    if "-" in code:
        return []
    found = [PROVINCES[code[:2]], f"{code[:4]}00", code[:6]]
    return [one for one in dict.fromkeys(found) if one != code]


def below(code: str) -> tuple[str, str] | None:
    """From which code on, and before which one, lies all that lies in a place; the place itself may be among it."""
    starts = {
        Level.PROVINCE: _DIGITS.get(code, ""),
        Level.PREFECTURE: code[:4],
        Level.COUNTY: code,
        Level.TOWNSHIP: "",
    }
    start = starts[level_of(code)]
    if not start:
        return None
    return start, f"{int(start) + 1:0{len(start)}d}"
