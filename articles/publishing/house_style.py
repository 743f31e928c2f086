"""House style, as each desk wants it: its own rules and glossary, put to its stories."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from articles.language.style.check import Finding, State, check
from articles.language.style.names import Name, OwnRule
from articles.models import Article, GlossaryEntry, Language, StyleRule
from articles.models.prepared import prepared, told
from articles.publishing.errors import StyleRefused
from articles.publishing.style_words import SENTENCES

LINES = ("kicker", "headline", "standfirst", "lead_caption")  # in the order of the form
MOST_ENTRIES = 5_000  # of a glossary, and of a desk's own rules, that one look takes


def findings(lines: Mapping[str, str], body: str, *, language: str, desk: int | None) -> list[Finding]:
    """What the style of a desk finds in a text: lines by their field, `body` as clean HTML."""
    entries = GlossaryEntry.objects.filter(Q(desk=desk) | Q(desk=None), language__in=_read_along(language))
    glossary = [
        Name(right, tuple(form for line in wrong.splitlines() if (form := line.strip())), note)
        for right, wrong, note in entries.values_list("right", "wrong", "note")[:MOST_ENTRIES]
    ]
    states: dict[str, str] = {}
    own: list[tuple[OwnRule, str]] = []
    for rule in StyleRule.objects.filter(desk=desk).order_by("pk")[:MOST_ENTRIES] if desk else ():
        if rule.code != StyleRule.OWN:
            states[rule.code] = rule.state
        elif rule.language in {"", language} and rule.state != State.OFF:
            own.append((OwnRule(str(rule.pk), rule.pattern, rule.replacement or None, rule.explanation), rule.state))
    known = {field: lines[field] for field in LINES if lines.get(field)}
    return check(known, body, language=language, states=states, own_rules=own, glossary=glossary)


def _read_along(language: str) -> list[str]:
    return [language] if language in Language.values else []


def findings_of(article: Article) -> list[Finding]:
    """What the style of its desk finds in a working copy."""
    lines = {field: getattr(article, field) for field in LINES}
    return findings(lines, article.body, language=article.language, desk=article.desk_id)


def explained(finding: Finding) -> str:
    """Why it is marked, in a sentence; the desk's own words before ours."""
    return finding.told or str(SENTENCES[finding.message])


def refusing(desks: Iterable[int]) -> set[int]:
    """Those of these desks that let a rule refuse publication."""
    rules = StyleRule.objects.filter(desk__in=set(desks), state=StyleRule.State.BLOCK)
    return set(rules.order_by().values_list("desk_id", flat=True).distinct())


@prepared
def _refuses() -> QuerySet[Any, Any]:
    rules = StyleRule.objects.filter(desk=told("desk"), state=StyleRule.State.BLOCK)
    return rules.order_by().values_list("pk", flat=True)[:1]


def require(article: Article) -> None:
    """Raises StyleRefused where a rule that the desk lets refuse publication finds something."""
    if not _refuses()(desk=article.desk_id):
        return
    if found := [one for one in findings_of(article) if one.blocking]:
        raise StyleRefused([(one.words, explained(one)) for one in found])
