"""Submitted, approved, sent back, taken back: each step from its own stages alone, whoever takes it."""

from collections.abc import Callable

import pytest

from articles.models import Alert, Article, Comment, Desk, Event, User
from articles.publishing import (
    CommentRefused,
    NotAllowed,
    NotApproved,
    NothingToReview,
    OwnSubmission,
    Spiked,
    StaleDraft,
    WrongStage,
    approve,
    publish,
    restore,
    send_back,
    spike,
    submit,
    take_back,
)
from articles.publishing.alerts import alerts_of
from articles.publishing.steps import FROM, Step, steps
from tests import factories
from tests.publishing.desk_steps import Stage, anew, story

VERBS: dict[Step, Callable[[Article, User], Article]] = {
    Step.SUBMIT: lambda article, by: submit(article, seen=article.version, by=by),
    Step.TAKE_BACK: lambda article, by: take_back(article, seen=article.version, by=by),
    Step.SEND_BACK: lambda article, by: send_back(article, seen=article.version, by=by, text="請補出處。"),
    Step.APPROVE: lambda article, by: approve(article, seen=article.version, by=by),
    Step.SPIKE: lambda article, by: spike(article, seen=article.version, by=by),
    Step.RESTORE: lambda article, by: restore(article, by=by),
}
LEADS_TO = {
    (Step.SUBMIT, Stage.DRAFT): Stage.REVIEW,
    (Step.SUBMIT, Stage.CHANGED): Stage.REVIEW,
    (Step.TAKE_BACK, Stage.REVIEW): Stage.DRAFT,
    (Step.SEND_BACK, Stage.REVIEW): Stage.DRAFT,
    (Step.SEND_BACK, Stage.APPROVED): Stage.DRAFT,
    (Step.APPROVE, Stage.REVIEW): Stage.APPROVED,
    (Step.SPIKE, Stage.DRAFT): Stage.SPIKED,
    (Step.SPIKE, Stage.REVIEW): Stage.SPIKED,
    (Step.SPIKE, Stage.APPROVED): Stage.SPIKED,
    (Step.SPIKE, Stage.SCHEDULED): Stage.SPIKED,
    (Step.RESTORE, Stage.SPIKED): Stage.DRAFT,
}


def told(user: User) -> list[str]:
    return [alert.kind for alert in alerts_of(user)]


def events_of(article: Article) -> list[tuple[str, str, str]]:
    return [(one.verb, one.before, one.after) for one in Event.objects.filter(article=article).order_by("pk")]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("step", list(Step))
def test_each_step_starts_from_its_own_stages_and_no_other(
    step: Step, stage: Stage, desk: Desk, editor: User, chief: User
):
    by = editor if step == Step.TAKE_BACK else chief
    article = story(stage, by=editor, second=chief, desk=desk)
    noted = Event.objects.count()
    assert (step in steps(article, by)) == ((step, stage) in LEADS_TO)
    if (step, stage) in LEADS_TO:
        assert stage in FROM[step]
        after = VERBS[step](article, by)
        assert anew(article).stage == after.stage == LEADS_TO[step, stage]
        assert events_of(article)[-1][1:] == (stage, after.stage)
        return
    with pytest.raises((WrongStage, Spiked)):
        VERBS[step](article, by)
    assert anew(article).stage == stage
    assert Event.objects.count() == noted


