"""The front editor: the slots as they will look, the stories that could stand there, and the one button."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.views.decorators.http import require_safe
from js_asset import ImportMap, Media, Script

from articles.desk import front_form
from articles.desk.base import desk_page, short_time
from articles.desk.body_editor import ADD_URL, CHOOSE_URL, LABELS, THUMB_URL, importmap
from articles.desk.duties_view import told
from articles.desk.front_candidates import Found, candidates, readers_of
from articles.desk.front_form import Line
from articles.desk.keys import key_of
from articles.desk.moment_form import MomentForm
from articles.desk.timing_view import when
from articles.desk.today import zone_of
from articles.models import Desk, Front, FrontSchedule, FrontVersion, Language, Publication, Slot, User, site_language
from articles.publishing import (
    LiveMoved,
    PublishingError,
    StaleFront,
    arrange,
    cancel_launch,
    confirm,
    launch,
    schedule_launch,
)
from articles.publishing.front_duties import asking
from articles.publishing.fronts import MOST, draft_of, front_at, headline_of, slots_of
from articles.publishing.launch_front import same
from articles.publishing.rights import Right, may

SHOWN = 20  # schedules
MOVES = ("up", "down", "top", "remove")
PREFIX = "at"


def front_named(request: HttpRequest, which: str) -> Front:
    """The front of an address: `site`, or the key of a channel. For those who arrange; 404 for what is none."""
    if not may(request.user, Right.FRONT):
        raise PermissionDenied
    front = front_at(0) if which == "site" else front_at(key_of(which)) if key_of(which) else None
    if not front:
        raise Http404
    return front


@dataclass
class Editor:
    """One request to the editor, and what its page will show."""

    request: HttpRequest
    front: Front

    def __post_init__(self) -> None:
        user: Any = self.request.user
        self.user: User = user
        self.posted = self.request.POST
        self.zone: ZoneInfo = zone_of(user)
        self.draft: FrontVersion | None = draft_of(self.front)
        self.saved: list[Slot] = list(slots_of(self.draft or self.front.live))
        self.typed = "arranged" in self.posted
        self.seen = self.draft.saves if self.draft else 0
        self.instead_of = self.shown  # the version that readers saw when the person decided
        self.errors: list[str] = []
        self.stale: StaleFront | None = None
        wanted = "schedule" in self.posted
        self.moment = MomentForm(
            self.posted if wanted else None, prefix=PREFIX, desk=Desk(time_zone=str(self.zone)),
            initial={name: self.posted.get(f"{PREFIX}-{name}") for name in ("date", "time", "zone")
                     if f"{PREFIX}-{name}" in self.posted},
        )  # fmt: skip
        if self.typed:
            self.lines = front_form.posted_lines(self.posted, self.saved)
            self.seen = key_of(self.posted.get("seen", "")) if self.posted.get("seen") != "0" else 0
            self.instead_of = key_of(self.posted.get("live", ""))
        else:
            self.lines = front_form.lines_of(self.saved, self.zone)

    @property
    def shown(self) -> int:
        """The number of the version that readers see; 0 where nothing was launched yet."""
        return (self.front.live.number or 0) if self.front.live else 0

    # --- what a button asks for -------------------------------------------------------------------------------

    def act(self) -> HttpResponse | None:
        """An answer, where the page is not to be shown again."""
        posted = self.posted
        try:
            if "cancel" in posted:
                return self._cancel(posted["cancel"])
            if "confirm" in posted:
                self._confirm(posted["confirm"])
            elif "_save" in posted:
                return self._done(now("Saved. Readers see nothing of it yet.")) if self._save() else None
            elif "launch" in posted:
                return self._launch()
            elif "schedule" in posted:
                return self._schedule()
            else:
                self._move()
        except StaleFront as error:
            self.stale = error
            self.front = front_at(self.front.place) or self.front
            self.errors.append(str(error))
        except PublishingError as error:
            self.errors.append(str(error))
        return None

    def _save(self) -> bool:
        """Whether the draft holds now what was sent; where it does already, nothing is saved."""
        if not self.typed:
            return True
        wanted = front_form.cleaned(self.lines, self.zone)
        if wanted is None:
            self.errors.append(now("Something in the arrangement is wrong. It is said at the slot."))
            return False
        standing = self.draft.saves if self.draft else 0
        if not (self.draft and self.seen == standing and front_form.as_saved(wanted, self.saved)):
            self.draft = arrange(self.front, seen=self.seen, slots=wanted, by=self.user)
            self.seen = self.draft.saves
            self._read_saved()  # the page is shown once more where it cannot be launched
        return True

    def _launch(self) -> HttpResponse | None:
        if not self._save():
            return None
        version = launch(self.front, seen=self.seen, instead_of=self.instead_of, by=self.user)
        told_now = now("Version %(number)d is what readers see now.") % {"number": version.number}
        return self._done(format_html('{} <a href="{}">{}</a>', told_now, public_url(self.front), now("Look at it")))

    def _schedule(self) -> HttpResponse | None:
        if not self.moment.is_valid():
            self.errors.append(now("Say when it is to be launched: a date and a time."))
            return None
        if not self._save():
            return None
        given = self.moment.cleaned_data
        row = schedule_launch(self.front, seen=self.seen, by=self.user, due_at=given["moment"], zone=given["zone"])
        return self._done(now("It will be launched at %(when)s.") % {"when": when(row.due_at, row.zone)})

    def _cancel(self, key: str) -> HttpResponse:
        row = FrontSchedule.objects.filter(front=self.front.place, pk=key_of(key)).first()
        if not row:
            raise Http404
        cancel_launch(row, by=self.user)
        return self._done(now("Cancelled. It is not launched by itself."))

    def _confirm(self, key: str) -> None:
        slots = Slot.objects.select_related("version__front", "publication__edition")
        slot = slots.filter(version__front=self.front.place, pk=key_of(key)).first()
        if not slot:
            raise Http404
        edition = key_of(self.posted.get(f"edition-{slot.pk}", "")) or slot.publication.edition.number
        confirm(slot, edition=edition, by=self.user)
        messages.success(self.request, now("Confirmed: it stands as it is."))
        self._read_saved()

    def _read_saved(self) -> None:
        self.saved = list(slots_of(self.draft or self.front.live))
        by_story = {one.publication_id: one for one in self.saved}
        for line in self.lines:
            line.saved = by_story.get(line.story.pk)

    def _done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(editor_url(self.front))

    def _move(self) -> None:
        """What the buttons do without a script: the arrangement on the page changes, and nothing is saved yet."""
        for name in MOVES:
            if row := self.posted.get(name, ""):
                place = next((place for place, line in enumerate(self.lines) if line.row == row), None)
                if place is not None:
                    line = self.lines.pop(place)
                    to = {"up": max(place - 1, 0), "down": place + 1, "top": 0}.get(name)
                    self.lines = [*self.lines[:to], line, *self.lines[to:]] if to is not None else self.lines
        for name in ("add", "lead"):
            if story := front_form.stories_by_key([key_of(self.posted.get(name, ""))]):
                (one,) = story.values()
                if one.pk in {line.story.pk for line in self.lines}:
                    continue
                if len(self.lines) >= MOST:
                    self.errors.append(now("A front has %(most)d slots at most. Take one out first.") % {"most": MOST})
                    continue
                line = front_form.added(self.lines, one)
                self.lines = [line, *self.lines] if name == "lead" else [*self.lines, line]

    # --- the page ---------------------------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        front_form.furnish(self.lines, self.user)
        standing = self.draft.saves if self.draft else 0
        if self.stale or self.seen > standing:
            self.seen = standing  # a second click is meant
        if self.stale or self.instead_of > self.shown:
            self.instead_of = self.shown
        moved = isinstance(self.stale, LiveMoved)
        live = list(slots_of(self.front.live))
        rows = FrontSchedule.objects.filter(front=self.front.place).select_related("by__person")
        schedules = rows.order_by("-due_at", "-pk")[:SHOWN]
        return {
            "front": self.front,
            "which": self.front.place or "site",
            "lines": self.lines,
            "blank": _blank(),
            "seen": self.seen,
            "instead_of": self.instead_of,
            "zone": str(self.zone),
            "marks": Slot.Mark.choices,
            "errors": self.errors,
            "theirs": [headline_of(slot.publication) if not slot.headline else slot.headline
                       for slot in (live if moved else slots_of(draft_of(self.front)))] if self.stale else [],
            "moved": moved,
            "their_time": short_time(self.stale.at, self.zone) if self.stale and self.stale.at else "",
            "stale": self.stale,
            "unsaved": self.typed,
            "live": self.front.live,
            "live_time": short_time(self.front.live.launched_at, self.zone) if self.front.live else "",  # type: ignore[arg-type]
            "differs": not self.typed and self.draft and not same(self.saved, live),
            "saved_time": short_time(self.draft.changed_at, self.zone) if self.draft else "",
            "draft": self.draft,
            "may_launch": may(self.user, Right.LAUNCH),
            "asked_live": self._asked_live(live),
            "moment": self.moment,
            "timing_open": self.moment.is_bound,
            "schedules": sorted((_schedule(row) for row in schedules), key=lambda one: not one["pending"]),
            "found": self._found(),
            "taken": {line.story.pk for line in self.lines},
            "readers": readers_of(),
            "most": MOST,
            "public_url": public_url(self.front),
            "languages": [(one.value, dict(settings.LANGUAGES)[one.interface]) for one in Language],
            "media": _media(self.request),
            "chooser": {"labels": LABELS, "urls": {"choose": CHOOSE_URL, "thumb": THUMB_URL, "add": ADD_URL}},
        }  # fmt: skip

    def _found(self) -> Found:
        said = self.posted if self.typed else self.request.GET
        cursor = self.posted.get("older", "") if "older" in self.posted else ""
        query = "" if cursor else said.get("q", "")
        return candidates(self.front, self.user, readers=said.get("readers", ""), query=query, cursor=cursor)

    def _asked_live(self, live: Sequence[Slot]) -> list[dict[str, Any]]:
        """Slots that readers see, that ask, and that do not stand on the page in the same words."""
        here = {(line.story.pk, line.headline, line.picture) for line in self.lines if line.asks}
        asked = asking([slot for slot in live if slot.publication.state == Publication.State.STANDING])
        return [
            {"slot": slot, "headline": slot.headline or headline_of(slot.publication),
             "asks": [told(one, self.user) for one in asked[slot.publication_id]]}
            for slot in live
            if slot.publication_id in asked
            and (slot.publication_id, slot.headline, str(slot.picture_id or "")) not in here
        ]  # fmt: skip


def _blank() -> Line:
    """What a script makes new slots of."""
    story = Publication(pk=0, code="", card='{"headline": "", "picture": null, "channel": {"name": ""}}',
                        language=site_language().value, readers="")  # fmt: skip
    return Line("NEW", story, 1)


def _schedule(row: FrontSchedule) -> dict[str, Any]:
    shapes = {"pending": "scheduled", "done": "published", "failed": "overdue", "cancelled": "off"}
    return {"row": row, "when": when(row.due_at, row.zone), "shape": shapes[row.state],
            "pending": row.state == "pending"}  # fmt: skip


def _media(request: HttpRequest) -> Media:
    media = Media(
        importmap=importmap | ImportMap({"desk/front-drag": "desk/front_drag.js"}),
        css={"all": ["desk/editor/editor.css", "desk/front.css"]},
        js=[Script("desk/front.js", type="module")],
    )
    return Media.from_media(media, nonce=getattr(request, "csp_nonce", ""))


def editor_url(front: Front) -> str:
    return reverse("admin:articles_front_editor", args=[front.place or "site"])


def public_url(front: Front) -> str:
    """Where readers see it, in the site's own language."""
    return f"/{front.channel.path}/" if front.channel else "/"


def editor_page(request: HttpRequest, which: str) -> HttpResponse:
    """GET: the draft, or where there is none yet, what readers see. POST: what the pressed button says."""
    editor = Editor(request, front_named(request, which))
    if request.method == "POST" and (answer := editor.act()):
        return answer
    return desk_page(request, "desk/front.html", title=now("Front: %(name)s") % {"name": editor.front},
                     **editor.context())  # fmt: skip


@require_safe
def candidates_part(request: HttpRequest, which: str) -> HttpResponse:
    """For the editor's script: the stories that `q` seeks, or the newest ones, as a part of its page."""
    front = front_named(request, which)
    user: Any = request.user
    said = {name: request.GET.get(name, "") for name in ("readers", "query", "cursor")}
    found = candidates(front, user, **said)
    with timezone.override(zone_of(user)):
        html = render_to_string("desk/_candidates.html", {"found": found, "taken": set()}, request)
    return JsonResponse({"html": html}, headers={"Cache-Control": "no-store"})
