"""A time by the clock on the wall: none where the clocks are put forward, two where they are put back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from articles.desk.moment_form import MomentForm, OptionalMoment, moments
from articles.models import Desk

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
DESK = Desk(time_zone=SHANGHAI)


def form(date: str, time: str, zone: str = BERLIN, **said: str) -> MomentForm:
    return MomentForm({"date": date, "time": time, "zone": zone} | said, desk=DESK)


def utc(filled: MomentForm) -> str:
    assert filled.is_valid(), filled.errors
    moment: datetime = filled.cleaned_data["moment"]
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("date", "time", "zone", "moment"), [
    ("2027-03-28", "01:59", BERLIN, "2027-03-28 00:59"),  # the minute before the gap
    ("2027-03-28", "03:00", BERLIN, "2027-03-28 01:00"),  # and the one after it
    ("2027-10-31", "01:59", BERLIN, "2027-10-30 23:59"),  # the minute before the double hour
    ("2027-10-31", "03:00", BERLIN, "2027-10-31 02:00"),
    ("2028-02-29", "08:30", SHANGHAI, "2028-02-29 00:30"),  # leap day
    ("2038-01-19", "11:15", SHANGHAI, "2038-01-19 03:15"),  # beyond 32 bits
    ("2027-01-01", "00:00", "Asia/Kathmandu", "2026-12-31 18:15"),
    ("2027-06-01", "12:00:00", "UTC", "2027-06-01 12:00"),
])  # fmt: skip
def test_a_time_that_is_shown_once_is_that_moment(date: str, time: str, zone: str, moment: str):
    assert utc(form(date, time, zone)) == moment


@pytest.mark.parametrize(("date", "time", "zone"), [
    ("2027-03-28", "02:00", BERLIN), ("2027-03-28", "02:30", BERLIN), ("2027-03-28", "02:59", BERLIN),
    ("2027-10-03", "02:15", "Australia/Lord_Howe"),  # where it is half an hour
])  # fmt: skip
def test_a_time_that_the_clocks_leap_over_is_refused(date: str, time: str, zone: str):
    with override("en"):
        filled = form(date, time, zone)
        assert not filled.is_valid()
        assert f"{time} does not exist in {zone}" in str(filled.errors["time"])
        assert "moment" not in filled.cleaned_data


def test_a_time_that_is_shown_twice_is_asked_for():
    with override("en"):
        filled = form("2027-10-31", "02:30")
        assert not filled.is_valid()
        assert filled.twice
        shown = str(filled["which"])
        assert "the first (UTC+02:00)" in shown
        assert "the second (UTC+01:00)" in shown
    assert utc(form("2027-10-31", "02:30", which="0")) == "2027-10-31 00:30"
    assert utc(form("2027-10-31", "02:30", which="1")) == "2027-10-31 01:30"


def test_which_of_the_two_means_nothing_where_there_is_one():
    assert utc(form("2027-06-01", "12:00", which="1")) == "2027-06-01 10:00"


@pytest.mark.parametrize(("field", "said"), [
    ("date", {"date": "0001-01-01"}), ("date", {"date": "9999-12-31"}), ("date", {"date": "31.12.2027"}),
    ("date", {"date": ""}), ("date", {"date": "2027-02-29"}), ("date", {"date": "2027-01-01\x00"}),
    ("time", {"time": "25:00"}), ("time", {"time": ""}), ("time", {"time": "\ud800"}),
    ("zone", {"zone": "Asia/Nowhere"}), ("zone", {"zone": "../../etc/passwd"}), ("zone", {"zone": ""}),
    ("which", {"which": "7"}),
])  # fmt: skip
def test_what_is_no_time_is_an_error_at_its_field(field: str, said: dict[str, str]):
    filled = form(**{"date": "2027-01-01", "time": "12:00"} | said)
    assert not filled.is_valid()
    assert list(filled.errors) == [field]


def test_an_optional_moment_is_whole_or_not_there():
    def optional(date: str, time: str) -> OptionalMoment:
        return OptionalMoment({"date": date, "time": time, "zone": "UTC"}, desk=DESK)

    nothing = optional("", "")
    assert nothing.is_valid()
    assert "moment" not in nothing.cleaned_data
    assert utc(optional("2027-01-01", "00:00")) == "2027-01-01 00:00"
    assert list(optional("2027-01-01", "").errors) == ["time"]
    assert list(optional("", "12:00").errors) == ["date"]


def test_every_hour_of_a_year_is_shown_as_often_as_it_comes():
    zone = ZoneInfo(BERLIN)
    counts = {
        number: [
            (day, hour)
            for month in range(1, 13)
            for day in range(1, 29)
            for hour in range(24)
            if len(moments(datetime(2026, month, day, hour, 30), zone)) == number
        ]
        for number in (0, 2)
    }
    assert counts == {0: [], 2: [(25, 2)]}  # the other night is the 29th of March