@pytest.mark.parametrize(
    ("step", "stage", "may"),
    [
        (Step.SUBMIT, Stage.DRAFT, {"reporter", "editor", "chief", "administrator"}),
        (Step.TAKE_BACK, Stage.REVIEW, {"reporter"}),
        (Step.SEND_BACK, Stage.REVIEW, {"editor", "chief", "administrator"}),
        (Step.SEND_BACK, Stage.APPROVED, {"editor", "chief", "administrator"}),
        (Step.APPROVE, Stage.REVIEW, {"editor", "chief", "administrator"}),
        (Step.SPIKE, Stage.DRAFT, {"reporter", "editor", "chief", "administrator"}),
        (Step.SPIKE, Stage.REVIEW, {"reporter", "editor", "chief", "administrator"}),
        (Step.SPIKE, Stage.APPROVED, {"editor", "chief", "administrator"}),
        (Step.SPIKE, Stage.SCHEDULED, {"editor", "chief", "administrator"}),
        (Step.RESTORE, Stage.SPIKED, {"reporter", "editor", "chief", "administrator"}),
    ],
)
@pytest.mark.parametrize(
    "who", ["reporter", "other reporter", "editor", "chief", "administrator", "stranger", "nobody"]
)
def test_each_step_is_for_some_roles(step: Step, stage: Stage, may: set[str], who: str, desk: Desk, reporter: User,
                                     chief: User, request: pytest.FixtureRequest):  # fmt: skip
    article = story(stage, by=reporter, second=chief, desk=desk)
    if who in {"other reporter", "nobody"}:
        by = factories.make_user(role="reporter" if who == "other reporter" else None, desk=desk)
    else:
        by = request.getfixturevalue(who)
    assert (step in steps(article, by)) == (who in may)
    if who in may:
        VERBS[step](article, by)
    else:
        with pytest.raises(NotAllowed):
            VERBS[step](article, by)
        assert anew(article).stage == stage


@pytest.mark.parametrize("step", [step for step in Step if step != Step.RESTORE])
def test_a_step_is_refused_when_the_words_have_changed(step: Step, desk: Desk, editor: User, chief: User):
    stage = Stage.DRAFT if Stage.DRAFT in FROM[step] else Stage.REVIEW
    article = story(stage, by=editor, second=chief, desk=desk)
    factories.change(article, by=chief, headline="改了一字")
    with pytest.raises(StaleDraft):
        VERBS[step](article, editor if step == Step.TAKE_BACK else chief)
    assert anew(article).stage == stage


class TestSubmitting:
    def test_needs_a_body(self, editor: User):
        article = factories.make_article(editor, body="<p> </p>")
        with pytest.raises(NothingToReview):
            submit(article, seen=1, by=editor)

    def test_needs_nothing_else_that_a_publication_needs(self, reporter: User, desk: Desk):
        article = factories.make_article(reporter, desk=desk, channel=None, source=None, credits=[])
        assert submit(article, seen=1, by=reporter).submitted_by == reporter

    def test_tells_those_who_may_publish_there(
        self, reporter: User, editor: User, chief: User, stranger: User, desk: Desk
    ):
        other = factories.make_user(role="reporter", desk=desk)
        submit(factories.make_article(reporter, desk=desk), seen=1, by=reporter)
        assert [told(user) for user in (editor, chief)] == [["submitted"]] * 2
        assert not Alert.objects.exclude(user__in=[editor, chief]).exists()
        assert told(other) == []

    def test_tells_the_chief_alone_where_editors_do_not_publish(
        self, reporter: User, editor: User, chief: User, desk: Desk
    ):
        Desk.objects.update(editors_publish=False)
        submit(factories.make_article(reporter, desk=Desk.objects.get(pk=desk.pk)), seen=1, by=reporter)
        assert (told(editor), told(chief)) == ([], ["submitted"])

    def test_tells_an_administrator_where_nobody_may_publish(self, reporter: User, administrator: User, desk: Desk):
        submit(factories.make_article(reporter, desk=desk), seen=1, by=reporter)
        assert told(administrator) == ["submitted"]

    def test_goes_along_to_another_desk(self, article: Article, editor: User, administrator: User, stranger: User):
        submit(article, seen=1, by=editor)
        moved = factories.change(article, by=administrator, desk=stranger.memberships.get().desk)
        assert moved.stage == Stage.REVIEW
        assert told(stranger) == ["submitted"]


