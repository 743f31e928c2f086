"""The parts of addresses: each takes only what could exist, so that nothing absurd reaches a query."""

from typing import Any

from django.urls.converters import StringConverter


class Code(StringConverter):
    regex = "[2-9a-z]{8,12}"


class Key(StringConverter):
    """The secret in a private address."""

    regex = "[2-9a-z]{26}"


class Word(StringConverter):
    """One address word, in any script; no control characters and no slash."""

    regex = r"[^\x00-\x20/\x7f-\x9f\ud800-\udfff\ufffd]{1,80}"


class Words(StringConverter):
    """One to three address words."""

    regex = rf"{Word.regex}(?:/{Word.regex}){{0,2}}"


class Year(StringConverter):
    regex = "[0-9]{4}"


class TwoDigits(StringConverter):
    regex = "[0-9]{2}"


class Count:
    """A number as a database can hold it."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Form(StringConverter):
    """The ending of a feed's address."""

    regex = "rss|atom|json"


class Own:
    """The pages of the site about itself; the corrections policy stands below /corrections/."""

    regex = "about|contact|imprint|privacy|corrections/policy"

    def to_python(self, value: str) -> str:
        return value.removeprefix("corrections/")

    def to_url(self, value: str) -> str:
        return f"corrections/{value}" if value == "policy" else value


ALL: dict[str, type[Any]] = {
    "code": Code,
    "key": Key,
    "word": Word,
    "words": Words,
    "yyyy": Year,
    "mm": TwoDigits,
    "count": Count,
    "own": Own,
    "form": Form,
}
