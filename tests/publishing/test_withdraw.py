"""What takes two persons: retraction, takedown, return to the public, erasure."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Decision, Edition, EditionText, Erasure, Event, Listing, Publication, User
from articles.publishing import (
    DecisionClosed,
    DecisionOpen,
    DecisionOutdated,
    NotAllowed,
    NoteMissing,
    ReasonMissing,
    SecondPerson,
    WrongEdition,
    agree,
    propose,
    refuse,
    withdraw_proposal,
)
from articles.publishing.withdraw import may_second
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once

State = Publication.State
TERMS: dict[str, Any] = {"text": "核心事實不成立。", "reason": "法院命令", "ground": "legal"}
ACTS = ["retraction", "takedown", "restoration", "erasure"]


def proposed(article: Article, act: str, by: User, **terms: Any) -> Decision:
    return propose(article, act=act, by=by, **TERMS | terms)


@pytest.fixture
def decision(published: Article, chief: User) -> Decision:
    return proposed(published, "retraction", chief)


class TestProposing:
    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_changes_nothing_public(self, act: str, published: Article, chief: User):
        before = factories.public(published).edition
        decision = proposed(published, act, chief)
        assert factories.public(published).edition == before
        assert (decision.state, decision.by, decision.edition) == (Decision.State.OPEN, chief, before)
        event = Event.objects.filter(article=published).first()
        assert event
        assert (event.verb, event.thing) == ("proposed", f"decision {decision.pk} {act}")

    @pytest.mark.parametrize("who", ["reporter", "editor", "stranger"])
    @pytest.mark.parametrize("act", ACTS)
    def test_takes_a_chief(self, act: str, who: str, published: Article, request: Any):
        with pytest.raises(NotAllowed):
            proposed(published, act, request.getfixturevalue(who))
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        ("act", "lacks", "refusal"),
        [
            ("retraction", {"text": " "}, NoteMissing),
            ("takedown", {"text": ""}, NoteMissing),
            ("takedown", {"reason": " "}, ReasonMissing),
            ("takedown", {"ground": ""}, ReasonMissing),
            ("takedown", {"ground": "nonsense"}, ReasonMissing),
            ("erasure", {"reason": ""}, ReasonMissing),
            ("erasure", {"erase": {}}, WrongEdition),
            ("erasure", {"erase": {"editions": [1]}}, WrongEdition),  # what readers see now
            ("erasure", {"erase": {"editions": [7]}}, WrongEdition),
            ("erasure", {"erase": {"notices": [10**9]}}, WrongEdition),
        ],
    )
    def test_demands(self, act: str, lacks: dict[str, Any], refusal: type[Exception], published: Article, chief: User):
        with pytest.raises(refusal):
            proposed(published, act, chief, **lacks)
        assert not Decision.objects.exists()

    def test_of_a_story_that_is_not_public_is_refused(self, article: Article, chief: User):
        for act in ACTS:
            with pytest.raises(WrongEdition):
                proposed(article, act, chief)

    def test_asks_for_a_story_in_the_state_for_it(self, published: Article, chief: User, editor: User):
        with pytest.raises(WrongEdition):
            proposed(published, "restoration", chief)
        factories.withdraw(published, by=chief, second=editor)
        with pytest.raises(WrongEdition):
            proposed(published, "retraction", chief)
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        for act in ("retraction", "takedown"):
            with pytest.raises(WrongEdition):
                proposed(published, act, chief)

    def test_happens_once_at_a_time(self, decision: Decision, published: Article, chief: User):
        with pytest.raises(DecisionOpen):
            proposed(published, "takedown", chief)


class TestTheSecondPerson:
    @pytest.mark.parametrize("who", ["editor", "administrator"])
    def test_is_an_editor_of_the_desk_or_an_administrator(self, who: str, decision: Decision, request: Any):
        second = request.getfixturevalue(who)
        assert may_second(second, decision)
        edition = agree(decision, by=second)
        assert edition
        assert (edition.kind, edition.second) == ("retraction", second)

    def test_is_not_the_first(self, decision: Decision, chief: User):
        assert not may_second(chief, decision)
        for ask in (agree, lambda one, by: refuse(one, by=by, answer="不")):
            with pytest.raises(SecondPerson):
                ask(decision, by=chief)

    def test_is_not_the_first_even_as_an_administrator(self, published: Article, administrator: User):
        with pytest.raises(SecondPerson):
            agree(proposed(published, "retraction", administrator), by=administrator)

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_is_nobody_else(self, who: str, decision: Decision, request: Any):
        user = request.getfixturevalue(who)
        assert not may_second(user, decision)
        with pytest.raises(NotAllowed):
            agree(decision, by=user)
        with pytest.raises(NotAllowed):
            refuse(decision, by=user, answer="不")
        with pytest.raises(NotAllowed):
            withdraw_proposal(decision, by=user)

    def test_does_not_make_up_for_a_first_who_has_left(self, decision: Decision, chief: User, editor: User):
        chief.memberships.all().delete()
        with pytest.raises(NotAllowed):
            agree(decision, by=editor)

    def test_agrees_once(self, decision: Decision, editor: User, administrator: User):
        agree(decision, by=editor)
        with pytest.raises(DecisionClosed):
            agree(decision, by=administrator)
        with pytest.raises(DecisionClosed):
            refuse(decision, by=administrator, answer="不")
        with pytest.raises(DecisionClosed):
            withdraw_proposal(decision, by=administrator)

    def test_two_second_persons_at_once_make_one_edition(
        self, committed_db: CommittedDatabase, decision: Decision, published: Article, editor: User, desk: Any
    ):
        other = factories.make_user(role="editor", desk=desk)
        answers = at_once(lambda: agree(decision, by=editor), lambda: agree(decision, by=other))
        assert sorted(type(answer).__name__ for answer in answers) == ["DecisionClosed", "Edition"]
        assert published.editions.count() == 2

    def test_agrees_to_what_stood_when_it_was_proposed(
        self, decision: Decision, published: Article, editor: User, chief: User
    ):
        factories.publish_again(published, by=editor, headline="青稞開鐮了")
        with pytest.raises(DecisionOutdated):
            agree(decision, by=editor)
        decision.refresh_from_db()
        assert decision.state == Decision.State.OPEN
        withdraw_proposal(decision, by=chief)
        agree(proposed(published, "retraction", chief), by=editor)

    def test_refuses_with_an_answer(self, decision: Decision, published: Article, editor: User):
        with pytest.raises(ReasonMissing):
            refuse(decision, by=editor, answer=" \n ")
        refuse(decision, by=editor, answer="證據不足。")
        decision.refresh_from_db()
        assert (decision.state, decision.second, decision.answer) == (Decision.State.REFUSED, editor, "證據不足。")
        assert published.editions.count() == 1
        assert Event.objects.filter(verb="refused", by=editor).exists()

    def test_has_nothing_to_say_once_it_was_taken_back(self, decision: Decision, chief: User, editor: User):
        withdraw_proposal(decision, by=chief)
        with pytest.raises(DecisionClosed):
            agree(decision, by=editor)


class TestARetraction:
    @pytest.fixture
    def edition(self, published: Article, chief: User, editor: User) -> Edition:
        factories.change(published, by=editor, headline="沒有發布的標題")
        return factories.withdraw(published, by=chief, second=editor)

    def test_puts_the_notice_in_place_of_the_text(self, edition: Edition, published: Article):
        content = edition.text.read()
        assert (content["headline"], content["body"], content["pictures"]) == ("青稞開鐮", "", {})
        assert factories.notices(edition) == ["核心事實不成立。"]
        assert edition.corrections.get().weight == "serious"

    def test_takes_the_words_that_stood_not_the_working_copy(self, edition: Edition):
        assert "沒有發布的標題" not in edition.text.content

    def test_leaves_the_text_at_its_past_edition(self, edition: Edition, published: Article):
        assert "青稞開鐮了" in EditionText.objects.get(edition__article=published, edition__number=1).content

    def test_takes_the_story_from_fronts_and_leaves_it_on_lists(self, edition: Edition, published: Article):
        assert factories.public(published).state == State.RETRACTED
        listed = Listing.objects.on(Listing.Kind.SITE, 0, "zh")
        assert listed.count() == 1
        assert not listed.standing().exists()


class TestATakedown:
    @pytest.mark.parametrize("keep", [True, False])
    def test_leaves_no_word_but_the_note_and_where_it_may_the_headline(
        self, keep: bool, published: Article, chief: User, editor: User
    ):
        factories.publish_again(published, by=editor, kicker="上朗縣", tags=["青稞"], standfirst="早五天。")
        edition = factories.withdraw(published, by=chief, second=editor, act="takedown", keep_headline=keep)
        content = edition.text.read()
        assert content["headline"] == ("青稞開鐮" if keep else "")
        assert not any(content[part] for part in ("kicker", "standfirst", "body", "lead", "pictures", "credits",
                                                  "tags", "topic"))  # fmt: skip
        assert [entry["ground"] for entry in content["notices"]] == ["legal"]
        assert "法院命令" not in edition.text.content

    def test_takes_the_story_from_all_lists_and_keeps_stubs_for_feeds(
        self, published: Article, chief: User, editor: User
    ):
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        assert factories.public(published).state == State.DOWN
        assert not Listing.objects.on(Listing.Kind.SITE, 0, "zh").exists()
        assert Listing.objects.taken_down(Listing.Kind.CHANNEL, published.channel_id, "zh").count() == 1

    def test_follows_a_retraction(self, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        assert factories.public(published).state == State.DOWN


class TestAReturnToThePublic:
    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_shows_the_working_copy_again_with_an_editors_note(
        self, act: str, published: Article, chief: User, editor: User
    ):
        factories.withdraw(published, by=chief, second=editor, act=act)
        edition = factories.withdraw(published, by=chief, second=editor, act="restoration", text="重新刊出。")
        assert (edition.kind, edition.second, edition.number) == ("editors-note", editor, 3)
        assert "青稞開鐮了" in edition.text.read()["body"]
        assert factories.notices(edition) == ["重新刊出。", "核心事實不成立。"]
        assert factories.public(published).state == State.STANDING
        assert Listing.objects.on(Listing.Kind.SITE, 0, "zh").standing().count() == 1

    def test_is_of_the_very_text_that_was_proposed(self, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        published.refresh_from_db()
        decision = proposed(published, "restoration", chief)
        factories.change(published, by=editor, body="<p>別的。</p>")
        with pytest.raises(DecisionOutdated):
            agree(decision, by=editor)


class TestAnErasure:
    def test_removes_what_was_chosen_and_nothing_else(self, published: Article, chief: User, editor: User):
        correction = factories.correct(published, by=editor).corrections.get()
        wanted = {"editions": [1], "notices": [correction.pk]}
        assert agree(proposed(published, "erasure", chief, erase=wanted), by=editor) is None
        assert list(EditionText.objects.values_list("edition__number", flat=True)) == [2]
        assert not hasattr(type(correction).objects.get(pk=correction.pk), "text")
        erasure = Erasure.objects.get()
        assert (erasure.by, erasure.second) == (chief, editor)
        kinds = sorted(erasure.parts.values_list("kind", flat=True))
        assert kinds == ["conversion", "conversion", "edition", "notice"]  # both in both scripts
        assert published.editions.count() == 2

    def test_keeps_the_reason_at_the_desk(self, published: Article, chief: User, editor: User):
        factories.publish_again(published, by=editor, headline="青稞開鐮了")
        agree(proposed(published, "erasure", chief, erase={"editions": [1]}), by=editor)
        assert "法院命令" not in Erasure.objects.get().note


class TestWhatTheDatabaseRefuses:
    def refused(self, statement: str, *values: object) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_a_decision_agreed_to_by_the_one_who_proposed_it(self, decision: Decision, chief: User):
        self.refused("UPDATE articles_decision SET state = 'agreed'")
        self.refused("UPDATE articles_decision SET state = 'agreed', second_id = %s", chief.pk)

    def test_a_takedown_without_a_stored_reason(self, published: Article, chief: User):
        decision = proposed(published, "takedown", chief)
        self.refused("UPDATE articles_decision SET reason = '' WHERE id = %s", decision.pk)

    def test_deleting_a_decision(self, decision: Decision):
        self.refused("DELETE FROM articles_decision")

    def test_a_second_open_decision(self, decision: Decision, chief: User):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(
                article=decision.article, act="retraction", edition=decision.edition, terms=json.dumps({}),
                at=decision.at, by=chief,
            )  # fmt: skip
