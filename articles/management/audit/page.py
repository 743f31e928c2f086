"""What a reader sees in a story's <article>: its words and pictures, without what the site says around them.

Left out is furniture: where links lead, navigation (but for the names of the trail), labels and other words of the
interface, the way a time is written, and the marks that open a correction in place, whose words stand in the notice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
BLOCKS = {
    "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
    "header", "li", "ol", "p", "section", "table", "tbody", "td", "th", "thead", "tr", "ul", "nav",
}  # fmt: skip
SILENT = {"script", "style", "template", "dt"}
CHROME = {
    "text-size", "headline-mark", "corrected-mark", "corrected-change", "notice-number", "notice-field",
    "notice-ground", "notice-superseded", "notice-links", "retracted-text",
}  # fmt: skip
LABELS = {"notice-head", "reply-head"}  # of which only times, names and the like are the story's
PICTURE = re.compile(r"pictures/([0-9a-f]{64})/")


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    @property
    def css(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self, tag: str = "", css: str = "") -> "Iterator[Node]":
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and (not css or css in child.css):
                    yield child
                yield from child.all(tag, css)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.open[0]


def articles(html: str) -> list[Node]:
    """The stories of a page; there should be one."""
    return list(parse(html).all("article"))


def seen(node: Node) -> list[str]:
    """What a reader sees in it, line by line."""
    lines: list[str] = [""]
    _walk(node, lines)
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def _walk(node: Node, lines: list[str]) -> None:
    if node.tag in SILENT or "data-furniture" in node.attributes or node.css & CHROME:
        return
    if node.tag == "nav":
        if "trail" in node.css:
            lines += [" ".join(seen(link)) for link in node.all("a")] + [""]
        return
    if node.tag == "time":
        lines[-1] += f" {node.attributes.get('datetime', '')} "
        return
    if node.tag == "img":
        found = PICTURE.search(node.attributes.get("src", ""))
        name = found[1] if found else node.attributes.get("src", "")
        lines += [f"[picture {name}: {node.attributes.get('alt', '')}]", ""]
        return
    if "notice" in node.css:
        lines += [f"[notice {' '.join(sorted(node.css - {'notice'}))}]", ""]
    block = node.tag in BLOCKS
    if block or node.tag == "br":
        lines.append("")
    quiet = node.css & LABELS or "erased" in node.css
    for child in node.children:
        if isinstance(child, Node):
            if not (quiet and child.tag in {"strong", "b"}):
                _walk(child, lines)
        elif not quiet:
            lines[-1] += child
    if block:
        lines.append("")


def one(node: Node, tag: str, css: str) -> str:
    """The words of the only element of this kind; empty where there is none."""
    return "\n".join(line for found in node.all(tag, css) for line in seen(found))


def pictures(node: Node) -> dict[str, str]:
    """Address -> digest in the address, of every picture that is shown."""
    found = {}
    for picture in node.all("img"):
        address = picture.attributes.get("src", "")
        named = PICTURE.search(address)
        found[address] = named[1] if named else ""
    return found
