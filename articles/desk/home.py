"""The first page of the desk: today on a line, what waits for me, what I have in hand, what has just gone out."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.base import short_time, stage_mark
from articles.desk.decisions import waiting_decisions
from articles.desk.duties_view import places_url, told, where_else
from articles.desk.month import corrections
from articles.desk.reports_admin import waiting_for
from articles.desk.today import Day, today
from articles.models import Article, ArticleQuerySet, Channel, Duty, Language, Listing, Person, Source, User
from articles.publishing.rights import Right, articles_of, desks_where, may, may_on

SHOWN = 8
SHOWN_DUTIES = 5


def home(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not isinstance(user, User) or not may(user, Right.WRITE):
        return {"may_write": False}
    published = _published(user)
    day = today(user)
    return {
        "may_write": True,
        "may_arrange": may(user, Right.FRONT),
        "today": day,
        "waiting": _waiting(user),
        "review": _to_review(user),
        "due": _due(user, day),
        "reports": waiting_for(user),
        "duties": _duties(user),
        "mine": _mine(user),
        "corrections": corrections(user, ZoneInfo(day.zone)),
        "published": published,
        "steps": [] if published else _steps(user),
    }


def _waiting(user: User) -> list[dict[str, Any]]:
    """Decisions that wait for a second person, at the desks where this person is an editor or above."""
    return [
        {
            "act": decision.get_act_display(),
            "headline": decision.article.headline,
            "language": decision.article.language,
            "url": reverse("admin:articles_decision_change", args=[decision.pk]),
            "by": decision.by,
            "mine": decision.by_id == user.pk,
            "when": short_time(decision.at, decision.article.desk.zone),
        }
        for decision in waiting_decisions(user)[:SHOWN]
    ]


def _duties(user: User) -> list[dict[str, Any]]:
    """Where errors still stand, at the desks where this person may correct."""
    parts = ["correction__article__publication", "correction__text", "desk"]
    found = Duty.objects.filter(state=Duty.State.OPEN).select_related(*parts)
    if not user.is_superuser:
        theirs = Q(desk__in=desks_where(user, Right.CORRECT)) & ~Q(place=Duty.Place.FRONT)
        found = found.filter(theirs | Q(place=Duty.Place.FRONT) if may(user, Right.LAUNCH) else theirs)
    shown = list(found.order_by("-at", "-pk")[:SHOWN_DUTIES])
    return [
        {"stand": stand, "told": told(stand.duty.correction, user), "url": places_url(stand.duty)}
        for stand in where_else(shown, user)
        if stand.duty
    ]


OPEN = [stage for stage in Article.Stage if stage not in {Article.Stage.PUBLISHED, Article.Stage.SPIKED}]


def _lines(found: ArticleQuerySet) -> list[Article]:
    """Stories as the lists of this page show them."""
    parts = ["desk", "channel", "changed_by__person", "assignee__person"]
    shown = list(found.select_related(*parts).defer("body")[:SHOWN])
    for article in shown:
        article.mark = stage_mark(article)  # type: ignore[attr-defined]
        article.when = short_time(article.changed_at, article.desk.zone)  # type: ignore[attr-defined]
        article.term = short_time(article.due_at, article.desk.zone) if article.due_at else ""  # type: ignore[attr-defined]
    return shown


def _mine(user: User) -> list[Article]:
    """The stories not (or not wholly) public that this person began or has been given, the latest change first.

    Two scans, each along an index of its own, however large the archive is.
    """
    stories = articles_of(user).filter(stage__in=OPEN).order_by("-changed_at", "-pk")
    either = [*_lines(stories.filter(created_by=user)), *_lines(stories.filter(assignee=user))]
    found = {story.pk: story for story in either}
    return sorted(found.values(), key=lambda story: (story.changed_at, story.pk), reverse=True)[:SHOWN]


def _to_review(user: User) -> list[Article]:
    """What was submitted to the desks where this person publishes, what has waited longest first; not their own."""
    desks = list(desks_where(user, Right.PUBLISH))
    waiting = articles_of(user).filter(stage=Article.Stage.REVIEW, desk__in=desks).exclude(submitted_by=user)
    return _lines(waiting.order_by("changed_at", "pk")) if desks else []


def _due(user: User, day: Day) -> list[Article]:
    """What is assigned to this person, or to nobody at a desk of theirs, and is due by the end of tomorrow."""
    whose = Q(assignee=user) | Q(assignee=None)
    soon = articles_of(user).filter(whose, stage__in=OPEN, due_at__lt=day.date + timedelta(days=2))
    shown = _lines(soon.order_by("due_at", "pk"))
    for article in shown:
        article.late = article.due_at < day.date  # type: ignore[attr-defined, operator]
    return shown


def _published(user: User) -> list[dict[str, Any]]:
    """The newest stories of the whole site, from the public lists: one short index scan for each kind of readers."""
    newest: list[Listing] = []
    for readers in {language.readers for language in Language}:
        newest += (
            Listing.objects.on(Listing.Kind.SITE, 0, readers)
            .select_related("publication__edition__by__person", "publication__channel", "publication__article__desk")
            .defer("publication__article__body")[:SHOWN]
        )
    newest.sort(key=lambda listing: listing.first_published_at, reverse=True)
    return [_line(listing, user) for listing in newest[:SHOWN]]


def _line(listing: Listing, user: User) -> dict[str, Any]:
    publication = listing.publication
    mine = may_on(user, Right.WRITE, publication.article)
    form = reverse("admin:articles_article_change", args=[publication.article_id])
    return {
        "headline": publication.read_card()["headline"],
        "language": publication.language,
        "code": publication.code,
        "url": form if mine else reverse("permalink", args=[publication.code]),
        "channel": publication.channel,
        "number": publication.edition.number,
        "by": publication.edition.by,
        "when": short_time(listing.first_published_at, publication.article.desk.zone),
    }


def _steps(user: User) -> list[dict[str, Any]]:
    """What must be there before a first story can go out, and where to make it; a link only for who may."""
    steps = [
        (Channel, Right.SITE, now("A channel for it to stand in"), now("Add a channel")),
        (Source, Right.LIBRARY, now("A source, for example your own newsroom"), now("Add a source")),
        (Person, Right.LIBRARY, now("A responsible editor as readers see them"), now("Add a person")),
        (Article, Right.WRITE, now("The story itself"), now("Write a story")),
    ]
    return [
        {
            "done": model.objects.exists(),  # type: ignore[attr-defined]
            "text": text,
            "link": link,
            "url": reverse(f"admin:articles_{model._meta.model_name}_add") if may(user, right) else "",
        }
        for model, right, text, link in steps
    ]
