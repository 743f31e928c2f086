"""What a code of a place says: which level it is of, what lies above and below it; and what is no code at all."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from articles.models import Place, nearest_above
from articles.models.place_codes import PROVINCES, Level, above, below, check_place_code, level_of
from tests.factories import make_place


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are read in the words of the code."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("code", "level", "lies_in", "span"),
    [
        ("CN-XZ", Level.PROVINCE, [], ("54", "55")),
        ("CN-BJ", Level.PROVINCE, [], ("11", "12")),
        ("NP-P1", Level.PROVINCE, [], None),
        ("540100", Level.PREFECTURE, ["CN-XZ"], ("5401", "5402")),
        ("540102", Level.COUNTY, ["CN-XZ", "540100"], ("540102", "540103")),
        ("540102001", Level.TOWNSHIP, ["CN-XZ", "540100", "540102"], None),
        ("441900003", Level.TOWNSHIP, ["CN-GD", "441900"], None),  # a city without counties
        ("659900", Level.PREFECTURE, ["CN-XJ"], ("6599", "6600")),
    ],
)
def test_a_code_says_what_it_is_of_and_where_that_lies(
    code: str, level: Level, lies_in: list[str], span: tuple[str, str] | None
):
    check_place_code(code)
    assert (level_of(code), above(code), below(code)) == (level, lies_in, span)


def test_every_province_has_the_letters_of_iso_and_two_digits_once():
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 34
    assert {(len(digits), letters[:3], len(letters)) for digits, letters in PROVINCES.items()} == {(2, "CN-", 5)}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("CN-54", "for example CN-XZ"), ("CN-ZZ", "no province"), ("CN-", "no province"),
        ("540000", "write CN-XZ"), ("990100", "begins with 99"), ("540102000", "no township"),
        ("5401", "no code of a place"), ("54010", "no code of a place"), ("54010200", "no code of a place"),
        ("5401020011", "no code of a place"), ("拉薩", "no code of a place"), ("５４０１００", "no code of a place"),
        ("540100\n", "no code of a place"), ("cn-xz", "no code of a place"), ("54-100", "no code of a place"),
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused_with_a_sentence(code: str, says: str):
    with pytest.raises(ValidationError, match=says):
        check_place_code(code)


def test_a_place_lies_in_the_nearest_one_that_there_is(db: None):
    township = make_place("540102001", "八廓街道")
    province = make_place("CN-XZ", "西藏")
    make_place("CN-QH", "青海")
    make_place("540202", "桑珠孜區")

    def lies_in() -> Place | None:
        return nearest_above(township.code, {one.code: one for one in Place.objects.all().above(township.code)})

    assert lies_in() == province
    prefecture = make_place("540100", "拉薩市")
    assert lies_in() == prefecture
    county = make_place("540102", "城關區")
    assert lies_in() == county
    assert list(Place.objects.all().below("CN-XZ")) == [prefecture, county, township, Place.objects.get(code="540202")]
    assert list(Place.objects.all().below("540100")) == [county, township]
    assert list(Place.objects.all().below("540102")) == [township]
    assert list(Place.objects.all().below(township.code)) == []
