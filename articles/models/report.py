import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.codes import ALPHABET


def new_reference() -> str:
    """What a reader can read out on the telephone; it opens nothing by itself."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8)).upper()


def digest_of_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ErrorReport(models.Model):
    """糾錯: what a reader says is wrong in a story, or the reply (答辯) of a person whom it concerns.

    Written only through publishing/report_error.py and publishing/triage.py. Nothing of it is ever public but the
    reply that a chief accepted, and figures.
    """

    class Track(models.TextChoices):
        ERROR = "error", _("report of an error")
        REPLY = "reply", _("reply of a person concerned")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        ACKNOWLEDGED = "acknowledged", _("being checked")
        ACCEPTED = "accepted", _("upheld, the correction is being written")
        CORRECTED = "corrected", _("upheld and published")
        DECLINED = "declined", _("declined")
        DUPLICATE = "duplicate", _("reported before")
        WITHDRAWN = "withdrawn", _("taken back by the reader")
        SPAM = "spam", _("not a report")

    class Appeal(models.TextChoices):
        NONE = "", _("none")
        OPEN = "open", _("waits for somebody else")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    OPEN_STATES = ("received", "acknowledged", "accepted")

    reference = models.CharField(_("reference"), max_length=8, unique=True, default=new_reference)
    key_digest = models.CharField(max_length=64, unique=True)  # of the secret in the status address
    track = models.CharField(_("kind"), max_length=6, choices=Track.choices, default=Track.ERROR)
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="reports")
    desk = models.ForeignKey("articles.Desk", on_delete=models.PROTECT, related_name="reports")
    edition = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, related_name="reports")  # the one read
    language = models.CharField(max_length=10)  # of the form: Django's code
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    origin = models.CharField(max_length=64, blank=True)  # keyed hash of the sender's address and day; erased later

    # What the reader wrote. Erased texts are empty.
    passage = models.TextField(blank=True)  # JSON: articles.language.passages selectors into the edition's body
    wrong = models.TextField(_("what is wrong"), blank=True)
    right = models.TextField(_("what is right"), blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    reply_name = models.CharField(_("name below the reply"), max_length=100, blank=True)
    reply = models.TextField(_("reply"), blank=True)
    reason = models.TextField(_("reason given to the reader"), blank=True)
    appeal_text = models.TextField(_("appeal"), blank=True)
    appeal_reason = models.TextField(_("answer to the appeal"), blank=True)

    received_at = models.DateTimeField(_("received"))
    acknowledge_by = models.DateTimeField()
    decide_by = models.DateTimeField(_("due"))
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    correction = models.ForeignKey("articles.Correction", on_delete=models.PROTECT, null=True, related_name="reports")
    # The edition that mended a slip of the pen, which no notice tells of.
    right_edition = models.ForeignKey("articles.Edition", on_delete=models.PROTECT, null=True, related_name="+")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    appeal = models.CharField(_("appeal"), max_length=10, choices=Appeal.choices, blank=True, default=Appeal.NONE)
    appealed_at = models.DateTimeField(null=True)
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    forgotten_at = models.DateTimeField(null=True)  # when contact and origin were erased

    class Meta:
        verbose_name = _("reader’s report")
        verbose_name_plural = _("readers’ reports")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "received",
                        "acknowledged",
                        "accepted",
                        "corrected",
                        "declined",
                        "duplicate",
                        "withdrawn",
                        "spam",
                    ]
                ),
                name="known_report_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="corrected")
                | models.Q(correction__isnull=False)
                | models.Q(right_edition__isnull=False),
                name="a_corrected_report_names_what_answers_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(appeal_decided_by=models.F("decided_by")), name="appeal_decided_by_somebody_else"
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk", "decide_by"],
                condition=models.Q(state__in=["received", "acknowledged", "accepted"]),
                name="open_report_by_desk",
            ),
            models.Index(fields=["desk", "decide_by"], condition=models.Q(appeal="open"), name="open_appeal_by_desk"),
            models.Index(fields=["desk", "state", "-received_at"], name="report_by_state"),
            models.Index(fields=["article", "-received_at"], name="report_by_story"),
            models.Index(fields=["origin", "received_at"], name="report_by_origin"),
            models.Index(fields=["received_at"], name="report_by_time"),
            models.Index(fields=["received_at"], condition=models.Q(forgotten_at=None), name="report_with_contact"),
        ]

    def __str__(self) -> str:
        return self.reference
