"""When a story goes out, beside now: scheduling on the page of publishing, what waits, and the embargo."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import desk_page, stage_mark
from articles.desk.moment_form import MomentForm
from articles.models import Article, Correction, Edition, Publication, Schedule, User
from articles.models.checks import check_line
from articles.publishing import (
    Note,
    PublishingError,
    cancel_schedule,
    lift_embargo,
    move_schedule,
    schedule,
    set_embargo,
    waiting,
)
from articles.publishing.notes import MAX_NOTE
from articles.publishing.rights import Right, articles_of, may, roles
from articles.publishing.schedules import late, may_change

Kind = Edition.Kind
State = Schedule.State
SHOWN = 20  # schedules of one story
SHOWN_LATE = 3
PREFIX = "at"


class TimingForm(MomentForm):
    """On the page of publishing: at which time instead of now. `further`: something else goes out before, so that this
    will be a change of a public story, though it is not public yet."""

    change = forms.ChoiceField(
        label=_("Kind of change"), choices=[(Kind.TYPO, Kind.TYPO.label), (Kind.UPDATE, Kind.UPDATE.label)]
    )
    note = forms.CharField(
        label=_("Note to the public"), max_length=MAX_NOTE, validators=[check_line], required=False,
        help_text=_("Of an update: what is new."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, article: Article, *, public: bool) -> None:
        """Bound only where this button was pressed; what was typed in it is kept all the same."""
        self.wanted = "schedule" in request.POST
        sent = {name: request.POST.get(f"{PREFIX}-{name}") for name in self.base_fields}
        typed = {name: value for name, value in sent.items() if value is not None}
        super().__init__(request.POST if self.wanted else None, prefix=PREFIX, desk=article.desk, initial=typed)
        self.further = not public and waiting.pending(article).filter(act=Schedule.Act.PUBLISH).exists()
        if not self.further:
            del self.fields["change"], self.fields["note"]

    def told(self) -> dict[str, Any]:
        """As `schedule` takes it, where the page itself asks for no kind."""
        given = self.cleaned_data
        if not self.further:
            return {}
        if given["change"] == Kind.TYPO:
            return {"kind": Kind.TYPO}
        return {"noted": [Note(kind=Kind.UPDATE, text=given["note"])]}


def schedule_from(
    request: HttpRequest, article: Article, timing: TimingForm, *, seen: int, words: str, told: dict[str, Any]
) -> HttpResponse:
    """Schedule what the page shows. Raises what `schedule` raises."""
    row = schedule(
        article, seen=seen, words=words, by=request.user, due_at=timing.cleaned_data["moment"],  # type: ignore[arg-type]
        zone=timing.cleaned_data["zone"], **told | timing.told(),
    )  # fmt: skip
    messages.success(request, now("Scheduled for %(when)s.") % {"when": when(row.due_at, row.zone)})
    return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[article.pk]))


def when(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


@dataclass
class Waiting:
    """A schedule as pages show it."""

    row: Schedule
    what: str
    when: str
    mark: tuple[str, str]  # class and word
    why: str
    url: str  # of its own page, for who may change it


def shown(rows: Iterable[Schedule], user: User) -> list[Waiting]:
    return [
        Waiting(
            row=row,
            what=what(row),
            when=when(row.due_at, row.zone),
            mark=mark(row),
            why=why(row),
            url=page_of(row) if row.state == State.PENDING and may_change(user, row) else "",
        )
        for row in rows
    ]


def what(row: Schedule) -> str:
    if row.act == Schedule.Act.TAKEDOWN:
        return now("takedown")
    return now("version %(number)d") % {"number": row.version.number} if row.version else now("publication")


def mark(row: Schedule) -> tuple[str, str]:
    shapes = {State.PENDING: "scheduled", State.DONE: "published", State.FAILED: "overdue", State.CANCELLED: "off"}
    return shapes[State(row.state)], str(row.get_state_display())


def why(row: Schedule) -> str:
    """What ended it, or holds it, in a sentence."""
    if row.error == waiting.WITHDRAWN:
        return now("The story was withdrawn before.")
    if row.error == waiting.ERASED:
        return now("Texts of the story were erased before.")
    if row.error.startswith(f"{waiting.PASSED} "):
        return now("Edition %(number)s went out before.") % {"number": row.error.split(" ")[1]}
    if row.state == State.PENDING and row.error:
        return now("It failed, and is tried again by itself: %(error)s") % {"error": row.error}
    return row.error


def page_of(row: Schedule) -> str:
    return reverse("admin:articles_article_schedule", args=[row.article_id, row.pk])


def timing_context(article: Article, user: Any, timing: TimingForm) -> dict[str, Any]:
    """What the page of publishing shows of times."""
    rows = article.schedules.select_related("version").defer("terms").order_by("-due_at", "-pk")[:SHOWN]
    open_rows = [row for row in rows if row.state in {State.PENDING, State.FAILED}]
    closed = [row for row in rows if row.state not in {State.PENDING, State.FAILED}]
    waiting_now = shown(open_rows[::-1], user)
    for one in waiting_now:
        if one.row.state == State.PENDING and one.row.version and not one.why:
            one.why = now("Falls away as soon as the text that stands now is published.")
    return {
        "timing": timing,
        "waiting": waiting_now,
        "waited": shown(closed, user),
        "embargo": when(article.embargo_until, article.embargo_zone) if article.embargo_until else "",
    }


def _article(request: HttpRequest, pk: int) -> Article:
    article = articles_of(request.user).select_related("desk").filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    return article


def schedule_page(request: HttpRequest, pk: int, schedule: int) -> HttpResponse:
    """What waits for its time: POST moves it to another time, or cancels it."""
    article = _article(request, pk)
    rows = article.schedules.select_related("version", "by__person", "decision__second__person")
    row = rows.filter(pk=schedule).first()
    if not row:
        raise Http404
    user: Any = request.user
    movable = row.act == Schedule.Act.PUBLISH
    form = MomentForm(request.POST if "move" in request.POST else None, desk=article.desk)
    form.fill(row.due_at, row.zone)
    refused = ""
    if request.method == "POST" and ("cancel" in request.POST or form.is_valid()):
        try:
            if "cancel" in request.POST:
                cancel_schedule(row, by=user)
                messages.success(request, now("Cancelled. It does not go out by itself."))
            else:
                moment, zone = form.cleaned_data["moment"], form.cleaned_data["zone"]
                move_schedule(row, by=user, due_at=moment, zone=zone)
                messages.success(request, now("Moved to %(when)s.") % {"when": when(moment, zone)})
        except PublishingError as error:
            refused = str(error)
            row.refresh_from_db()
        else:
            return HttpResponseRedirect(_back(request, article))
    (one,) = shown([row], user)
    return desk_page(
        request, "desk/schedule.html", title=now("Schedule"), article=article, stage_mark=stage_mark(article), one=one,
        form=form, refused=refused, movable=movable, back=_back(request, article),
        told=[(Correction.Kind(note.kind).label, note) for note in waiting.read_terms(row)[1]],
    )  # fmt: skip


def _back(request: HttpRequest, article: Article) -> str:
    """To where they came from: the calendar, with what it showed, or the story's page of publishing."""
    calendar, came = reverse("desk-calendar"), request.GET.get("from", "")
    if came.startswith("?"):
        return calendar + came
    return reverse("admin:articles_article_publish", args=[article.pk])