class TestSendingBack:
    @pytest.mark.parametrize("text", ["", " \n\t ", "\u202e", "字" * 2001])
    def test_needs_a_comment(self, text: str, article: Article, editor: User, chief: User):
        submit(article, seen=1, by=editor)
        with pytest.raises(CommentRefused):
            send_back(article, seen=1, by=chief, text=text)
        assert anew(article).stage == Stage.REVIEW
        assert not Comment.objects.exists()

    def test_tells_who_wrote_it_and_who_has_it_in_hand(
        self, reporter: User, editor: User, chief: User, desk: Desk, administrator: User
    ):
        article = factories.make_article(administrator, desk=desk)
        Article.objects.update(assignee=reporter)
        submit(article, seen=1, by=editor)
        send_back(article, seen=1, by=chief, text="請補出處。")
        assert [told(user)[0] for user in (administrator, reporter, editor)] == ["returned"] * 3
        comment = Comment.objects.get()
        assert (comment.text, comment.by, comment.version) == ("請補出處。", chief, 1)
        assert set(Alert.objects.filter(kind="returned").values_list("target", flat=True)) == {comment.pk}

    def test_leaves_nobody_waiting_for_a_review(self, article: Article, editor: User, chief: User):
        submit(article, seen=1, by=editor)
        send_back(article, seen=1, by=chief, text="請補出處。")
        assert not Alert.objects.filter(kind="submitted", read_at=None).exists()
        assert anew(article).submitted_by is None

    def test_of_a_public_story_leaves_its_changes_unpublished(self, published: Article, editor: User, chief: User):
        factories.change(published, by=editor, headline="改了一字")
        submit(published, seen=2, by=editor)
        assert send_back(published, seen=2, by=chief, text="不必改。").stage == Stage.CHANGED


class TestApproving:
    @pytest.mark.parametrize("rule", [Desk.Approval.FIRST, Desk.Approval.EVERY])
    def test_ones_own_story_is_refused_where_the_desk_wants_a_second_person(
        self, rule: str, article: Article, editor: User, chief: User
    ):
        Desk.objects.update(approval=rule)
        submit(article, seen=1, by=editor)
        with pytest.raises(OwnSubmission):
            approve(article, seen=1, by=editor)
        with pytest.raises(NotApproved):
            publish(article, seen=1, by=editor)
        approve(article, seen=1, by=chief)
        assert publish(article, seen=1, by=editor).number == 1

    def test_ones_own_story_is_ones_own_affair_elsewhere(self, article: Article, editor: User):
        submit(article, seen=1, by=editor)
        assert approve(article, seen=1, by=editor).approved_by == editor

    def test_ones_own_change_of_a_public_story_goes_by_the_rule(self, published: Article, editor: User):
        factories.change(published, by=editor, headline="改了一字")
        submit(published, seen=2, by=editor)
        Desk.objects.update(approval=Desk.Approval.EVERY)
        with pytest.raises(OwnSubmission):
            approve(published, seen=2, by=editor)
        Desk.objects.update(approval=Desk.Approval.FIRST)
        assert approve(published, seen=2, by=editor).stage == Stage.APPROVED

    def test_is_of_one_version(self, article: Article, editor: User, chief: User):
        Desk.objects.update(approval=Desk.Approval.FIRST)
        submit(article, seen=1, by=editor)
        approve(article, seen=1, by=chief)
        changed = factories.change(article, by=editor, headline="改了一字")
        assert (changed.stage, changed.submitted_by) == (Stage.REVIEW, editor)
        with pytest.raises(NotApproved):
            publish(article, seen=2, by=editor)

    def test_tells_who_submitted_it(self, article: Article, editor: User, chief: User):
        submit(article, seen=1, by=editor)
        approve(article, seen=1, by=chief)
        assert told(editor) == ["approved"]
        assert not Alert.objects.filter(kind="submitted", read_at=None).exists()

    def test_is_kept_to_the_chief_where_the_desk_says_so(self, article: Article, editor: User, desk: Desk):
        submit(article, seen=1, by=editor)
        Desk.objects.update(editors_publish=False)
        with pytest.raises(NotAllowed):
            approve(article, seen=1, by=factories.make_user(role="editor", desk=desk))


def test_the_trail_names_stages_and_versions_and_no_words(article: Article, editor: User, chief: User):
    submit(article, seen=1, by=editor)
    send_back(article, seen=1, by=chief, text="請補出處。")
    submit(article, seen=1, by=editor)
    take_back(article, seen=1, by=editor)
    assert events_of(article)[1:] == [
        ("submitted", "draft", "review"),
        ("returned", "review", "draft"),
        ("submitted", "draft", "review"),
        ("took-back", "review", "draft"),
    ]
    assert set(Event.objects.exclude(verb="begun").values_list("thing", flat=True)) == {"version 1"}
