"""A save that came too late: what I changed, what they changed, and both as one, in the story's own form.

The form holds the merge from then on; where both changed one place, radios ask which of the two stands. What was typed
first comes along in hidden fields, so that every answer of the form can be worked out anew, without a script and
without anything kept on the server.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.desk import place_field
from articles.desk.base import short_time
from articles.desk.changes import body_changes
from articles.language import markup, words
from articles.language.differences import Piece, compare
from articles.language.merging import BOTH, MINE, PICKS, Conflict, Merged, merge_body, merge_line, merge_list
from articles.models import Article, Credit, DraftVersion, Language, Person, Picture, Place
from articles.publishing import versions
from articles.publishing.errors import listed
from articles.publishing.script_forms import tidy_forms

LINES = versions.LINES
TEXTS = (*LINES, "body")
ONE_OF = ("channel", "source", "topic", "lead_picture", "language", "desk", "translation_of", "script_forms")
MOST_CREDITS = 50
Raw = dict[
    str, Any
]  # by the names of the form: text, key as text, lists of tags and codes of places, list of [person, role]


@dataclass(frozen=True)
class Choice:
    """A place that both changed, and what was picked."""

    name: str
    conflict: Conflict
    picked: str
    html: bool
    options: Sequence[tuple[str, str]]  # value, words


@dataclass(frozen=True)
class Part:
    """A field of the form that somebody changed meanwhile."""

    name: str
    label: str
    lang: str
    mine: Sequence[Piece] | SafeString
    theirs: Sequence[Piece] | SafeString
    is_html: bool
    choices: Sequence[Choice]
    my_text: str  # whole, to copy from
    their_text: str


@dataclass
class Merge:
    """The three states, and the form's data with both sides' changes in it. hold: why it is not saved yet."""

    data: QueryDict
    base: Raw | None
    mine: Raw
    theirs: Raw
    savers: Sequence[tuple[str, SafeString]] = ()  # who saved meanwhile, and when
    hold: str = ""
    picks: dict[str, list[str]] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        base = self.base or dict.fromkeys(self.mine, "")
        labels = {one.name: one.verbose_name for one in Article._meta.get_fields() if hasattr(one, "verbose_name")}
        labels |= {"tags": _("tags"), "credits": _("credits")}
        lang = self.theirs["language"] if self.theirs["language"] in Language.values else ""
        for name in (*TEXTS, *ONE_OF, "tags", "places", "credits"):
            mine, theirs = self.mine[name], self.theirs[name]
            if mine == theirs:
                continue
            was = base[name] if name in TEXTS or self.base else type(mine)()
            if name == "body":
                yield Part(name, str(labels[name]), lang, body_changes(was, mine), body_changes(was, theirs), True,
                           self._choices(name), mine, theirs)  # fmt: skip
                continue
            said = [self._shown(name, value) for value in (was, mine, theirs)]
            told = [compare(said[0], one) if one != said[0] else [] for one in said[1:]]
            yield Part(name, str(labels[name]), lang if name in (*LINES, "tags") else "", told[0],
                       told[1], False, self._choices(name), said[1], said[2])  # fmt: skip

    def _choices(self, name: str) -> list[Choice]:
        conflicts = _conflicts(name, self.base, self.mine, self.theirs)
        picked = self.picks.get(name, [])
        both = [(BOTH, _("both, as it stands in the text below"))] if name in TEXTS else []
        options = [(MINE, _("mine")), ("theirs", _("theirs")), *both]
        found = []
        for number, conflict in enumerate(conflicts):
            if name not in TEXTS:
                shown = [self._shown(name, value) for value in (conflict.mine, conflict.theirs)]
                conflict = Conflict("", *shown)
            chosen = picked[number] if number < len(picked) else ""
            found.append(Choice(f"pick-{name}-{number}", conflict, chosen, name == "body", options))
        return found

    def _shown(self, name: str, value: Any) -> str:
        """A value of the form in words."""
        if name in TEXTS or name == "script_forms":
            return str(value)
        if name == "tags":
            return listed(list(value))
        if name == "places":
            return place_field.line_of(value)
        if name == "credits":
            people = Person.objects.in_bulk([key for key, _role in value if key.isdecimal() and len(key) < 19])
            roles = dict(Credit.Role.choices)
            by_key = {str(key): str(person) for key, person in people.items()}
            return listed([f"{roles.get(role, role)} {by_key.get(key, key)}" for key, role in value])
        if name == "language":
            return str(dict(Language.choices).get(value, value))
        if name == "translation_of" or not value:
            return str(value)
        model = versions.THINGS[name]
        found = model.objects.filter(pk=value).first() if value.isdecimal() and len(value) < 19 else None
        if isinstance(found, Picture):
            return f"{found.alt} ({found.credit})"
        return str(found or value)


def is_stale(article: Article, posted: QueryDict) -> bool:
    return _number(posted.get("seen", "")) != article.version


def begin(article: Article, posted: QueryDict, *, hold: str) -> Merge:
    """Merge what was posted with what stands now; the base is the version that the person had before them."""
    theirs = _raw(versions.content_now(article))
    seen = _number(posted.get("seen", ""))
    earlier = article.versions.filter(number__lte=seen, number__lt=article.version) if seen else None
    found = earlier.order_by("-number").first() if earlier is not None and seen <= article.version else None
    base = _raw(found.read()) if found else None
    if "merge_mine" in posted and (before := resumed(article, posted)):
        posted = before.data  # what had been picked in the merge that came too late itself
    mine = _posted(posted, theirs)
    merge = Merge(posted.copy(), base, mine, theirs, _savers(article, found), hold)
    for name in [name for name in merge.data if name.startswith(("pick-", "merge_"))]:
        del merge.data[name]
    merge.data["seen"] = str(article.version)
    merge.data["merge_base"] = str(found.number) if found else "0"
    merge.data["merge_mine"] = json.dumps(mine, ensure_ascii=False)
    merge.data["merge_shown"] = "{}"
    for name in TEXTS:
        merge.data[name] = _merged(name, base, mine, theirs, []).text
    for name in ONE_OF:
        merge.data[name] = _one(name, base, mine, theirs, [])
    merge.data["tags"] = ", ".join(merge_list((base or {}).get("tags", []), mine["tags"], theirs["tags"]))
    places = merge_list((base or {}).get("places", []), mine["places"], theirs["places"])
    merge.data["places"] = place_field.line_of(places)
    known = [tuple(one) for one in (base or {}).get("credits", [])]
    _put_credits(merge.data, merge_list(known, *([tuple(one) for one in side["credits"]] for side in (mine, theirs))))
    return merge


def resumed(article: Article, posted: QueryDict) -> Merge | None:
    """The merge that a form answers, with its picks put into its data; None where it answers none."""
    try:
        mine = _posted_again(json.loads(posted.get("merge_mine", "")))
        shown = json.loads(posted.get("merge_shown", "{}"))
    except (ValueError, TypeError, KeyError):
        return None
    number, seen = _number(posted.get("merge_base", "")), _number(posted.get("seen", ""))
    rows = {row.number: row for row in article.versions.filter(number__in=[number, seen])}
    if seen not in rows or not isinstance(shown, dict):
        return None
    base = _raw(rows[number].read()) if number in rows else None
    theirs = _raw(rows[seen].read())
    merge = Merge(posted.copy(), base, mine, theirs, _savers(article, rows.get(number)))
    missing = False
    for name in (*TEXTS, *ONE_OF):
        count = len(_conflicts(name, base, mine, theirs))
        picks = [posted.get(f"pick-{name}-{place}", "") for place in range(count)]
        picks = [pick if pick in PICKS else "" for pick in picks]
        missing = missing or "" in picks
        merge.picks[name] = picks
        before = shown.get(name)
        before = [one for one in before if isinstance(one, str)] if isinstance(before, list) else []
        typed = posted.get(name, "")
        if name in TEXTS:
            stood, stands = (_merged(name, base, mine, theirs, one).text for one in (before, picks))
            again = merge_body if name == "body" else merge_line
            typed = markup.clean(typed) if name == "body" else typed
            merge.data[name] = again(stood, typed, stands, [MINE] * 10_000).text  # what was typed there since, stays
        elif typed == _one(name, base, mine, theirs, before):
            merge.data[name] = _one(name, base, mine, theirs, picks)
    merge.data["merge_shown"] = json.dumps({name: picks for name, picks in merge.picks.items() if picks})
    if missing:
        merge.hold = _("You both changed the same place. Choose what stands, then save.")
    elif "_pick" in posted:
        merge.hold = _("Your choices stand in the text now. Look at it, then save.")
    return merge


def _merged(name: str, base: Raw | None, mine: Raw, theirs: Raw, picks: Sequence[str]) -> Merged:
    """A text of both; where nothing is picked, a line is mine, and a body holds both."""
    merge: Callable[..., Merged] = merge_body if name == "body" else merge_line
    default = BOTH if name == "body" else MINE
    full = [*(pick or default for pick in picks), *[default] * 10_000]
    return merge((base or {}).get(name, ""), mine[name], theirs[name], full)


def _one(name: str, base: Raw | None, mine: Raw, theirs: Raw, picks: Sequence[str]) -> str:
    if base and mine[name] == base[name]:
        return str(theirs[name])
    if base and theirs[name] == base[name]:
        return str(mine[name])
    return str(theirs[name] if list(picks[:1]) == ["theirs"] else mine[name])


def _conflicts(name: str, base: Raw | None, mine: Raw, theirs: Raw) -> Sequence[Conflict]:
    if name in TEXTS:
        return _merged(name, base, mine, theirs, []).conflicts
    if name not in ONE_OF or mine[name] == theirs[name] or (base and base[name] in {mine[name], theirs[name]}):
        return []
    return [Conflict("", mine[name], theirs[name])]


def _savers(article: Article, base: DraftVersion | None) -> list[tuple[str, SafeString]]:
    """Who saved since the base, the newest first, each once."""
    rows = article.versions.filter(number__gt=base.number if base else 0).select_related("by__person")[:50]
    told: dict[str, SafeString] = {}
    for row in rows:
        told.setdefault(str(row.by), short_time(row.saved_at, article.desk.zone))
    return list(told.items())[:5]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _raw(content: dict[str, Any]) -> Raw:
    raw: Raw = {name: content.get(name, "") for name in (*TEXTS, "language", "script_forms")}
    for name in versions.THINGS:
        raw[name] = str(content[name] or "")
    if original := content["translation_of"]:
        raw["translation_of"] = Article.objects.filter(pk=original).values_list("code", flat=True).first() or ""
    places = Place.objects.filter(pk__in=content.get("places", []))
    raw["places"] = list(places.values_list("code", flat=True))
    return raw | {"tags": content["tags"], "credits": [[str(person), role] for person, role in content["credits"]]}


def _posted(posted: QueryDict, theirs: Raw) -> Raw:
    """What the form says; a field that it does not hold counts as left alone."""
    raw: Raw = {name: _usable(posted.get(name, theirs[name])) for name in (*TEXTS, *ONE_OF)}
    for name in LINES:
        raw[name] = words.one_line(raw[name])
    raw["body"] = markup.clean(raw["body"])
    raw["translation_of"] = raw["translation_of"].strip()
    with suppress(ValueError):
        raw["script_forms"] = tidy_forms(raw["script_forms"])
    raw["tags"] = words.split_tags(_usable(posted["tags"])) if "tags" in posted else theirs["tags"]
    raw["places"] = place_field.codes_of(_usable(posted["places"])) if "places" in posted else theirs["places"]
    total = min(_number(posted.get("credits-TOTAL_FORMS", "")), MOST_CREDITS)
    rows = []
    for number in range(total):
        row = {part: posted.get(f"credits-{number}-{part}", "") for part in ("person", "role", "order", "DELETE")}
        if row["person"] and not row["DELETE"]:
            rows.append((_number(row["order"]) or 1000, number, row["person"], row["role"]))
    raw["credits"] = [[person, role] for _order, _row, person, role in sorted(rows)]
    if "credits-TOTAL_FORMS" not in posted:
        raw["credits"] = theirs["credits"]
    return raw


def _posted_again(said: Any) -> Raw:
    """What came along in a hidden field, if it is what we had put there. Raises KeyError, TypeError or ValueError."""
    raw: Raw = {name: markup.clean(said[name]) if name == "body" else _usable(said[name]) for name in (*TEXTS, *ONE_OF)}
    raw["tags"] = [_usable(tag) for tag in said["tags"]]
    raw["places"] = [_usable(code) for code in said["places"]]
    raw["credits"] = [[_usable(person), _usable(role)] for person, role in said["credits"]][:MOST_CREDITS]
    return raw


def _usable(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError
    return "".join(letter for letter in text if letter in "\n\r\t" or not words.unusable_characters(letter))


def _put_credits(data: QueryDict, credits: Sequence[tuple[str, str]]) -> None:
    for name in [name for name in data if name.startswith("credits-")]:
        del data[name]
    data["credits-TOTAL_FORMS"], data["credits-INITIAL_FORMS"] = str(len(credits) + 1), "0"
    data["credits-MIN_NUM_FORMS"], data["credits-MAX_NUM_FORMS"] = "0", str(MOST_CREDITS)
    for number, (person, role) in enumerate(credits):
        row = {"person": person, "role": role, "order": str(number + 1)}
        for part, value in row.items():
            data[f"credits-{number}-{part}"] = value