def embargo_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when a story may not be public. POST sets it, or lifts it."""
    article = _article(request, pk)
    user: Any = request.user
    form = MomentForm(request.POST if "set" in request.POST else None, desk=article.desk)
    if article.embargo_until:
        form.fill(article.embargo_until, article.embargo_zone)
    refused = ""
    if request.method == "POST" and ("lift" in request.POST or form.is_valid()):
        try:
            if "lift" in request.POST:
                lift_embargo(article, by=user)
                messages.success(request, now("The embargo is lifted."))
            else:
                moment, zone = form.cleaned_data["moment"], form.cleaned_data["zone"]
                set_embargo(article, by=user, until=moment, zone=zone)
                messages.success(request, now("Nothing of this story is public before %(when)s.")
                                 % {"when": when(moment, zone)})  # fmt: skip
        except PublishingError as error:
            refused = str(error)
        else:
            return HttpResponseRedirect(reverse("admin:articles_article_publish", args=[pk]))
    return desk_page(
        request, "desk/embargo.html", title=now("Embargo"), article=article, stage_mark=stage_mark(article), form=form,
        refused=refused, public=Publication.objects.filter(article=article).exists(),
        embargo=when(article.embargo_until, article.embargo_zone) if article.embargo_until else "",
        may_lift=may(user, Right.PUBLISH, article.desk_id),
    )  # fmt: skip


def late_at(user: Any) -> list[Waiting]:
    """What should have gone out more than a minute ago, at the desks where this person publishes; the first few."""
    if not isinstance(user, User) or not may(user, Right.PUBLISH):
        return []
    found = late()
    if not user.is_superuser:
        found = found.filter(desk__in=[desk for desk in roles(user) if may(user, Right.PUBLISH, desk)])
    if not found.order_by().exists():  # as nearly always, on every page of the desk
        return []
    return shown(found.select_related("article", "version").defer("article__body")[:SHOWN_LATE], user)
