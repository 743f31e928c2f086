"""How reporters could be reached is not kept for ever; the worker calls this."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from articles.models import ErrorReport, Site
from articles.publishing import events
from articles.publishing.clock import database_now
from articles.publishing.reader_steps import APPEAL_DAYS

State, Appeal = ErrorReport.State, ErrorReport.Appeal
SPAM_DAYS = 7  # until the texts of spam are erased
BATCH = 200  # reports that one call takes


def forget_contacts() -> int:
    """Erase how reporters could be reached, the site's term after the decision, and of spam all texts after a week.

    Takes the oldest BATCH at most; returns how many.
    """
    now = database_now()
    site = Site.objects.first() or Site()
    settled = Coalesce("appeal_decided_at", "decided_at", "received_at")
    closed = set(State.values) - {State.RECEIVED, State.ACKNOWLEDGED}
    due = Q(settled__lte=now - timedelta(days=site.contact_days), state__in=closed) & ~Q(appeal=Appeal.OPEN)
    # A declined reply keeps its name while an appeal can still bring it to the public.
    due &= ~Q(track=ErrorReport.Track.REPLY, state=State.DECLINED, decided_at__gt=now - timedelta(days=APPEAL_DAYS))
    due |= Q(state=State.SPAM, decided_at__lte=now - timedelta(days=SPAM_DAYS))
    oldest = now - timedelta(days=min(site.contact_days, SPAM_DAYS))
    found = ErrorReport.objects.filter(forgotten_at=None, received_at__lte=oldest).annotate(settled=settled).filter(due)
    keys = list(found.order_by("received_at").values_list("pk", flat=True)[:BATCH])
    for key in keys:
        _forget(key)
    return len(keys)


@transaction.atomic
def _forget(key: int) -> None:
    report = ErrorReport.objects.select_for_update(of=("self",)).select_related("article").get(pk=key)
    forgotten = {"contact", "origin"}
    if report.state == State.SPAM:
        forgotten |= {"passage", "wrong", "right", "evidence", "reply_name", "reply"}
    elif report.state not in {State.CORRECTED, State.ACCEPTED}:
        forgotten.add("reply_name")  # of a reply that was never public
    for name in forgotten:
        setattr(report, name, "")
    report.forgotten_at = database_now()
    report.save()
    events.note(events.Verb.FORGOTTEN, by=None, article=report.article, thing=f"report {report.reference}")
