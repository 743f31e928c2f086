"""A moment as somebody at the desk names it: a date, an hour and a zone, by the clock on the wall there."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.models import Desk
from articles.models.checks import check_zone

YEARS = range(2000, 2101)  # in which a date is no slip of the hand


def moments(local: datetime.datetime, zone: ZoneInfo) -> list[datetime.datetime]:
    """The moments at which the clocks of `zone` show this (naive) time: one; two where they are put back; none where
    they are put forward over it."""
    found: list[datetime.datetime] = []
    for fold in (0, 1):
        moment = local.replace(tzinfo=zone, fold=fold)
        there_and_back = moment.astimezone(datetime.UTC).astimezone(zone)
        stands = there_and_back.replace(tzinfo=None, fold=0) == local
        if stands and moment.utcoffset() not in [other.utcoffset() for other in found]:
            found.append(moment)
    return found


class MomentForm(forms.Form):
    """`moment` in what was cleaned is aware, to the minute. `twice` is whether the clocks show the time twice, so that
    `which` has to be asked."""

    use_required_attribute = False  # beside other buttons of one form, which ask for no time

    date = forms.DateField(
        label=_("Date"), input_formats=["%Y-%m-%d"], widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    time = forms.TimeField(
        label=_("Time"), input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )  # fmt: skip
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, validators=[check_zone],
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("Which of the two"), choices=[("", ""), ("0", ""), ("1", "")], required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.initial.setdefault("zone", desk.time_zone)
        self.zones = list(dict.fromkeys([desk.time_zone, settings.TIME_ZONE, "UTC"]))
        self.twice = False

    def fill(self, at: datetime.datetime, zone: str) -> None:
        """Begin with a moment that stands already."""
        local = at.astimezone(ZoneInfo(zone))
        self.initial = {**self.initial, "date": local.date(), "time": local.time(), "zone": zone}

    def clean_date(self) -> Any:
        given: datetime.date = self.cleaned_data["date"]
        if given.year not in YEARS:
            raise ValidationError(
                _("Choose a date between %(first)s and %(last)s."),
                params={"first": f"{YEARS[0]}", "last": f"{YEARS[-1]}"},
            )
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        day, hour, zone = given.get("date"), given.get("time"), given.get("zone")
        if day and hour is not None and zone:
            self._clean_moment(
                given, datetime.datetime.combine(day, datetime.time(hour.hour, hour.minute)), ZoneInfo(zone)
            )
        return given

    def _clean_moment(self, given: dict[str, Any], local: datetime.datetime, zone: ZoneInfo) -> None:
        found = moments(local, zone)
        if len(found) == 1:
            given["moment"] = found[0]
            return
        if not found:
            self.add_error("time", now("The clocks are put forward that night: %(time)s does not exist in %(zone)s. "
                                       "Choose another time.") % {"time": f"{local:%H:%M}", "zone": zone})  # fmt: skip
            return
        self.twice = True
        names = [now("the first (UTC%(offset)s)"), now("the second (UTC%(offset)s)")]
        field: Any = self.fields["which"]
        field.widget.choices = [
            (str(place), name % {"offset": f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:]})
            for place, (name, moment) in enumerate(zip(names, found, strict=True))
        ]
        if given.get("which"):
            given["moment"] = found[int(given["which"])]
        else:
            self.add_error("which", now("The clocks are put back that night, and show %(time)s twice in %(zone)s. "
                                        "Say which.") % {"time": f"{local:%H:%M}", "zone": zone})  # fmt: skip


class OptionalMoment(MomentForm):
    """A moment, or none: then there is no `moment` in what was cleaned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = kwargs["desk"]
        for name in ("date", "time", "zone"):
            self.fields[name].required = False

    def clean_zone(self) -> str:
        return str(self.cleaned_data["zone"] or self.desk.time_zone)

    def clean_date(self) -> Any:
        return super().clean_date() if self.cleaned_data["date"] else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for one, other in (("date", "time"), ("time", "date")):
            if given.get(one) is not None and other in given and given[other] is None:
                self.add_error(other, now("Give the date and the time, or neither."))
        return given
