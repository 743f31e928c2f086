"""A new password by e-mail: asked for at the desk's door, answered by the worker.

The door only writes down what was typed. So it says the same, in the same time, whether anybody has the address or not.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from articles.models import PasswordRequest, Site, User
from articles.publishing.clock import database_now
from articles.publishing.colleagues import welcome_link
from articles.publishing.door.tries import Kind, count_try

LONGEST = 254  # characters of an address
AGAIN_AFTER = timedelta(minutes=5)  # if a worker died over it, or the mail server did not answer
NO_LONGER_THAN = timedelta(hours=1)


def letters_are_sent() -> bool:
    """Whether this newsroom has a mail server (SMTP_URL)."""
    return bool(settings.EMAIL_HOST)


@transaction.atomic
def ask_for_password_letter(email: str, *, address: str, language: str) -> None:
    """Write down that somebody at this network address wants a new password sent. Raises TooManyTries."""
    count_try(Kind.RESET, account=email, address=address)
    PasswordRequest.objects.create(email=email[:LONGEST], language=language, at=database_now())


def send_password_letters() -> None:
    """Answer what waits; several workers share it. What cannot be sent within the hour is dropped."""
    if not letters_are_sent():
        return
    now = database_now()
    PasswordRequest.objects.filter(at__lt=now - NO_LONGER_THAN).delete()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - AGAIN_AFTER)
    for waiting in PasswordRequest.objects.filter(free).order_by("pk")[:100]:
        if PasswordRequest.objects.filter(free, pk=waiting.pk).update(claimed_at=now) == 1:
            _answer(waiting)
            PasswordRequest.objects.filter(email=waiting.email).delete()  # one letter answers who asked ten times


def _answer(waiting: PasswordRequest) -> None:
    for user in User.objects.filter(email__iexact=waiting.email, is_active=True, is_staff=True).exclude(email="")[:5]:
        with translation.override(user.language or waiting.language):
            _letter(user).send()


def _letter(user: User) -> EmailMessage:
    link = settings.SITE_ADDRESS + welcome_link(user, by=None)
    site = Site.objects.first()
    name = str(site.name) if site else _("Newsroom")
    lines = [
        _("Somebody, probably you, has asked for a new password at the desk of %(site)s.") % {"site": name},
        _("Your user name is %(name)s. By this link you choose a password, once, within %(days)d days:")
        % {"name": user.username, "days": settings.PASSWORD_RESET_TIMEOUT // 86400},
        link,
        _("If it was not you, do nothing: your password stays as it is."),
    ]
    subject = " ".join(_("New password for the desk of %(site)s").split()) % {"site": name}
    return EmailMessage(subject=subject, body="\n\n".join(lines) + "\n", to=[user.email])
