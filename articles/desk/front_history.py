"""What readers have seen of a front: version by version, what changed between two, and the way back to one."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.base import desk_page, short_time
from articles.desk.front_form import FORM
from articles.desk.front_view import front_named
from articles.desk.keys import key_of
from articles.desk.today import zone_of
from articles.models import Front, FrontVersion, Slot
from articles.publishing import PublishingError, go_back
from articles.publishing.fronts import State, headline_of, slots_of
from articles.publishing.rights import Right, may

SHOWN = 30


@dataclass(frozen=True)
class Change:
    """What became of one story between two versions. before, after: its place; 0 where it was not there."""

    headline: str
    language: str
    before: int
    after: int
    details: list[tuple[str, str, str]]  # what changed there, from, to


def history_page(request: HttpRequest, which: str) -> HttpResponse:
    """GET: the launched versions, the newest first; with `a` and `b` what changed between them. POST: back to one."""
    front = front_named(request, which)
    user: Any = request.user
    here = reverse("admin:articles_front_history", args=[which])
    error = ""
    if request.method == "POST":
        try:
            version, left_out = go_back(
                front, number=key_of(request.POST.get("back", "")), seen=key_of(request.POST.get("seen", "")), by=user
            )
        except PublishingError as refused:
            error = str(refused)
            front = front_named(request, which)
        else:
            for one in left_out:
                messages.warning(request, str(one))
            messages.success(request, now("Version %(number)d is what readers see now.") % {"number": version.number})
            return HttpResponseRedirect(here)
    zone = zone_of(user)
    launched = front.versions.filter(state=State.LAUNCHED)
    before = key_of(request.GET.get("before", ""))
    rows = launched.filter(number__lt=before) if before else launched
    shown = list(rows.select_related("by__person").order_by("-number")[: SHOWN + 1])
    pair = [launched.filter(number=key_of(request.GET.get(name, ""))).first() for name in ("a", "b")]
    old, new = pair
    return desk_page(
        request,
        "desk/front_history.html",
        title=now("Earlier fronts"),
        front=front,
        which=which,
        error=error,
        rows=[{"version": row, "when": short_time(row.launched_at, zone), "live": row.pk == front.live_id}  # type: ignore[arg-type]
              for row in shown[:SHOWN]],
        older=shown[SHOWN - 1].number if len(shown) > SHOWN else None,
        newer=bool(before),
        live=front.live,
        old=old,
        new=new,
        changes=changes(old, new, zone) if old and new else [],
        may_launch=may(user, Right.LAUNCH),
    )  # fmt: skip


def changes(old: FrontVersion, new: FrontVersion, zone: ZoneInfo) -> list[Change]:
    """Story by story, in the order of the newer one; what left comes last."""
    before, after = ({slot.publication_id: slot for slot in slots_of(version)} for version in (old, new))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, is_now = before.get(key), after.get(key)
        details = _details(was, is_now, zone) if was and is_now else []
        if details or not was or not is_now or was.position != is_now.position:
            story = (is_now or was).publication  # type: ignore[union-attr]
            found.append(Change(headline_of(story), story.language, was.position if was else 0,
                                is_now.position if is_now else 0, details))  # fmt: skip
    return found


def _details(was: Slot, is_now: Slot, zone: ZoneInfo) -> list[tuple[str, str, str]]:
    def mark(slot: Slot) -> str:
        until = slot.until.astimezone(zone).strftime(FORM).replace("T", " ") if slot.until else ""
        return f"{slot.get_mark_display()} {until}".strip()

    pairs = [
        (now("headline here"), was.headline, is_now.headline),
        (now("picture here"), str(was.picture or ""), str(is_now.picture or "")),
        (now("mark"), mark(was), mark(is_now)),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def front_rows(fronts: list[Front], zone: ZoneInfo) -> list[dict[str, Any]]:
    """As the list of fronts shows them."""
    return [
        {
            "front": front,
            "which": front.place or "site",
            "live": front.live,
            "when": short_time(front.live.launched_at, zone) if front.live else "",  # type: ignore[arg-type]
        }
        for front in fronts
    ]
