"""The HTML that a story may hold: an allow-list, applied on write and again on render.

`clean` is idempotent: what it returned once, it returns unchanged for ever (a property test holds that), so a second
pass never alters a stored edition.
"""

import re
import unicodedata
from collections.abc import Callable
from html import unescape

import nh3

TAGS = {
    "p", "h2", "h3", "strong", "em", "a", "ul", "ol", "li", "blockquote", "br", "figure", "figcaption", "cite", "span",
    "table", "thead", "tbody", "tr", "th", "td", "sub", "sup",
}  # fmt: skip
BLOCKS = TAGS - {"a", "strong", "em", "span", "sub", "sup", "br"}
ATTRIBUTES = {
    "a": {"href", "lang", "hreflang"},
    "figure": {"data-picture"},
    "p": {"lang"},
    "h2": {"lang"},
    "h3": {"lang"},
    "blockquote": {"lang"},
    "span": {"lang"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "head"}
SCHEMES = {"http", "https", "mailto", "tel"}

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_PICTURE = re.compile(r"[0-9a-f]{1,64}")
_SPAN = re.compile(r"[1-9][0-9]?")
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff\u202a-\u202e\u2066-\u2069]")
_REFERENCE = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});?")
_PIECE = re.compile(r"<[^>]*>|[^<]+")
_POINTLESS_WHEN_EMPTY = {"p", "h2", "h3", "li", "ul", "ol", "blockquote", "span", "strong", "em", "a", "sub", "sup"}
_FIGURE = re.compile(r'<figure data-picture="([0-9a-f]{1,64})">(.*?)</figure>', re.DOTALL)
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_CREDIT = re.compile(r"<cite>(.*?)</cite>", re.DOTALL)
_TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
_THIRD = re.compile(r"<(/?)h3(?=[ >])")
_PARTING = BLOCKS | {"br"}


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in {"lang", "hreflang"}:
        return value if _LANGUAGE.fullmatch(value) else None
    if name == "data-picture":
        return value if _PICTURE.fullmatch(value) else None
    if name in {"colspan", "rowspan", "start"}:
        return value if _SPAN.fullmatch(value) else None
    if name == "href":
        value = value.strip()
        return None if not value or value.startswith(("//", "\\", "/\\")) else value
    return value


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes=SCHEMES,
        attribute_filter=_attribute,
        link_rel=None,
        strip_comments=True,
    )


_CLEANER = _cleaner(TAGS)
_BEFORE_CREDITS = _cleaner(TAGS - {"cite"})


def _usable(text: str) -> str:
    """Without characters that a page, a feed or a database cannot hold, also when written as references."""

    def plain(match: re.Match[str]) -> str:
        return "" if _UNUSABLE.search(unescape(match[0])) else match[0]

    return _UNUSABLE.sub("", _REFERENCE.sub(plain, text))


def clean(html: str) -> str:
    """The story HTML in `html` and nothing else, normalised to NFC. Never raises; hostile input comes out harmless.

    A figure is `<figure data-picture="7"><figcaption>…</figcaption><cite>…</cite></figure>`: the caption here and,
    where it is another one than the picture's own, the credit here, in plain words.
    """
    return _settled(html, _CLEANER)


def clean_before_credits(html: str) -> str:
    """`clean` as it was for the formats 1 and 2, which knew no credit of one use."""
    return _settled(html, _BEFORE_CREDITS)


def _settled(html: str, cleaner: nh3.Cleaner) -> str:
    for _ in range(8):  # nearly always two rounds; nesting hidden in nesting takes a few more
        once = _once(html, cleaner)
        if once == html:
            break
        html = once
    return html


# What rendering applies to the body of an edition, by the number of its format (publishing/freeze.py): a stricter list
# in a later release begins with a new format, and leaves the editions before it as readers saw them.
CLEANERS = {1: clean_before_credits, 2: clean_before_credits, 3: clean, 4: clean}


def _once(html: str, cleaner: nh3.Cleaner) -> str:
    html = cleaner.clean(unicodedata.normalize("NFC", _usable(html)).replace("\r\n", "\n").replace("\r", "\n"))
    return _without_empty(_credits_last(html) if "<cite>" in html else html).strip()


