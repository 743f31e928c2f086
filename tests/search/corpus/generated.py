"""Stories made from templates: the same ones every time, each with the labels of all that was written into it."""

import random
import re
from collections import defaultdict
from functools import cache

from tests.search.corpus.reading import HERE, LANGUAGES, Story, blocks, labels, lines, spellings, ways_of

SEED = 20260101
HOW_MANY = {"hans": 1130, "hant": 880, "en": 440, "bo": 360}
_SLOT = re.compile(r"\{([a-z]+)(?::[0-9])?\}")
_NOTES = re.compile(r"(?P<text>.*?)(?: = (?P<words>[^!]*))?(?: ! (?P<seeming>.*))?")


@cache
def generated() -> tuple[Story, ...]:
    return tuple(story for name in LANGUAGES for story in stories_of(name))


def stories_of(name: str) -> list[Story]:
    """Templates take turns, and no two stories are alike."""
    chance = random.Random(f"{SEED} {name}")
    templates = list(blocks(HERE / "templates" / f"{name}.txt"))
    slots = _slots(name)
    found: dict[str, Story] = {}
    while len(found) < HOW_MANY[name]:
        story = _filled(templates[len(found) % len(templates)], slots, chance)
        found.setdefault(story.text, story)
    return list(found.values())


def _filled(template: Story, slots: dict[str, list[Story]], chance: random.Random) -> Story:
    """The template with a value in each slot. A slot named twice has one value; its numbered sisters have others."""
    headline, body = template.headline, template.body
    words, seeming = set(template.words), set(template.seeming)
    used: dict[str, Story] = {}
    while found := _SLOT.search(f"{headline}\n{body}"):
        slot, kind = found[0], found[1]
        value = chance.choice([one for one in slots[kind] if one not in used.values()])
        used[slot] = value
        words |= value.words
        seeming |= value.seeming
        headline, body = headline.replace(slot, value.body), body.replace(slot, value.body)
    told = set(map(ways_of, words))
    seems = frozenset(word for word in seeming if ways_of(word) not in told)
    return Story(template.language, headline[0].upper() + headline[1:], body, frozenset(words), seems, by_hand=False)


def _slots(name: str) -> dict[str, list[Story]]:
    found: dict[str, list[Story]] = defaultdict(list)
    kind = ""
    for line in filter(None, lines(HERE / "slots" / f"{name}.txt")):
        if line.startswith("@"):
            kind = line[1:]
            continue
        parts = _NOTES.fullmatch(line)
        text = parts["text"]
        own = frozenset({text}) if parts["words"] is None and text in spellings() else frozenset()
        found[kind].append(
            Story(LANGUAGES[name], "", text, own | labels(parts["words"] or ""), labels(parts["seeming"] or ""))
        )
    return found
