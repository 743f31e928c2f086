"""What a converter knows of the elements and attributes of HTML."""

from typing import NamedTuple


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _set(
    "address article aside blockquote body br button caption center col colgroup dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html label "
    "legend li link listing main menu meta nav noframes noscript ol optgroup option p plaintext pre "
    "search section select summary table tbody td template textarea tfoot th thead title tr ul xmp"
)
VOID = _set("area base br col embed hr img input link meta param source track wbr")
WITHOUT_TAGS = _set("script style textarea title xmp iframe noembed noframes plaintext")
CODE = _set("code kbd samp var pre listing script style textarea xmp iframe noembed noframes plaintext")
SEEN = _set("img input embed object video audio canvas svg math code kbd samp var")
BESIDE = frozenset(["rt", "rp", "rtc"])  # read by itself, not between the characters that it explains

# Which open elements a start tag closes, and what stops it.
CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
for _names, _closed, _walls in (
    ("li", "li", "ul ol menu dir"),
    ("dd dt", "dd dt", "dl"),
    ("option optgroup", "option", "select datalist"),
    ("td th", "td th", "table tr"),
    ("tr", "tr td th", "table"),
    ("tbody thead tfoot", "tbody thead tfoot tr td th", "table"),
    (
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 "
        "h2 h3 h4 h5 h6 header hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp",
        "p",
        "table td th caption button object template",
    ),
):
    for _name in _names.split():
        CLOSES[_name] = _set(_closed), _set(_walls)

WORDED = _set(
    "alt title placeholder label summary aria-label aria-description aria-placeholder "
    "aria-roledescription aria-valuetext"
)
META = _set(
    "description keywords author abstract subject application-name apple-mobile-web-app-title og:title "
    "og:description og:site_name og:image:alt og:video:alt article:author article:section article:tag "
    "twitter:title twitter:description twitter:image:alt twitter:label1 twitter:data1 twitter:label2 "
    "twitter:data2 dc.title dc.description dc.subject"
)


class Kind(NamedTuple):
    """Of an element: what there is to do about it."""

    parts: bool
    seen: bool
    link: bool
    void: bool
    code: bool
    untagged: bool
    closes: tuple[frozenset[str], frozenset[str]] | None


def kind_of(name: str) -> Kind:
    found = (name in BLOCKS, name in SEEN, name == "a", name in VOID, name in CODE, name in WITHOUT_TAGS)
    return Kind(*found, CLOSES.get(name)) if any(found) or name in CLOSES else PLAIN


PLAIN = Kind(False, False, False, False, False, False, None)
_ORDINARY = _set(
    "a abbr article b blockquote cite dd del div dl dt em figcaption figure footer h1 h2 h3 h4 header i ins li main "
    "mark nav ol p q s section small span strong sub sup table tbody td tfoot th thead time tr u ul"
)
KINDS = {name: kind_of(name) for name in _ORDINARY}  # of what nearly every page consists of
