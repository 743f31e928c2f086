"""Comments among colleagues: of the whole story or a passage, answered, resolved; who is told; hostile input."""

import pytest

from articles.models import Article, Comment, Desk, Event, Membership, User
from articles.publishing import CommentRefused, NotAllowed, assign, comment, reopen_comment, resolve
from articles.publishing.alerts import alerts_of
from articles.publishing.comments import MAX_PASSAGE, MAX_TEXT, Thread, colleagues, mentioned, threads
from tests import factories
from tests.publishing.desk_steps import anew

BODY = "<p>上朗縣的青稞開鐮了。</p><p>比去年多兩成，<strong>每畝</strong>三百斤。</p>"


def told(user: User) -> list[str]:
    return [alert.kind for alert in alerts_of(User.objects.get(pk=user.pk))]


def only(article: Article) -> Thread:
    (thread,) = threads(anew(article))
    return thread


@pytest.fixture
def story(editor: User, desk: Desk) -> Article:
    return factories.make_article(editor, desk=desk, body=BODY)


class TestAPassage:
    def test_is_found_where_it_stands(self, story: Article, chief: User):
        comment(story, by=chief, text="查一下", exact="多兩成，每畝", prefix="比去年", suffix="三百斤")
        thread = only(story)
        assert (thread.start, thread.end) == (14, 20)
        assert not thread.gone

    def test_is_found_again_when_the_text_has_changed_around_it(self, story: Article, editor: User, chief: User):
        comment(story, by=chief, text="查一下", exact="多兩成", prefix="比去年", suffix="，每畝")
        factories.change(story, by=editor, body=BODY.replace("上朗縣的", "昨天早上，上朗縣各鄉的"))
        assert (only(story).start, only(story).end) == (21, 24)

    def test_is_said_to_be_gone_when_it_is(self, story: Article, editor: User, chief: User):
        comment(story, by=chief, text="查一下", exact="多兩成", prefix="比去年", suffix="，每畝")
        factories.change(story, by=editor, body="<p>完全不同的另一篇報道，說的是藏戲。</p>")
        assert only(story).gone

    def test_that_is_not_saved_yet_is_found_once_it_is(self, story: Article, editor: User, chief: User):
        comment(story, by=editor, text="數字待核", exact="共計四萬斤糧食入倉完畢", prefix="三百斤。", suffix="")
        assert only(story).gone
        factories.change(story, by=editor, body=BODY + "<p>共計四萬斤糧食入倉完畢</p>")
        assert not only(story).gone

    def test_may_be_none(self, story: Article, chief: User):
        made = comment(story, by=chief, text="寫得好", exact="  ")
        assert made.passage == ""
        assert not only(story).gone
        assert only(story).start is None

    def test_is_not_the_whole_story(self, story: Article, chief: User):
        with pytest.raises(CommentRefused):
            comment(story, by=chief, text="x", exact="字" * (MAX_PASSAGE + 1))

    def test_holds_whatever_a_browser_sends(self, story: Article, chief: User):
        for hostile in ("\x00", "\ud800", "<script>alert(1)</script>", "\u202e多", "]}" * 100):
            comment(story, by=chief, text="查一下", exact=hostile, prefix=hostile, suffix=hostile * 50)
        assert threads(anew(story))


class TestAThread:
    def test_holds_answers_below_their_comment(self, story: Article, chief: User, editor: User):
        first = comment(story, by=chief, text="出處？", exact="多兩成")
        answer = comment(story, by=editor, text="農牧局", reply_to=first)
        again = comment(story, by=chief, text="好", reply_to=answer)
        assert again.reply_to == first
        assert [one.text for one in only(story).answers] == ["農牧局", "好"]

    def test_of_another_story_is_not_answered_here(self, story: Article, chief: User, article: Article):
        elsewhere = comment(article, by=chief, text="出處？")
        with pytest.raises(CommentRefused):
            comment(story, by=chief, text="好", reply_to=elsewhere)

    def test_is_resolved_and_opened_again_with_its_answers(self, story: Article, chief: User, editor: User):
        first = comment(story, by=chief, text="出處？")
        resolve(first, by=editor)
        resolve(first, by=chief)  # a second click changes nothing
        first.refresh_from_db()
        assert first.resolved_by == editor
        reopen_comment(first, by=chief)
        first.refresh_from_db()
        assert (first.resolved_at, first.resolved_by) == (None, None)
        with pytest.raises(CommentRefused):
            resolve(comment(story, by=editor, text="農牧局", reply_to=first), by=editor)

    def test_leaves_in_the_trail_who_resolved_it_and_who_opened_it_again(
        self, story: Article, chief: User, editor: User
    ):
        one = comment(story, by=chief, text="查一下")
        for by in (editor, chief):
            resolve(one, by=by)  # the second click changes nothing
        for by in (chief, editor):
            reopen_comment(one, by=by)
        events = Event.objects.filter(thing=f"comment {one.pk}").order_by("pk")
        assert [(event.verb, event.by, event.article, event.before, event.after) for event in events] == [
            ("comment-resolved", editor, story, "", ""),
            ("comment-reopened", chief, story, f"user {editor.pk}", ""),
        ]

    def test_stands_in_the_order_of_the_text_and_resolved_last(self, story: Article, chief: User):
        done = comment(story, by=chief, text="一", exact="上朗縣")
        comment(story, by=chief, text="三", exact="三百斤")
        comment(story, by=chief, text="二", exact="開鐮")
        comment(story, by=chief, text="全篇")
        resolve(done, by=chief)
        assert [one.comment.text for one in threads(anew(story))] == ["全篇", "二", "三", "一"]


