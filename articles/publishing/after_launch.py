"""What follows a launch (settings.AFTER_LAUNCH): tried at once, and again by the worker until it is done."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from articles.models import Front, Picture, Slot
from articles.publishing.clock import database_now
from articles.publishing.fronts import pictures_gone
from articles.publishing.put_out_pictures import on_live_fronts, put_out, shown_elsewhere, take_in_all

log = logging.getLogger(__name__)
CLAIM = timedelta(seconds=10)  # how long the caller alone looks after it
RETRY = timedelta(seconds=60)


def deliver_front(front: Front) -> bool:
    """Run every step of settings.AFTER_LAUNCH for the front as it stands now; each is safe to run twice.

    Never raises: the launch stands, a failure is logged, and the worker tries again.
    """
    try:
        front = Front.objects.select_related("live").get(pk=front.place)
        for path in settings.AFTER_LAUNCH:
            import_string(path)(front)
        due = Front.objects.filter(place=front.place, live=front.live, settle_at=front.settle_at)
        due.update(settled=front.live.number if front.live else 0, settle_at=None)
    except Exception:
        log.exception("what follows the launch of front %s failed", front.place)
        return False
    return True


def deliver_fronts() -> int:
    """For the worker: take over what is due and nobody is at; the number of fronts tried. Each is claimed by a
    conditional update, so that any number of workers share the work."""
    tried = 0
    for front in Front.objects.filter(settle_at__lte=database_now()).order_by("settle_at"):
        mine = Front.objects.filter(place=front.place, settle_at=front.settle_at)
        try:
            claimed = mine.update(settle_at=database_now() + RETRY)
        except DatabaseError:
            log.exception("front %s could not be claimed", front.place)
            continue
        if claimed:
            deliver_front(front)
            tried += 1
    return tried


def settle_pictures(front: Front) -> None:
    """Put out the pictures that the live front has of its own, and take in those that were launched before and that
    nothing else shows any more."""
    live = Slot.objects.filter(version=front.live_id, picture__isnull=False)
    shown = on_live_fronts(version=front.live_id, publication__state="standing")
    shown -= pictures_gone(shown)
    for picture in Picture.objects.filter(slots__in=live, digest__in=shown, erased_at=None).distinct():
        put_out(picture.digest, picture.all_widths)
    before = Slot.objects.filter(version__front=front, version__number__gte=front.settled, picture__isnull=False)
    left = set(before.exclude(version=front.live_id).values_list("picture__digest", flat=True))
    take_in_all(left - shown_elsewhere(left))
