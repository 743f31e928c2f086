"""Notices by e-mail, for colleagues who wish that: sent by the worker, through the newsroom's own mail server.

A letter names who did what and where to look, and nothing of the story: it leaves the house, and the story may be under
embargo. Whether the person may still see the story is asked right before it is sent.
"""

import logging
import smtplib
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from articles.language.words import one_line
from articles.models import Alert, Site, site_language
from articles.publishing.alerts import alerts_of
from articles.publishing.clock import database_now

log = logging.getLogger(__name__)
RETRY = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 960)]  # after the 1st, 2nd … failed attempt
CLAIM = timedelta(minutes=5)  # how long one worker has a letter for itself
BATCH = 50  # letters that one call sends
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError)

Mail = Alert.Mail


def mail_alerts() -> int:
    """Send what is due, and return how many letters went out.

    Each is claimed by a conditional update, so that any number of workers share the work; after a crash between sending
    and writing that down it is sent a second time. One that fails is tried again later, and dropped for good after
    len(RETRY) attempts; an attempt counts before it is made, so that one which ends the process is no exception. While
    the server does not answer the others are left for the next round.
    """
    if not settings.EMAIL_HOST:
        return 0
    sent = 0
    connection: BaseEmailBackend | None = None
    try:
        for _letter in range(BATCH):
            alert = _claim()
            if alert is None:
                break
            connection = connection or get_connection()
            try:
                sent += _send(alert, connection)
            except (OSError, smtplib.SMTPException) as error:
                _failed(alert, error)
                if not isinstance(error, REFUSED):
                    break
    finally:
        if connection:
            connection.close()
    return sent


def _claim() -> Alert | None:
    """A letter that is due, what was tried least first: kept from other workers for a while, its attempt counted."""
    while True:
        now = database_now()
        due = Alert.objects.filter(mail=Mail.WAITING, mail_at__lte=now).select_related("user__person", "actor__person")
        alert = due.order_by("mail_attempts", "mail_at").first()
        if alert is None:
            return None
        mine = _mine(alert)
        if alert.mail_attempts >= len(RETRY):  # and nothing came of the last one, not even a failure
            log.warning("letter %s is dropped: each attempt was broken off", alert.pk)
            mine.update(mail=Mail.DROPPED)
            continue
        alert.mail_attempts += 1
        alert.mail_at = now + max(CLAIM, RETRY[alert.mail_attempts - 1])
        if mine.update(mail_at=alert.mail_at, mail_attempts=alert.mail_attempts):
            return alert


def _mine(alert: Alert) -> "QuerySet[Alert]":
    return Alert.objects.filter(pk=alert.pk, mail=Mail.WAITING, mail_at=alert.mail_at)


def _send(alert: Alert, connection: BaseEmailBackend) -> bool:
    user = alert.user
    unread = alert.read_at is None and alerts_of(user).filter(pk=alert.pk).exists()
    if not (unread and user.is_active and user.mail_alerts and _is_address(user.email)):
        _mine(alert).update(mail=Mail.DROPPED)
        return False
    letter(alert, connection).send()
    _mine(alert).update(mail=Mail.SENT, mail_at=database_now())
    return True


def _failed(alert: Alert, error: Exception) -> None:
    attempts = alert.mail_attempts
    log.warning("letter %s was not taken (attempt %s): %s", alert.pk, attempts, type(error).__name__)
    if attempts >= len(RETRY):
        _mine(alert).update(mail=Mail.DROPPED)
    else:
        _mine(alert).update(mail_at=database_now() + RETRY[attempts - 1])


def letter(alert: Alert, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The letter, in the language that the person reads the desk in; no word of it is anybody's free text but names."""
    user = alert.user
    with translation.override(user.language or site_language().interface):
        site = Site.objects.first()
        paper = one_line(str(site)) if site else _("Newsroom")
        named = _("A front %(what)s") if alert.front_id is not None else _("A story %(what)s")
        what = named % {"what": alert.get_kind_display()}
        lines = [what]
        if alert.actor:
            lines.append(_("By: %(who)s") % {"who": one_line(str(alert.actor))})
        lines += ["", settings.SITE_ADDRESS + reverse("desk-alert", args=[alert.pk]), ""]
        lines.append(_("You get this letter because you asked for notices by e-mail. You can end that here:"))
        lines.append(settings.SITE_ADDRESS + reverse("desk-settings"))
        return EmailMessage(
            subject=f"{paper}: {what}",
            body="\n".join(lines) + "\n",
            to=[user.email],
            connection=connection,
            headers={"Auto-Submitted": "auto-generated"},
        )


def _is_address(email: str) -> bool:
    """One plain address, without anything that could begin another header or name a second person."""
    return email == one_line(email) and "," not in email and parseaddr(email) == ("", email) and "@" in email
