from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.checks import check_line
from articles.models.languages import Language


class GlossaryEntry(models.Model):
    """How a desk writes a name or a term, and the forms that are wrong; without a desk, for the whole site."""

    desk = models.ForeignKey(
        "articles.Desk",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="glossary",
        verbose_name=_("desk"),
        help_text=_("Empty: for all desks."),
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)
    right = models.CharField(_("right form"), max_length=100, validators=[check_line])
    wrong = models.TextField(_("wrong forms"), blank=True, max_length=2000, help_text=_("One in a line."))
    other_script = models.CharField(
        _("in the other Chinese script"),
        max_length=100,
        blank=True,
        validators=[check_line],
        help_text=_(
            "How it must stand there; the same form keeps it as it is. Empty: it is converted like other words."
        ),
    )
    note = models.CharField(_("explanation"), max_length=300, blank=True, validators=[check_line])

    class Meta:
        verbose_name = _("entry of the glossary")
        verbose_name_plural = _("glossary")
        ordering = ["language", "right", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "language", "right"], name="one_glossary_entry_per_form"),
            models.UniqueConstraint(
                fields=["language", "right"], condition=models.Q(desk=None), name="one_glossary_entry_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.right

    def wrong_forms(self) -> list[str]:
        return [form for line in self.wrong.splitlines() if (form := line.strip())]


class StyleRule(models.Model):
    """What a desk makes of a rule of house style: a built-in one by its code, or one of its own ("own")."""

    class State(models.TextChoices):
        OFF = "off", _("off")
        MARK = "mark", _("mark it")
        BLOCK = "block", _("refuse publication")

    OWN = "own"

    desk = models.ForeignKey(
        "articles.Desk", on_delete=models.PROTECT, related_name="style_rules", verbose_name=_("desk")
    )
    code = models.CharField(_("rule"), max_length=40)
    state = models.CharField(_("what it does"), max_length=5, choices=State.choices, default=State.MARK)
    # Of a desk's own rule alone. The pattern is plain text, in which * stands for some characters of one line.
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    pattern = models.CharField(_("what it finds"), max_length=100, blank=True, validators=[check_line])
    replacement = models.CharField(_("what it offers instead"), max_length=100, blank=True, validators=[check_line])
    explanation = models.CharField(_("explanation"), max_length=300, blank=True, validators=[check_line])

    class Meta:
        verbose_name = _("rule of house style")
        verbose_name_plural = _("house style")
        ordering = ["desk", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "code"], condition=~models.Q(code="own"), name="one_state_per_built_in_rule"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["off", "mark", "block"]), name="known_state_of_a_rule"
            ),
            models.CheckConstraint(
                condition=(models.Q(code="own") & ~models.Q(pattern=""))
                | (~models.Q(code="own") & models.Q(pattern="")),
                name="a_pattern_belongs_to_an_own_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.pattern or self.code
