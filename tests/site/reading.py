"""Reading an answer as a browser does: parsed strictly, asked by the simplest of selectors."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

OF_NO_WEIGHT = re.compile(rb'(?<==")[^"&]*(?=")|(?<=>)[^<&]+(?=<)')  # values and text, but where they hold an entity
_faultless: set[bytes] = set()
ONE = re.compile(r"(?P<tag>[a-z0-9]+)?(?:\.(?P<css>[\w-]+))?(?:\[(?P<name>[\w:-]+)(?:=(?P<value>[^\]]*))?\])?")


class Part:
    """An element of a page. A selector is `tag.class[attribute=value]`, each optional; a space means "inside"."""

    def __init__(self, element: Element) -> None:
        self.element = element

    def all(self, selector: str) -> list["Part"]:
        found = [self.element]
        for step in selector.split():
            found = list({id(below): below for one in found for below in _below(one, step)}.values())
        return [Part(element) for element in found]

    def one(self, selector: str) -> "Part":
        (found,) = self.all(selector)
        return found

    def none(self, selector: str) -> bool:
        return not self.all(selector)

    @property
    def words(self) -> str:
        return " ".join("".join(self.element.itertext()).split())

    def __getitem__(self, attribute: str) -> str:
        return self.element.attrib[attribute]

    def get(self, attribute: str) -> str | None:
        return self.element.get(attribute)

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(link.words, link["href"]) for link in self.all("a")]


def _below(element: Element, step: str) -> Iterator[Element]:
    wanted = ONE.fullmatch(step)
    assert wanted, step
    for below in element.iter(wanted["tag"]):
        if below is element or not isinstance(below.tag, str):
            continue
        if wanted["css"] and wanted["css"] not in below.get("class", "").split():
            continue
        has = below.get(wanted["name"] or "")
        if not wanted["name"] or (has is not None and wanted["value"] in {None, has}):
            yield below


def parse(content: bytes) -> Part:
    """The page; fails on any error of its HTML."""
    shape = OF_NO_WEIGHT.sub(b"", content)
    if shape not in _faultless:  # a strict parser in Python is dear, and what errs is how tags are put together
        html5lib.HTMLParser(strict=True).parse(content, transport_encoding="utf-8")
        _faultless.add(shape)
    return Part(tree(content))


def tree(content: bytes) -> Element:
    """The page, as forgiving as a browser."""
    root = LexborHTMLParser(content).root
    assert root
    return _element(root)


def _element(node: LexborNode) -> Element:
    element = Element(node.tag or "", {name: value or "" for name, value in node.attributes.items()})
    last = None
    for child in node.iter(include_text=True):
        if child.is_element_node:
            last = _element(child)
            element.append(last)
        elif child.is_text_node and last is None:
            element.text = (element.text or "") + (child.text_content or "")
        elif child.is_text_node and last is not None:
            last.tail = (last.tail or "") + (child.text_content or "")
    return element


def read(client: Client, path: str, status: int = 200) -> Part:
    response = client.get(path)
    assert response.status_code == status, f"{path} answers {response.status_code}"
    return parse(response.content)


def structured_data(page: Part, kind: str = "NewsArticle") -> dict[str, Any]:
    """The one thing of a kind that the page tells machines."""
    (data,) = (one for one in all_structured_data(page) if one["@type"] == kind)
    return data


def all_structured_data(page: Part) -> list[dict[str, Any]]:
    return [json.loads(script.element.text or "") for script in page.all("script[type=application/ld+json]")]


def main_of(content: bytes) -> bytes:
    """The bytes of a page's <main>: what the page is about, without what surrounds every page."""
    return content[content.index(b"<main") : content.index(b"</main>")]


def headlines(page: Part) -> list[str]:
    """Of the cards and lines on a list, in order."""
    return [link.words for link in page.one("main").all(".headline a")]
