"""Where else an error stands: each place is a duty, until somebody has seen to it there."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Desk, Duty, Event, Membership, User
from articles.publishing import NotAllowed, Note, ReasonMissing, Told, close_duty, publish, report_error
from articles.publishing.duties import open_duties, places
from articles.publishing.errors import DecisionClosed
from tests import factories

Place, State = Duty.Place, Duty.State


@pytest.fixture
def original(published: Article) -> Article:
    return published


@pytest.fixture
def translation(original: Article, editor: User) -> Article:
    return factories.publish_article(editor, headline="Harvest begins", language="en", translation_of=original)


def open_places(article: Article) -> set[tuple[str, int]]:
    found = Duty.objects.filter(correction__article=article, state=State.OPEN)
    return set(found.values_list("place", "target"))


def again(article: Article, *, by: User, **note: Any) -> None:
    """A correction without a change of the text."""
    article.refresh_from_db()
    note = {"kind": "correction", "was": "甲", "now": "乙", "text": "說明。"} | note
    publish(article, seen=article.version, by=by, noted=[Note(**note)])


class TestOpening:
    def test_a_correction_opens_one_in_each_translation_and_on_the_topic(self, original: Article, translation: Article,
                                                                        editor: User):  # fmt: skip
        topic = factories.make_topic()
        factories.publish_again(original, by=editor, topic=topic)
        factories.correct(original, by=editor)
        assert open_places(original) == {(Place.TRANSLATION, translation.pk), (Place.TOPIC, topic.pk)}
        assert [duty.correction.article for duty in open_duties(translation)] == [original]

    def test_lists_are_done_by_themselves(self, original: Article, editor: User):
        factories.correct(original, by=editor)
        duty = Duty.objects.get(place=Place.RELATED)
        assert (duty.state, duty.closed_by) == (State.DONE, None)
        assert duty.closed_at

    def test_a_corrected_translation_opens_one_in_the_original_and_in_its_sisters(
        self, original: Article, translation: Article, editor: User
    ):
        sister = factories.publish_article(editor, headline="བཙས་མ་བརྔ་བ།", language="bo", translation_of=original)
        again(translation, by=editor)
        assert open_places(translation) == {(Place.ORIGINAL, original.pk), (Place.TRANSLATION, sister.pk)}

    def test_the_topic_is_the_public_one_not_that_of_the_working_copy(self, original: Article, editor: User,
                                                                     chief: User):  # fmt: skip
        shown, drafted = factories.make_topic(), factories.make_topic()
        factories.publish_again(original, by=editor, topic=shown)
        factories.change(original, by=editor, topic=drafted)
        factories.withdraw(original, by=chief, second=editor)
        assert open_places(original) == {(Place.TOPIC, shown.pk)}

    @pytest.mark.parametrize("kind", ["update", "editors-note"])
    def test_what_was_not_wrong_opens_none(self, kind: str, original: Article, translation: Article, chief: User):
        article = factories.change(original, by=chief, headline="青稞開鐮了")
        publish(article, seen=article.version, by=chief, noted=[Note(kind=kind, text="說明。")])
        assert not Duty.objects.exists()

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_a_withdrawn_story_opens_one_in_its_translations(self, act: str, original: Article, translation: Article,
                                                             chief: User, editor: User):  # fmt: skip
        factories.withdraw(original, by=chief, second=editor, act=act)
        assert open_places(original) == {(Place.TRANSLATION, translation.pk)}

    def test_what_is_not_public_or_was_withdrawn_needs_nothing(self, original: Article, translation: Article,
                                                              chief: User, editor: User):  # fmt: skip
        factories.make_article(editor, headline="Draft", language="en", translation_of=original)
        factories.withdraw(translation, by=chief, second=editor)
        factories.correct(original, by=editor)
        assert open_places(original) == set()

    def test_is_told_beforehand(self, original: Article, translation: Article, editor: User):
        topic = factories.make_topic()
        factories.publish_again(original, by=editor, topic=topic)
        before = {(duty.place, duty.target) for duty in places(original)}
        factories.correct(original, by=editor)
        assert before == open_places(original)

    def test_of_a_story_that_is_not_public_there_are_none(self, article: Article):
        assert places(article) == []


class TestClosing:
    @pytest.fixture
    def duty(self, original: Article, translation: Article, editor: User) -> Duty:
        factories.correct(original, by=editor)
        return Duty.objects.get(place=Place.TRANSLATION)

    def test_a_correction_of_the_translation_does_it(self, duty: Duty, translation: Article, editor: User):
        again(translation, by=editor)
        duty.refresh_from_db()
        assert (duty.state, duty.closed_by, duty.done_by.number) == (State.DONE, editor, 2)  # type: ignore[union-attr]
        assert Event.objects.filter(verb="duty-done", thing=f"duty {duty.pk}").exists()
        assert open_duties(translation) == []

    def test_and_sends_nobody_back_to_where_it_came_from(self, duty: Duty, translation: Article, original: Article,
                                                         editor: User):  # fmt: skip
        sister = factories.publish_article(editor, headline="བཙས་མ་བརྔ་བ།", language="bo", translation_of=original)
        again(translation, by=editor)
        assert (Place.ORIGINAL, original.pk) not in open_places(translation)
        assert (Place.TRANSLATION, sister.pk) in open_places(translation)  # which was not public at the time

    def test_but_two_corrections_at_once_may_tell_of_a_second_error(self, duty: Duty, translation: Article,
                                                                   original: Article, editor: User):  # fmt: skip
        notes = [Note(kind="correction", was="甲", now="乙"), Note(kind="correction", was="丙", now="丁")]
        publish(translation, seen=translation.version, by=editor, noted=notes)
        assert (Place.ORIGINAL, original.pk) in open_places(translation)

    @pytest.mark.parametrize("kind", ["typo", "update"])
    def test_an_edition_that_corrects_nothing_does_not(self, kind: str, duty: Duty, translation: Article, editor: User):
        factories.publish_again(translation, by=editor, kind=kind, note="More.", headline="Harvest has begun")
        duty.refresh_from_db()
        assert duty.state == State.OPEN

    def test_by_hand_it_is_only_waived_and_with_a_reason(self, duty: Duty, editor: User):
        for waived in (True, False):
            with pytest.raises(ReasonMissing):
                close_duty(duty, by=editor, waived=waived, reason="  ")
        close_duty(duty, by=editor, reason="The English story does not say when.")
        duty.refresh_from_db()
        assert (duty.state, duty.reason, duty.closed_by) == (
            State.WAIVED, "The English story does not say when.", editor,
        )  # fmt: skip
        assert Event.objects.filter(verb="duty-waived", thing=f"duty {duty.pk}").exists()

    def test_a_topic_is_put_right_by_hand(self, original: Article, editor: User):
        factories.publish_again(original, by=editor, topic=factories.make_topic())
        factories.correct(original, by=editor)
        duty = Duty.objects.get(place=Place.TOPIC)
        close_duty(duty, by=editor)
        duty.refresh_from_db()
        assert (duty.state, duty.reason) == (State.DONE, "")

    def test_once(self, duty: Duty, editor: User):
        close_duty(duty, by=editor, waived=True, reason="無須")
        with pytest.raises(DecisionClosed):
            close_duty(duty, by=editor, waived=True, reason="無須")

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_not_by_everybody(self, who: str, duty: Duty, request: Any):
        with pytest.raises(NotAllowed):
            close_duty(duty, by=request.getfixturevalue(who), waived=True, reason="無須")

    def test_is_the_duty_of_the_desk_of_the_translation(self, original: Article, editor: User, stranger: User):
        theirs = Desk.objects.get(memberships__user=stranger)
        factories.publish_article(stranger, desk=theirs, language="en", translation_of=original)
        factories.correct(original, by=editor)
        duty = Duty.objects.get(place=Place.TRANSLATION)
        assert duty.desk == theirs
        with pytest.raises(NotAllowed):
            close_duty(duty, by=editor, waived=True, reason="無須")
        close_duty(duty, by=stranger, waived=True, reason="無須")

    def test_a_waived_one_without_a_reason_is_refused_by_the_database(self, duty: Duty):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE articles_duty SET state = 'waived' WHERE id = %s", [duty.pk])


def test_what_is_open_goes_with_a_story_to_another_desk(editor: User, desk: Desk):
    there = factories.make_desk(name="鄰縣編輯部")
    Membership.objects.create(user=editor, desk=there, role="editor")
    article = factories.publish_article(editor, desk=desk, topic=factories.make_topic("青稞秋收"))
    factories.correct(article, by=editor)
    told = Told(wrong="還是不對。")
    report = report_error(article, number=2, told=told, sender="192.0.2.1", language="zh-hant").report
    factories.change(article, by=User.objects.get(pk=editor.pk), desk=there)
    report.refresh_from_db()
    assert report.desk == there
    assert Duty.objects.get(place="topic").desk == there
