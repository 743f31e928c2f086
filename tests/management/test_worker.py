"""The worker: every step in every round, whatever befalls the others."""

import io

import pytest
from django.core.management import call_command
from django.db import OperationalError

from articles.management.commands import worker

done: list[str] = []


def first() -> None:
    done.append("first")


def failing() -> None:
    raise RuntimeError("the disk is full")


def offline() -> None:
    raise OperationalError("the connection was closed")


def last() -> None:
    done.append("last")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (failing, "failing: RuntimeError: the disk is full\n"),
        (offline, "The database does not answer (the connection was closed); trying again.\n"),
    ],
)
def test_a_step_that_fails_is_told_and_holds_none_of_the_others(db: None, monkeypatch: pytest.MonkeyPatch, step, told):
    done.clear()
    monkeypatch.setattr(worker, "STEPS", [first, step, last])
    err = io.StringIO()
    call_command("worker", "--once", stderr=err)
    assert done == ["first", "last"]
    assert err.getvalue() == told


def test_the_same_trouble_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch):
    err, clock = io.StringIO(), [1000.0]
    command = worker.Command(stderr=err)
    command.told = {}
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(worker, "STEPS", [failing])
    for moment in (1000.0, 1001.0, 1059.9, 1060.0, 1061.0):
        clock[0] = moment
        command.round()
    assert err.getvalue().count("the disk is full") == 2


def test_its_steps_are_these():
    assert [step.__name__ for step in worker.STEPS] == [
        "run_due",
        "launch_due",
        "deliver_due",
        "deliver_fronts",
        "purge_due",
        "refill",
        "seal_due",
        "sort_in",
        "forget_contacts",
        "finish_erasures",
        "send_password_letters",
        "forget_windows",
        "thin_versions",
        "tell_overdue",
        "mail_alerts",
    ]
