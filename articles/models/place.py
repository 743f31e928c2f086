from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from articles.models import place_codes
from articles.models.names import Named
from articles.models.place_codes import Level, check_place_code


class PlaceQuerySet(models.QuerySet["Place"]):
    def above(self, *codes: str) -> "PlaceQuerySet":
        """What the desk knows of the places that those of these codes lie in."""
        return self.filter(code__in={one for code in codes for one in place_codes.above(code)})

    def below(self, code: str) -> "PlaceQuerySet":
        """What the desk knows of the places that lie in the one of this code, by one walk along their codes."""
        span = place_codes.below(code)
        if not span:
            return self.none()
        return self.filter(code__gte=span[0], code__lt=span[1]).exclude(code=code)

    def upper_first(self) -> "PlaceQuerySet":
        """By their levels, so that a limit leaves out the lowest. See place_codes.level_of."""
        level = models.Case(
            models.When(code__contains="-", then=0),
            models.When(size__gt=6, then=3),
            models.When(code__endswith="00", then=1),
            default=2,
        )
        return self.alias(size=Length("code")).order_by(level, "code")


class Place(Named):
    """A province, prefecture, county or township that stories tell of. Its code says which of these, and where it lies.

    What it lies in is never stored: it is the nearest place that the desk has, among those that the code names.
    """

    code = models.CharField(
        _("code"),
        max_length=place_codes.LONGEST,
        unique=True,
        validators=[check_place_code],
        help_text=_(
            "Province: letters of ISO 3166-2 (CN-XZ). Prefecture and county: six digits of GB/T 2260 (540100). "
            "Township: nine digits of GB/T 10114 (540102001)."
        ),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("geographical place")
        verbose_name_plural = _("places")
        ordering = ["code"]

    @property
    def level(self) -> Level:
        return place_codes.level_of(self.code)

    @property
    def level_number(self) -> int:
        """How far down it stands."""
        return list(Level).index(self.level)


def nearest_above(code: str, known: "dict[str, Place]") -> Place | None:
    """What a place lies in, among places known by their codes."""
    return next((known[one] for one in reversed(place_codes.above(code)) if one in known), None)
