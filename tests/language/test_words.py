"""Slugs, lines and tags in Chinese, Tibetan and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.language import words


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Winter Roads", "winter-roads"),
        ("青稞 秋收", "青稞-秋收"),
        ("བོད་ལྗོངས།", "བོད་ལྗོངས"),
        ("環湖騎行賽（第三屆）", "環湖騎行賽-第三屆"),
        ("Ærø", "ærø"),
        ("  --  ", ""),
        ("😀", ""),
    ],
)
def test_slugs_stay_readable(text: str, slug: str):
    assert words.slugify(text) == slug


@given(st.text(max_size=200))
def test_a_slug_is_its_own_slug(text: str):
    slug = words.slugify(text)
    assert words.slugify(slug) == slug
    assert len(slug) <= words.MAX_SLUG
    assert "/" not in slug


def test_tags_are_divided_by_commas_of_every_script_and_not_by_spaces():
    assert words.split_tags("青稞，秋收、 road repair;青稞\nབོད་") == ["青稞", "秋收", "road repair", "བོད་"]


def test_tags_that_differ_only_in_case_are_one():
    assert words.split_tags("Barley, roads, BARLEY") == ["Barley", "roads"]


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\ud800", "\u202e", "\u2066", "\x7f"])
def test_characters_that_no_page_can_show_are_found(letter: str):
    assert words.unusable_characters(f"青{letter}稞") == [f"U+{ord(letter):04X}"]


def test_emoji_and_direction_hints_are_usable():
    assert words.unusable_characters("好😀\u200f") == []


def test_a_line_has_single_spaces_and_no_ends():
    assert words.one_line("  青稞\n\t 秋收 ") == "青稞 秋收"
