"""What the newsroom's own functions say of a text that comes again and again (a paragraph of the pool, a name) is asked
once; and what is slow for being strict, or for limits that no seeded text comes near, is made in a shorter way. Every
thousandth answer is compared with the function's own."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

EVERY = 1000
PARAGRAPH = "</p>"


class Checked:
    """Calls `quick`, and each thousandth time `real` as well. Raises AssertionError where they differ."""

    def __init__(self, real: Callable[..., Any], quick: Callable[..., Any]) -> None:
        self.real, self.quick, self.count = real, quick, 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        found = self.quick(*args, **options)
        if self.count % EVERY == 0:
            assert found == self.real(*args, **options), (self.real, args)
        self.count += 1
        return found


class Memory:
    """Answers to known texts; strings within them are held once, whoever says them."""

    def __init__(self, real: Callable[..., Any], known: set[str]) -> None:
        self.real, self.known, self.answers = real, known, dict[Any, Any]()

    def __call__(self, text: str, *args: Any, **options: Any) -> Any:
        if text not in self.known:
            return self.real(text, *args, **options)
        key = (text, *args)
        if key not in self.answers:
            self.answers[key] = _held(self.real(text, *args, **options))
        return self.answers[key]


def _held(found: Any) -> Any:
    if isinstance(found, str):
        return sys.intern(found)
    return type(found)(_held(one) for one in found) if isinstance(found, list | tuple) else found


def canonical(thing: Any) -> str:
    """RFC 8785 for what has ASCII keys and no fractions."""
    return json.dumps(thing, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def vector(words: Sequence[str], anywhere: Iterable[str] = ()) -> str:
    """search.tables.vector of texts that are far from its limits."""
    places: dict[str, str] = {}
    for place, word in enumerate(words, start=1):
        places[word] = f"{places[word]},{place}" if word in places else str(place)
    parts = [f"'{word}':{found}" for word, found in places.items()]
    return " ".join([*parts, *(f"'{word}'" for word in anywhere if word not in places)])


@contextmanager
def asking_once(texts: set[str]) -> Iterator[None]:
    """Within it the newsroom's functions of text remember what they said of `texts`, in either Chinese script."""
    from articles.language import markup, scripts, tokens
    from articles.publishing import records

    texts = texts | {scripts.convert(text, "zh-Hant", "zh-Hans") for text in texts if not text.isascii()}
    whole, line, plain = Memory(tokens.tokens_and_helpers, texts), Memory(tokens.tokens, texts), tokens.tokens
    folded, convert = (
        Memory(lru_cache(256)(tokens.folded), texts),
        Memory(scripts.convert, texts),
    )  # a story asks thrice
    pieces, html = {f"<p>{text}{PARAGRAPH}" for text in texts}, scripts.convert_html
    piece = Memory(html, pieces)
    clean = markup.clean
    cleaned = Memory(clean, pieces)

    def by_line(text: str) -> list[str]:
        return [token for one in text.split("\n") for token in line(one)]

    def by_paragraph(text: str, *args: Any, **options: Any) -> str:
        return "".join(piece(one, *args, **options) for one in _paragraphs(text))

    def clean_by_paragraph(text: str) -> str:
        return "".join(map(cleaned, _paragraphs(text)))

    put = {
        (tokens, "tokens_and_helpers"): whole,
        (tokens, "tokens"): Checked(plain, by_line),
        (tokens, "folded"): folded,
        (scripts, "convert"): convert,
        (scripts, "convert_html"): Checked(html, by_paragraph),
        (markup, "clean"): Checked(clean, clean_by_paragraph),
        (records, "canonical"): Checked(records.canonical, canonical),
    }
    before = {(module, name): getattr(module, name) for module, name in put}
    for (module, name), function in put.items():
        setattr(module, name, function)
    try:
        yield
    finally:
        for (module, name), function in before.items():
            setattr(module, name, function)


def _paragraphs(html: str) -> list[str]:
    return [one + PARAGRAPH for one in html.split(PARAGRAPH)[:-1]]
