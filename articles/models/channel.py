from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from articles.models.checks import RESERVED_SLUGS, check_line, check_slug_is_free
from articles.models.names import Named, slug_field
from articles.models.old_address import Addressed
from articles.models.publication import Listing

MAX_LEVELS = 3


class ChannelQuerySet(models.QuerySet["Channel"]):
    def top(self) -> "ChannelQuerySet":
        return self.filter(parent=None)


class Channel(Addressed, Named):
    """頻道: a part of the paper, in a tree of at most three levels (held by trigger, as is: no cycle)."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    slug = slug_field()
    path = models.CharField(_("address"), max_length=250, unique=True, editable=False)  # slugs from the top, by "/"
    order = models.PositiveSmallIntegerField(_("order"), default=0, validators=[MaxValueValidator(9999)])
    description = models.CharField(_("description"), max_length=300, validators=[check_line], blank=True)

    objects = ChannelQuerySet.as_manager()
    address_kind = Listing.Kind.CHANNEL
    address_column = "path"

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "slug"], name="one_channel_slug_below_one_parent"),
            models.CheckConstraint(condition=~models.Q(slug__in=RESERVED_SLUGS), name="channel_slug_is_not_reserved"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="channel_is_not_its_own_parent"),
        ]

    def clean(self) -> None:
        super().clean()
        if self.slug:
            try:
                check_slug_is_free(self.slug)
            except ValidationError as error:
                raise ValidationError({"slug": error}) from error
        if Channel.objects.filter(path=self._path()).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("Another channel stands at this address. Choose another word.")})
        if not self.parent:
            return
        above = self.parent.trail()
        if self.pk and self.pk in {channel.pk for channel in above}:
            raise ValidationError({"parent": _("A channel cannot be part of itself. Choose another one.")})
        if len(above) + self._levels_below() + 1 > MAX_LEVELS:
            raise ValidationError({"parent": _("Channels go three levels deep at most. Choose one further up.")})

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep `path`, and the paths of the channels below, in step with slug and parent."""
        self.path = self._path()
        with transaction.atomic():
            super().save(*args, **kwargs)
            for child in self.children.all():
                if child.path != f"{self.path}/{child.slug}":
                    child.parent = self
                    child.save()

    def _path(self) -> str:
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug

    @property
    def address(self) -> str:
        return self._path()

    def was_public(self) -> bool:
        return bool(self.pk)  # a channel stands in the navigation as soon as it is there

    def trail(self) -> list["Channel"]:
        """From the top channel down to this one."""
        above: list[Channel] = [self]
        while above[0].parent and len(above) <= MAX_LEVELS:
            above.insert(0, above[0].parent)
        return above

    def _levels_below(self) -> int:
        if not self.pk:
            return 0
        below = Channel.objects.filter(path__startswith=f"{self.path}/").values_list("path", flat=True)
        return max((path.count("/") - self.path.count("/") for path in below), default=0)
