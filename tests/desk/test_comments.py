"""Comments at the desk: a page that works by itself, the same list for the panel, and nothing for outsiders."""

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.models import Article, Comment, User
from articles.publishing import assign, comment, resolve
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse
from tests.site.reading import Part


def path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/comments/"


def main(response: HttpResponse) -> Part:
    assert response.status_code == 200
    return parse(response).one("main")


def threads(client: Client, article: Article) -> list[str]:
    return [thread.words for thread in main(client.get(path(article))).all(".thread")]


class TestThePage:
    def test_takes_a_comment_and_shows_it(self, article: Article, editor: User):
        client = at_the_desk(editor)
        response = open_form(client, path(article)).send("go", text="查一下數字")
        assert response["Location"] == f"{path(article)}#comment-{Comment.objects.get().pk}"
        (thread,) = threads(client, article)
        assert "查一下數字" in thread
        assert str(editor) in thread

    def test_takes_an_answer_a_resolution_and_a_reopening(self, article: Article, editor: User, chief: User):
        one = comment(article, by=chief, text="出處？")
        client = at_the_desk(editor)
        client.post(path(article), {"act": "comment", "one": one.pk, "text": "農牧局"})
        client.post(path(article), {"act": "resolve", "one": one.pk})
        one.refresh_from_db()
        assert one.resolved_by == editor
        assert "農牧局" in threads(client, article)[0]
        client.post(path(article), {"act": "reopen", "one": one.pk})
        one.refresh_from_db()
        assert one.resolved_by is None

    def test_keeps_what_was_typed_where_it_is_refused(self, article: Article, editor: User):
        client, long = at_the_desk(editor), "字" * 2001
        page = main(client.post(path(article), {"act": "comment", "text": long}))
        assert "2001 characters" in page.one(".errornote").words
        assert page.one("textarea[name=text]").words == long

    @pytest.mark.parametrize(
        "sent",
        [{}, {"act": "x"}, {"act": "resolve"}, {"act": "resolve", "one": "999999"}, {"act": "comment", "one": "x"},
         {"act": "comment", "text": "\x00"}, {"act": "comment", "text": "好", "one": "9" * 30},
         {"act": "comment", "text": "字" * 30_000}],
    )  # fmt: skip
    def test_refuses_what_no_form_sends_with_a_sentence(self, sent: dict[str, str], article: Article, editor: User):
        page = main(at_the_desk(editor).post(path(article), sent))
        assert page.one(".errornote").words
        assert not Comment.objects.exists()

    def test_shows_hostile_words_as_words(self, article: Article, editor: User):
        evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
        comment(article, by=editor, text=evil, exact=evil)
        page = main(at_the_desk(editor).get(path(article)))
        assert evil in page.words
        assert not [one for one in page.all("script") + page.all("img") if one.get("src") in {None, "x"}]
        form = parse(at_the_desk(editor).get(f"/admin/articles/article/{article.pk}/change/"))
        assert form.one("li[class=thread]").get("data-exact") == evil

    def test_says_that_a_passage_is_gone(self, article: Article, editor: User):
        comment(article, by=editor, text="查", exact="比去年多兩成")
        factories.change(article, by=editor, body="<p>完全不同的另一篇報道，說的是藏戲。</p>")
        assert "do not stand in the text any more" in threads(at_the_desk(editor), article)[0]

    def test_costs_the_same_however_many_there_are(self, article: Article, editor: User, chief: User,
                                                   django_assert_max_num_queries):  # fmt: skip
        for number in range(30):
            resolve(comment(article, by=chief, text=f"{number}"), by=chief)
            comment(article, by=editor, text=f"{number}")
        client = at_the_desk(editor)
        with django_assert_max_num_queries(15):
            assert len(threads(client, article)) == 60


class TestThePanel:
    def test_is_the_list_alone_where_it_is_asked_for(self, article: Article, editor: User):
        response = at_the_desk(editor).post(f"{path(article)}?part=list", {"act": "comment", "text": "查一下"})
        assert response.status_code == 200
        assert "查一下" in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_stands_beside_the_text_with_the_number_of_open_ones(self, article: Article, editor: User):
        comment(article, by=editor, text="查一下", exact="開鐮")
        resolve(comment(article, by=editor, text="好了"), by=editor)
        page = parse(at_the_desk(editor).get(f"/admin/articles/article/{article.pk}/change/"))
        assert page.one("button[class=comments-button]").words == "Comments 1"
        panel = page.one("aside[id=comments]")
        assert [one.get("data-exact") for one in panel.all(".thread")] == ["開鐮", None]
        assert not page.one("form[id=article_form]").all(".thread")  # whose fields would be sent with the story

    def test_is_not_there_for_a_story_that_is_not_begun(self, editor: User):
        assert not parse(at_the_desk(editor).get("/admin/articles/article/add/")).all("aside[id=comments]")


class TestOutsiders:
    @pytest.mark.parametrize("who", ["stranger", "reporter", "nobody"])
    def test_find_nothing(self, who: str, article: Article, editor: User, request: pytest.FixtureRequest):
        one = comment(article, by=editor, text="查一下")
        user = factories.make_user() if who == "nobody" else request.getfixturevalue(who)
        client = at_the_desk(user)
        assert client.get(path(article)).status_code == 404
        for sent in ({"act": "comment", "text": "x"}, {"act": "resolve", "one": one.pk}):
            assert client.post(path(article), sent).status_code == 404
        assert Comment.objects.count() == 1

    def test_a_reporter_reads_the_comments_of_their_own_story(self, article: Article, editor: User, reporter: User):
        assign(article, by=editor, to=reporter)
        comment(article, by=editor, text="查一下")
        assert len(threads(at_the_desk(reporter), article)) == 1

    def test_a_comment_of_another_story_is_not_reached_through_ones_own(
        self, article: Article, editor: User, stranger: User
    ):
        theirs = factories.make_article(stranger, desk=stranger.memberships.get().desk)
        one = comment(theirs, by=stranger, text="別家的")
        page = main(at_the_desk(editor).post(path(article), {"act": "resolve", "one": one.pk}))
        assert "not there" in page.one(".errornote").words
        one.refresh_from_db()
        assert one.resolved_at is None
