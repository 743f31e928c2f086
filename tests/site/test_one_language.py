"""No page mixes languages: its own words are all in its language and script, and what is in another one says so."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import polib
import pytest
from django.test import Client

from articles.language.style.letters import SIMPLIFIED, TRADITIONAL
from articles.models import Language, Tag, User
from articles.site import addresses
from tests.harness.once import on_one_database
from tests.journeys.reader_pages import PAGES, whole_newspaper
from tests.site.reading import Part, parse

LOCALE = Path(__file__).parent.parent.parent / "articles" / "locale"
SPOKEN = {"alt", "aria-label", "title", "placeholder"}
HAN, TIBETAN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u0f00-\u0fff]")
HOLDER = re.compile(r"%\(\w+\)[sd]")
# Names that every language writes alike.
SAME = {"RSS", "CSV", "English", "JSON"}


def words_of(page: Part) -> Iterator[tuple[str, str]]:
    """Each piece of text on a page, and what is spoken or shown by scripts, with the language that it says it has."""

    def walk(element: Element, lang: str) -> Iterator[tuple[str, str]]:
        lang = element.get("lang", lang)
        if element.tag in {"script", "style", "code", "head"}:  # a title cannot say that a name in it is foreign
            return
        for name, value in element.attrib.items():
            told = name in SPOKEN or (
                name.startswith("data-") and " " not in name and not value.startswith(("/", "http"))
            )
            if told and name not in {"data-voices", "data-edition", "data-letter"}:
                yield value.strip(), lang
        yield (element.text or "").strip(), lang
        for below in element:
            if isinstance(below.tag, str):
                yield from walk(below, lang)
            yield (below.tail or "").strip(), lang

    return ((" ".join(words.split()), lang) for words, lang in walk(page.element, "") if words)


def english() -> tuple[set[str], list[re.Pattern[str]]]:
    """What the interface says in English: whole sentences, and patterns of those with places in them."""
    sentences, patterns = set(), []
    for entry in polib.pofile(str(LOCALE / "zh_Hant" / "LC_MESSAGES" / "django.po")):
        for text in filter(None, (entry.msgid, entry.msgid_plural)):
            if text in SAME or not re.search("[A-Za-z]{2}", text):
                continue
            if HOLDER.search(text):
                parts = [re.escape(part) for part in HOLDER.split(text)]
                if max(len(re.findall("[a-z]", part)) for part in HOLDER.split(text)) > 2:
                    patterns.append(re.compile(".+".join(parts)))
            else:
                sentences.add(" ".join(text.split()))
    return sentences, patterns


def faults(page: Part, language: Language) -> list[str]:
    sentences, patterns = english()
    found = []
    for words, lang in words_of(page):
        if lang.split("-")[:2] != language.value.split("-")[:2]:
            continue  # it says that it is in another language
        if language == Language.ZH_HANT and set(words) & SIMPLIFIED:
            found.append(f"simplified: {words}")
        if language == Language.ZH_HANS and set(words) & TRADITIONAL:
            found.append(f"traditional: {words}")
        if language in {Language.EN, Language.BO} and HAN.search(words):
            found.append(f"Chinese: {words}")
        if language != Language.BO and TIBETAN.search(words):
            found.append(f"Tibetan: {words}")
        is_english = words in sentences or any(pattern.fullmatch(words) for pattern in patterns)
        if language != Language.EN and is_english:
            found.append(f"English: {words}")
    return found


@pytest.fixture
def paths(administrator: User, chief: User, editor: User) -> dict[str, str]:
    found = whole_newspaper(administrator, chief, editor)
    Tag.objects.filter(name="初雪").update(slug="first-snow")
    return found | {"tag": "/tag/first-snow/"}


@on_one_database
@pytest.mark.parametrize("language", list(Language))
def test_every_word_of_a_page_is_in_its_language_or_says_which_it_is_in(
    language: Language, client: Client, paths: dict[str, str]
):
    found, seen = {}, set()
    for name, path in paths.items():
        here = addresses.in_language(path, language)
        answer = client.get(here)
        if answer.status_code in {301, 302, 404} and name != "nothing":
            continue  # a story or a list that does not stand in this language
        seen.add(name)
        if mixed := faults(parse(answer.content), language):
            found[here] = mixed
    assert found == {}, "\n".join(f"{path}: {'; '.join(mixed)}" for path, mixed in found.items())
    assert len(seen) > (len(PAGES) / 2 if language in {Language.ZH_HANT, Language.ZH_HANS} else 9)