def _credits_last(html: str) -> str:
    """Well-formed HTML in which a <cite> stands last in its figure, once, with plain words; elsewhere it is none."""
    kept: list[str] = []
    opened: list[str] = []
    credits: list[list[str]] = []  # of each figure that is open
    inside = 0  # how many elements of a credit are open
    for piece in _PIECE.findall(html):
        if not piece.startswith("<"):
            (credits[-1] if inside else kept).append(piece)
        elif piece == "<br>":
            (credits[-1] if inside else kept).append(" " if inside else piece)
        elif not piece.startswith("</"):
            name = piece[1:-1].partition(" ")[0]
            if inside or (name == "cite" and opened and opened[-1] == "figure"):
                inside += 1
                credits[-1] += [" "] if inside == 1 else []
            elif name != "cite":
                kept.append(piece)
            if name == "figure" and not inside:
                credits.append([])
            opened.append(name)
        elif opened:
            name = opened.pop()
            if inside:
                inside -= 1
            elif name == "figure":
                words = " ".join("".join(credits.pop()).split())
                kept += [f"<cite>{words}</cite>"] if unescape(words).strip() else []
                kept.append(piece)
            elif name != "cite":
                kept.append(piece)
    return "".join(kept)


def _without_empty(html: str) -> str:
    """Well-formed HTML without elements that hold nothing but space, and without figures that name no picture or
    stand in another figure; one pass, so that no nesting makes it slow."""
    kept: list[str] = []
    opened: list[tuple[str, int, bool]] = []  # name, its place in `kept`, and whether it goes whatever it holds
    filled: list[bool] = [False]  # whether something was seen in the document, and in each opened element
    figures = 0
    for piece in _PIECE.findall(html):
        if not piece.startswith("<"):
            kept.append(piece)
            filled[-1] = filled[-1] or bool(unescape(piece).strip())
        elif piece == "<br>":
            kept.append(piece)
        elif not piece.startswith("</"):
            name = piece[1:-1].partition(" ")[0]
            opened.append((name, len(kept), name == "figure" and (figures > 0 or piece == "<figure>")))
            figures += name == "figure"
            filled.append(False)
            kept.append(piece)
        elif opened:
            name, place, goes = opened.pop()
            figures -= name == "figure"
            if not goes and (filled.pop() or name not in _POINTLESS_WHEN_EMPTY):
                kept.append(piece)
                filled[-1] = True
            else:
                del kept[place:]
                del filled[len(opened) + 1 :]
    return "".join(kept)


def pictures_in(html: str) -> list[str]:
    """What `data-picture` names in clean HTML, in order, each once."""
    return list(dict.fromkeys(name for name, _ in _FIGURE.findall(html)))


def credits_in(html: str) -> dict[str, str]:
    """The credits of single uses in clean HTML, as plain words, by what `data-picture` names."""
    found = ((name, _CREDIT.search(inside)) for name, inside in _FIGURE.findall(html))
    return {name: text_of(credit[1]) for name, credit in found if credit}


def replace_figures(html: str, write: Callable[[str, str, str], str]) -> str:
    """Clean HTML with every figure replaced by `write(picture, caption, credit)`; both texts are HTML."""

    def figure(match: re.Match[str]) -> str:
        caption, credit = _CAPTION.search(match[2]), _CREDIT.search(match[2])
        return write(match[1], caption[1].strip() if caption else "", credit[1] if credit else "")

    return _FIGURE.sub(figure, html)


def lifted(html: str) -> str:
    """Clean HTML in which an <h3> that no <h2> goes before is one itself: above it is the headline, an <h1>, and no
    level is left out."""
    before, first, after = html.partition("<h2")
    if "<h3" not in before:
        return html
    return _THIRD.sub(r"<\1h2", before) + first + after


def text_of(html: str) -> str:
    """The words of clean HTML as plain text, blocks and lines parted by a space."""
    return " ".join(unescape(_TAG.sub(lambda tag: " " if tag[1] in _PARTING else "", html)).split())