class TestAComment:
    @pytest.mark.parametrize("text", ["", " \n ", "\u202e\x00", "字" * (MAX_TEXT + 1)])
    def test_says_something_and_not_too_much(self, text: str, story: Article, chief: User):
        with pytest.raises(CommentRefused):
            comment(story, by=chief, text=text)
        assert not Comment.objects.exists()

    def test_keeps_its_lines_and_nothing_that_no_page_can_hold(self, story: Article, chief: User):
        made = comment(story, by=chief, text=" 一\x00\r\n二 \u202e ")
        assert made.text == "一\n二"

    def test_changes_neither_words_nor_stage(self, story: Article, chief: User):
        comment(story, by=chief, text="查一下")
        assert (anew(story).version, anew(story).stage) == (1, "draft")

    @pytest.mark.parametrize("who", ["stranger", "reporter", "nobody"])
    def test_is_for_those_who_see_the_story_now(self, who: str, story: Article, chief: User,
                                                request: pytest.FixtureRequest):  # fmt: skip
        by = factories.make_user() if who == "nobody" else request.getfixturevalue(who)
        standing = comment(story, by=chief, text="查一下")
        for act in (
            lambda: comment(story, by=by, text="x"),
            lambda: comment(story, by=by, text="x", reply_to=standing),
            lambda: resolve(standing, by=by),
            lambda: reopen_comment(standing, by=by),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert Comment.objects.count() == 1


class TestWhoIsTold:
    def test_is_who_began_the_story_who_has_it_and_who_took_part(
        self, story: Article, editor: User, chief: User, reporter: User, desk: Desk
    ):
        third = factories.make_user(role="editor", desk=desk)
        assign(story, by=editor, to=reporter)
        comment(story, by=chief, text="查一下")
        comment(story, by=third, text="我查")
        assert told(editor) == ["commented", "commented"]
        assert told(reporter) == ["commented", "commented", "assigned"]
        assert told(chief) == ["commented"]
        assert told(third) == []

    def test_is_whom_it_names(self, story: Article, editor: User, desk: Desk):
        ziyi = factories.make_user("ziyi", role="editor", desk=desk, first_name="次", last_name="仁")
        comment(story, by=editor, text="請 @ziyi 看")
        assert told(ziyi) == ["commented"]

    @pytest.mark.parametrize(
        ("text", "named"),
        [("@ziyi", 1), ("＠Ziyi，請看", 1), ("問過@殷小燕了", 1), ("@ziyian", 0), ("ziyi", 0), ("@ziyi2", 0), ("@", 0)],
    )  # fmt: skip
    def test_is_named_by_user_name_or_by_name(self, text: str, named: int, story: Article, desk: Desk):
        person = factories.make_person("殷小燕")
        user = factories.make_user("ziyi", role="editor", desk=desk, person=person)
        assert mentioned(story, text) == [user] * named

    def test_is_never_who_may_not_see_it(self, story: Article, editor: User, reporter: User, stranger: User):
        comment(story, by=editor, text=f"@{reporter.username} @{stranger.username} @{factories.make_user().username}")
        for user in (reporter, stranger):
            assert told(user) == []
        assert {reporter, stranger}.isdisjoint(colleagues(story))

    def test_is_a_reporter_whose_story_it_is(self, story: Article, editor: User, reporter: User):
        assign(story, by=editor, to=reporter)
        assert reporter in colleagues(anew(story))

    def test_is_shown_nothing_once_the_right_is_gone(self, story: Article, editor: User, chief: User):
        comment(story, by=editor, text=f"@{chief.username}")
        Membership.objects.filter(user=chief).delete()
        assert told(chief) == []
