"""What a page says in the language that it is read in: the story itself, or what it was converted to when it appeared.

Nothing is converted here. What an edition says in the other Chinese script was frozen with it (publishing/convert.py).
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, When
from django.db.models.functions import Coalesce

from articles.models import ConversionText, EditionText, Language, Publication, site_language
from articles.site.remembered import remembered

KNOWN = 1024


def is_here(publication: Publication, language: Language) -> bool:
    """Whether a story stands on the pages of this language: as it was written, or converted."""
    return language in languages_of(publication)


@remembered(KNOWN)
def frozen(content: str) -> dict[str, Any]:
    """The content of an edition, or a card, as it stands in the database; not to be changed."""
    found: dict[str, Any] = json.loads(content)
    return found


def card_here(publication: Publication, language: Language) -> dict[str, Any]:
    """The card of a story as pages of this language show it."""
    card: dict[str, Any] = json.loads(frozen_card(publication, language))
    return card


def frozen_card(publication: Publication, language: Language) -> str:
    """The same as JSON."""
    here = publication.language != language and is_here(publication, language)
    return publication.converted_card if here else publication.card


def languages_of(publication: Publication) -> list[Language]:
    """The languages in which a story stands at its own code, its own first."""
    own = Language(publication.language)
    converted = own.other_script and publication.converted_card and not publication.only_in
    return [own, own.other_script] if own.other_script and converted else [own]


@dataclass(frozen=True, order=True)
class Text:
    """One of several public stories that say the same; in order: what stands first, then by age."""

    withdrawn: bool
    key: int
    code: str
    language: str
    converted: bool  # it stands in the other Chinese script, too


def text_of(publication: Publication) -> Text:
    both = len(languages_of(publication)) > 1
    return Text(
        publication.state != Publication.State.STANDING, publication.pk, publication.code, publication.language, both
    )


def stands_in(own: Text, others: Iterable[Text]) -> dict[Language, str]:
    """The code at which each language has what these stories say: one's own before all others, what stands before what
    was retracted, and what was written in a language before what was converted to it."""
    found: dict[Language, str] = {}
    others = sorted(others)
    for few in ([own], [one for one in others if not one.withdrawn], [one for one in others if one.withdrawn]):
        for one in few:
            found.setdefault(Language(one.language), one.code)
        for one in few:
            if one.converted and (other := Language(one.language).other_script):
                found.setdefault(other, one.code)
    return found


def default_of(stands: Collection[Language], original: str | None) -> Language:
    """The language for those who read none of them (x-default), the same for all that say the same: the site's own, the
    one of the original, or the first of all; original: its language, where it is public."""
    wanted = [site_language(), *([Language(original)] if original else []), *Language]
    return next(language for language in wanted if language in stands)


def stored(editions: Iterable[int], language: Language) -> dict[int, str]:
    """The content of editions, as JSON, as pages of this language show it, by their keys; their own where they were not
    converted to it, and nothing where it was erased."""
    found = EditionText.objects.filter(edition__in=list(editions))
    return dict(found.values_list("edition", content_in(language, "edition")))


def content_in(language: Language, edition: str) -> Coalesce | F:
    """The content of an edition as pages of this language show it, for a query; edition: the way to it."""
    if not language.other_script:
        return F(f"{edition}__text__content")
    converted = ConversionText.objects.filter(conversion__edition=OuterRef(edition), conversion__language=language)
    return Coalesce(Subquery(converted.values("content")[:1]), F(f"{edition}__text__content"), output_field=TextField())


def card_in(language: Language, to: str = "") -> Case | F:
    """The card of a publication as pages of this language show it, for a query; to: the way to it ("publication__")."""
    if not language.other_script:
        return F(f"{to}card")
    converted = Q(**{f"{to}language": language.other_script, f"{to}only_in": ""}) & ~Q(**{f"{to}converted_card": ""})
    return Case(When(converted, then=F(f"{to}converted_card")), default=F(f"{to}card"), output_field=TextField())


def words_in(language: Language) -> Coalesce:
    """The words of a notice as pages of this language tell it, for a query; NULL where they were erased."""
    converted = ConversionText.objects.filter(
        conversion__notice=OuterRef("pk"), conversion__language=language, conversion__article__publication__only_in=""
    )
    return Coalesce(Subquery(converted.values("content")[:1]), F("text__content"), output_field=TextField())
