"""What a public story can be found by: the words of its edition, as readers see them in each script, and marks."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from articles.language import tokens
from articles.models import Correction, Publication
from articles.search.moments import spell_of
from articles.search.scope import SIGN

# Stands before the tokens of a headline; and before those of what stands above and beside the text, the headline too.
HEAD = "\u2020"
ABOVE = "\u2021"
BREAK = "\u00b6"  # between two texts, so that no phrase goes from one into the other

Content = Mapping[str, Any]


class Kind(StrEnum):
    """What readers may ask for besides words; marks in the index."""

    PICTURES = "pictures"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


def mark(kind: str, value: object) -> str:
    """A mark of an entry: `readers` zh, `channel` 7, `topic` 3, `kind` corrected."""
    return f"{SIGN}{kind}{value}"


def marks_of(publication: Publication, content: Content, moment: int) -> list[str]:
    marks = [mark("readers", publication.readers), mark("spell", spell_of(moment))]
    marks += [mark("channel", channel["id"]) for channel in content["trail"]]
    marks += [mark("topic", content["topic"]["id"])] if content["topic"] else []
    if content["pictures"]:
        marks.append(mark("kind", Kind.PICTURES))
    wrong = {Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION}
    if any(notice["kind"] in wrong for notice in content["notices"]):
        marks.append(mark("kind", Kind.CORRECTED))
    if publication.state == Publication.State.RETRACTED:
        marks.append(mark("kind", Kind.RETRACTED))
    return marks


def above(content: Content) -> list[str]:
    """What stands above and beside the text, but for the headline."""
    topic, lead, source = content["topic"], content["lead"], content["source"]
    texts = [
        content["kicker"],
        content["standfirst"],
        *(tag["name"] for tag in content["tags"]),
        *([topic["name"], topic["banner"]] if topic else []),
        *(place["name"] for place in content.get("places", ())),
        *(credit["name"] for credit in content["credits"]),
        *([source["name"]] if source else []),
        *([lead["caption"], lead.get("credit", "")] if lead else []),
    ]
    return list(dict.fromkeys(filter(None, texts)))


def blocks(content: Content) -> list[str]:
    """The text itself, block by block, with the captions in it."""
    return [line for line in tokens.plain(content["body"]).split("\n") if line.strip()]


def words_of(
    publication: Publication, content: Content, converted: Content | None, moment: int
) -> tuple[list[str], list[str]]:
    """The tokens of an entry, in order, and those that stand anywhere (tables.Entry).

    converted: what the edition says in the other script; indexed where that is more than another form of the same
    characters, such as a name that the desk gives in its own way there. moment: its place in the order of time.
    """
    folded = cache(tokens.folded)  # of this entry alone
    head, aside, body = [content["headline"]], above(content), [content["code"], *blocks(content)]
    if converted:
        head += _other(head, [converted["headline"]], folded)
        aside += _other(aside, above(converted), folded)
        body += _other(body, [converted["code"], *blocks(converted)], folded)
    row, anywhere = marks_of(publication, content, moment), []
    for texts, signs in ((head, (HEAD, ABOVE)), (aside, (ABOVE,)), (body, ())):
        for text in texts:
            found, helpers = tokens.tokens_and_helpers(text, folded(text))
            row += [BREAK, *found]
            anywhere += helpers
            anywhere += [sign + token for sign in signs for token in (*found, *helpers)]
    return row, list(dict.fromkeys(anywhere))


def _other(texts: Iterable[str], converted: Iterable[str], folded: Callable[[str], str]) -> list[str]:
    known = {folded(text) for text in texts}
    return [text for text in converted if folded(text) not in known]
