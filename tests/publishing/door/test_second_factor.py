"""A second factor: each code counts once, losing it has a way out, and nobody takes it from somebody above them."""

import pytest

from articles.models import AuthenticatorApp, Desk, Event, RecoveryCode, User
from articles.publishing import NotAllowed
from articles.publishing.door import totp
from articles.publishing.door.second_factor import (
    FactorDemanded,
    WrongCode,
    add_app,
    forget_second_factor,
    new_recovery_codes,
    remove_app,
    standing,
    take_code,
)
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

pytestmark = pytest.mark.django_db


def counts(user: User, code: str) -> bool:
    try:
        take_code(user, code)
    except WrongCode:
        return False
    return True


class TestAnApp:
    def test_is_taken_by_the_code_it_shows_and_comes_with_ten_recovery_codes(self, reporter: User):
        secret = totp.new_secret()
        codes = add_app(reporter, secret=secret, code=factories.code_now(secret))
        assert len(set(codes)) == 10
        assert standing(reporter).has
        assert not add_app(reporter, secret=secret, code=factories.code_now(secret)), "codes that are left stay"

    def test_is_refused_by_another_code(self, reporter: User):
        with pytest.raises(WrongCode):
            add_app(reporter, secret=totp.new_secret(), code=factories.code_now(totp.new_secret()))
        assert not standing(reporter).has

    def test_its_code_counts_once(self, reporter: User):
        secret = factories.give_app(reporter)
        code = factories.code_now(secret)
        assert counts(reporter, code)
        assert not counts(reporter, code)
        assert not counts(reporter, factories.code_now(secret, steps=-1)), "nor one from before it"
        assert counts(reporter, factories.code_now(secret, steps=1))

    def test_the_code_that_set_it_up_does_not_open_the_door(self, reporter: User):
        secret = totp.new_secret()
        code = factories.code_now(secret)
        add_app(reporter, secret=secret, code=code)
        assert not counts(reporter, code)

    def test_of_one_code_at_many_doors_one_counts(self, committed_db: CommittedDatabase, reporter: User):
        code = factories.code_now(factories.give_app(reporter))
        assert at_once(*[lambda: counts(reporter, code)] * 8).count(True) == 1

    def test_a_code_is_read_however_it_is_typed(self, reporter: User):
        code = factories.code_now(factories.give_app(reporter))
        wide = code.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        assert counts(reporter, f" {wide[:3]} {wide[3:]}")

    def test_another_persons_code_does_not_count(self, reporter: User, editor: User):
        factories.give_app(reporter)
        assert not counts(reporter, factories.code_now(factories.give_app(editor)))

    def test_its_secret_is_not_in_the_database(self, reporter: User):
        secret = factories.give_app(reporter)
        assert secret not in AuthenticatorApp.objects.get().secret

    def test_setting_it_up_ends_the_other_sessions(self, reporter: User):
        before, secret = reporter.get_session_auth_hash(), totp.new_secret()
        add_app(reporter, secret=secret, code=factories.code_now(secret))
        assert User.objects.get(pk=reporter.pk).get_session_auth_hash() != before


class TestRecoveryCodes:
    def test_each_counts_once(self, reporter: User):
        factories.give_app(reporter)
        first, second, *_ = new_recovery_codes(reporter)
        assert counts(reporter, first.upper().replace("-", " "))
        assert not counts(reporter, first)
        assert counts(reporter, second)
        assert Event.objects.filter(verb="factor-used", by=reporter).count() == 2

    def test_new_ones_take_the_place_of_the_old(self, reporter: User):
        factories.give_app(reporter)
        old, new = new_recovery_codes(reporter), new_recovery_codes(reporter)
        assert not counts(reporter, old[0])
        assert counts(reporter, new[0])

    def test_they_are_not_in_the_database(self, reporter: User):
        codes = new_recovery_codes(reporter)
        kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
        assert not [code for code in codes if code in kept or code.replace("-", "") in kept]

    def test_anothers_code_does_not_count(self, reporter: User, editor: User):
        assert not counts(editor, new_recovery_codes(reporter)[0])


class TestADeskThatDemandsIt:
    @pytest.fixture(autouse=True)
    def _demands(self, desk: Desk):
        desk.demands_second_factor = True
        desk.save()

    def test_demands_it_of_its_people_and_of_administrators(
        self, reporter: User, chief: User, stranger: User, administrator: User
    ):
        assert [standing(user).owes for user in (reporter, chief, administrator, stranger)] == [True, True, True, False]

    def test_is_content_with_one(self, reporter: User):
        factories.give_app(reporter)
        assert not standing(reporter).owes

    def test_lets_nobody_remove_the_last_one(self, reporter: User):
        factories.give_app(reporter)
        with pytest.raises(FactorDemanded):
            remove_app(reporter)
        assert standing(reporter).has

    def test_others_may_remove_theirs_and_their_codes_go_with_it(self, stranger: User):
        factories.give_app(stranger)
        new_recovery_codes(stranger)
        remove_app(stranger)
        assert not standing(stranger).has
        assert not RecoveryCode.objects.exists()


class TestALostOne:
    def test_is_taken_away_by_the_chief_and_noted_and_every_session_ends(self, chief: User, reporter: User, desk: Desk):
        factories.give_app(reporter)
        new_recovery_codes(reporter)
        before = reporter.get_session_auth_hash()
        forget_second_factor(reporter, by=chief)
        assert not standing(reporter).has
        assert not reporter.recovery_codes.exists()
        assert User.objects.get(pk=reporter.pk).get_session_auth_hash() != before
        event = Event.objects.get(verb="factor-forgotten")
        assert (event.by, event.desk, event.thing) == (chief, desk, f"user {reporter.pk}")
        assert event.before == "app, recovery codes"

    def test_nobody_takes_it_from_equals_from_those_above_or_from_themselves(
        self, reporter: User, editor: User, chief: User, stranger: User, administrator: User, desk: Desk
    ):
        equal = factories.make_user("tsering", role="chief", desk=desk)
        everybody = [reporter, editor, chief, equal, stranger, administrator]
        for user in everybody:
            factories.give_app(user)
        may = {(one, user) for one in (chief, equal) for user in (reporter, editor)}
        may |= {(administrator, user) for user in everybody[:-1]}
        for by in everybody:
            for user in everybody:
                if (by, user) not in may:
                    with pytest.raises(NotAllowed):
                        forget_second_factor(user, by=by)
        assert AuthenticatorApp.objects.count() == len(everybody)
        for by, user in sorted(may, key=lambda pair: (pair[0].pk, pair[1].pk)):
            forget_second_factor(user, by=by)

    def test_the_operator_takes_it_away_by_a_command(self, administrator: User, capsys: pytest.CaptureFixture[str]):
        from django.core.management import CommandError, call_command

        factories.give_app(administrator)
        call_command("forget_second_factor", "admin")
        assert "no second factor any more" in capsys.readouterr().out
        assert not standing(administrator).has
        assert Event.objects.get(verb="factor-forgotten").door == "command"
        with pytest.raises(CommandError, match="Nobody is called"):
            call_command("forget_second_factor", "nobody")
