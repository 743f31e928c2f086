"""Words and lines: slugs that stay readable in Chinese and Tibetan, and characters that no page can show."""

import re
import unicodedata

MAX_SLUG = 80
TSHEG = "\u0f0b"  # the point between Tibetan syllables: dropping it would glue them together
_SEPARATORS = re.compile(r"[,，、;；\n\r\t]+")
_SPACES = re.compile(r"\s+")
# Marks that reorder what stands around them (a headline with one can show another text than it holds), what stands for
# a character that was lost on the way, and what is none.
_UNUSABLE = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFD, 0xFFFE, 0xFFFF}


def slugify(text: str) -> str:
    """Lower-case words joined by hyphens, keeping letters, vowel signs and digits of every script (NFC).

    At most MAX_SLUG characters; empty when the text has no letter or digit. Tibetan keeps the tsheg inside words.
    """
    kept = "".join(
        letter if letter == TSHEG or unicodedata.category(letter)[0] in "LMN" else "-"
        for letter in unicodedata.normalize("NFC", text).lower()
    )
    return re.sub("-+", "-", kept)[:MAX_SLUG].strip("-" + TSHEG)


def unusable_characters(text: str) -> list[str]:
    """Control characters, lone surrogates, reordering and lost characters in `text`, as U+XXXX, each once, in order.

    White space is usable: `one_line` makes it single spaces.
    """
    return list(
        dict.fromkeys(
            f"U+{ord(letter):04X}"
            for letter in text
            if (unicodedata.category(letter) in {"Cc", "Cs"} and not letter.isspace()) or ord(letter) in _UNUSABLE
        )
    )


def one_line(text: str) -> str:
    """The text with every run of white space as one space, in NFC, without spaces at its ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def split_tags(text: str) -> list[str]:
    """The names in a line of tags, in order, each once whatever its case; commas of every script divide them."""
    found: dict[str, str] = {}
    for part in _SEPARATORS.split(text):
        if name := one_line(part):
            found.setdefault(name.casefold(), name)
    return list(found.values())
