"""How names and words must stand in the other Chinese script: a desk's glossary, names given in both scripts, and what
a story itself says."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from articles.language.words import one_line, unusable_characters
from articles.models import GlossaryEntry, Language, Person, in_language, site_language
from articles.models.prepared import prepared, told

Pairs = tuple[tuple[str, str], ...]
MOST = 5_000  # entries of a glossary, and names of people
MOST_FORMS = 100  # of one story
LONGEST = 100  # characters of a form


def pairs_for(
    *, desk: int | None, source: Language, target: Language, own: str = "", own_from: Language | None = None
) -> Pairs:
    """Forms in the source script with those in the target script. What is nearer to the story wins: people's names and
    the site's glossary, the desk's glossary, the story's own lines.

    own_from: the script that those lines lead from, where it is not the source.
    """
    found: dict[str, str] = dict(_people(source, target))
    rows = _glossary(source, target)(desk=desk)
    for *_row, language, right, other in sorted(rows, key=lambda row: row[0] is not None):
        form, there = (right, other) if language == source else (other, right)
        found[form] = there
    lines = read_forms(own)
    found |= {there: form for form, there in lines} if own_from == target else dict(lines)
    return tuple(found.items())


def _people(source: Language, target: Language) -> Iterable[tuple[str, str]]:
    """Names that somebody wrote in both scripts."""
    site = site_language()
    for name, here, there in _names(source, target)():
        here, there = here or (name if site == source else ""), there or (name if site == target else "")
        if here and there:
            yield here, there


@prepared
def _glossary(source: Language, target: Language) -> QuerySet[Any, Any]:
    entries = GlossaryEntry.objects.filter(Q(desk=told("desk")) | Q(desk=None), language__in=[source, target])
    return entries.exclude(other_script="").values_list("desk", "language", "right", "other_script")[:MOST]


@prepared
def _names(source: Language, target: Language) -> QuerySet[Any, Any]:
    fields = [in_language("name", language) for language in (source, target)]
    return Person.objects.exclude(name_zh_hant="", name_zh_hans="").values_list("name", *fields)[:MOST]


def read_forms(lines: str) -> list[tuple[str, str]]:
    """The lines of a story's own forms, "word = word" each; lines that say nothing are passed over."""
    pairs = []
    for line in lines.splitlines():
        form, sign, there = line.replace("＝", "=").partition("=")
        form, there = one_line(form), one_line(there)
        if sign and form and there:
            pairs.append((form, there))
    return pairs


def tidy_forms(lines: str) -> str:
    """The lines as they are kept. Raises ValueError, in words for whoever typed them."""
    kept = [line for line in map(one_line, lines.splitlines()) if line]
    read = read_forms("\n".join(kept))
    if len(read) != len(kept):
        wrong = next(line for line in kept if not read_forms(line))
        raise ValueError(_("“%(line)s” is not of the form word = word.") % {"line": wrong[:40]})
    if len(kept) > MOST_FORMS:
        raise ValueError(_("These are %(count)d lines; %(most)d are the most.") % {"count": len(kept),
                                                                                     "most": MOST_FORMS})  # fmt: skip
    for form in (form for pair in read for form in pair):
        if len(form) > LONGEST or unusable_characters(form):
            raise ValueError(_("“%(form)s” is too long, or contains characters that cannot be shown.") % {
                "form": form[:40]})  # fmt: skip
    return "\n".join(f"{form} = {there}" for form, there in dict(read).items())
