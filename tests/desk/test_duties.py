"""Where the error was, at the desk: what is open, where it is put right, and how it is waived."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.models import Article, Desk, Duty, Topic, User
from tests import factories
from tests.desk.forms import at_the_desk, parse
from tests.harness.once import on_postgresql
from tests.site.reading import Part

LIST = "/admin/articles/duty/"


def places_path(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/places/"


def main(response: HttpResponse) -> Part:
    assert response.status_code == 200
    return parse(response).one("main")


@pytest.fixture
def topic(db: None) -> Topic:
    return factories.make_topic("青稞秋收", slug="harvest")


@pytest.fixture
def original(published: Article, topic: Topic, editor: User) -> Article:
    factories.publish_again(published, by=editor, topic=topic)
    return published


@pytest.fixture
def translation(original: Article, editor: User) -> Article:
    return factories.publish_article(editor, headline="Harvest begins", language="en", translation_of=original)


@pytest.fixture
def corrected(original: Article, translation: Article, editor: User) -> Article:
    factories.correct(original, by=editor)
    return original


def duty(place: str) -> Duty:
    return Duty.objects.get(place=place)


def close(user: User, article: Article, which: Duty, button: str = "waive", reason: str = "") -> HttpResponse:
    return at_the_desk(user).post(places_path(article), {"duty": which.pk, button: "1", "reason": reason})


class TestThePlacesOfAStory:
    def test_are_listed_with_where_to_go_and_why_not(self, corrected: Article, translation: Article, topic: Topic,
                                                     editor: User):  # fmt: skip
        page = main(at_the_desk(editor).get(places_path(corrected)))
        rows = [row.words for row in page.all("ul.stands li")]
        assert len(rows) == 3
        assert "今天開鐮" in page.one(".told del").words
        links = {link for _, link in page.one("ul.stands").links}
        assert links == {
            f"/admin/articles/article/{translation.pk}/change/", f"/a/{translation.code}/",
            f"/admin/articles/topic/{topic.pk}/change/", "/topic/harvest/",
        }  # fmt: skip
        assert any("by themselves" in row and "done" in row for row in rows)

    def test_are_shown_from_the_side_of_the_translation_too(self, corrected: Article, translation: Article,
                                                           editor: User):  # fmt: skip
        page = main(at_the_desk(editor).get(places_path(translation)))
        assert "青稞開鐮" in page.one(".duty-notice h2").words
        assert len(page.one("ul.stands").all("form")) == 1

    def test_of_a_story_that_was_never_wrong_are_none(self, published: Article, editor: User):
        assert "has been published" in main(at_the_desk(editor).get(places_path(published))).one(".empty").words

    def test_tell_of_another_desk_only_what_is_public(self, original: Article, editor: User, stranger: User):
        theirs = Desk.objects.get(memberships__user=stranger)
        other = factories.publish_article(stranger, desk=theirs, headline="Harvest", language="en",
                                          translation_of=original)  # fmt: skip
        factories.change(other, by=stranger, headline="Not public yet")
        factories.correct(original, by=editor)
        page = main(at_the_desk(editor).get(places_path(original)))
        assert "Not public yet" not in page.words
        assert "Harvest" in page.words
        row = next(row for row in page.all("ul.stands li") if "Harvest" in row.words)
        assert row.none("form")
        assert [link for _, link in row.links] == [f"/a/{other.code}/"]


class TestClosing:
    def test_a_translation_is_waived_with_a_reason(self, corrected: Article, translation: Article, editor: User):
        page = main(close(editor, corrected, duty("translation"), reason=" "))
        assert "Write the reason." in page.one(".close-duty .errorlist").words
        assert close(editor, corrected, duty("translation"), reason="英文稿沒有寫日期。").status_code == 302
        assert (duty("translation").state, duty("translation").reason) == ("waived", "英文稿沒有寫日期。")
        assert "英文稿沒有寫日期。" in main(at_the_desk(editor).get(places_path(translation))).words

    def test_what_was_typed_is_kept(self, corrected: Article, editor: User):
        reason = "長" * 501
        page = main(close(editor, corrected, duty("translation"), reason=reason))
        field = next(one for one in page.all("input[name=reason]") if one.get("value"))
        assert field["value"] == reason
        assert duty("translation").state == "open"

    def test_a_topic_is_put_right_by_hand(self, corrected: Article, editor: User):
        assert close(editor, corrected, duty("topic"), "done").status_code == 302
        assert (duty("topic").state, duty("topic").closed_by) == ("done", editor)

    def test_from_either_side(self, corrected: Article, translation: Article, editor: User):
        assert close(editor, translation, duty("translation"), reason="無須").status_code == 302
        assert duty("translation").state == "waived"

    def test_only_of_that_story(self, corrected: Article, editor: User):
        other = factories.publish_article(editor, headline="別的稿子")
        assert close(editor, other, duty("translation"), reason="無須").status_code == 404
        assert duty("translation").state == "open"

    def test_once(self, corrected: Article, editor: User):
        close(editor, corrected, duty("topic"), "done")
        page = main(close(editor, corrected, duty("topic"), "waive", "無須"))
        assert "has been taken already" in page.one(".errornote").words
        assert (duty("topic").state, duty("topic").reason) == ("done", "")

    def test_not_by_a_reporter(self, corrected: Article, reporter: User):
        Article.objects.filter(pk=corrected.pk).update(assignee=reporter)  # so that they see it
        page = main(at_the_desk(reporter).get(places_path(corrected)))
        assert page.none("form")
        close(reporter, corrected, duty("translation"), reason="無須")
        assert duty("translation").state == "open"

    @pytest.mark.parametrize("which", ["", "0", "x", "9" * 30, "-1"])
    def test_nothing_by_a_forged_number(self, which: str, corrected: Article, editor: User):
        response = at_the_desk(editor).post(places_path(corrected), {"duty": which, "waive": "1", "reason": "x"})
        assert response.status_code in {200, 404}
        assert not Duty.objects.filter(state="waived").exists()

    def test_by_no_link(self, corrected: Article, editor: User):
        at_the_desk(editor).get(f"{places_path(corrected)}?duty={duty('topic').pk}&done=1")
        assert duty("topic").state == "open"


class TestTheTranslationsForm:
    def banner(self, user: User, article: Article) -> list[Part]:
        return parse(at_the_desk(user).get(f"/admin/articles/article/{article.pk}/change/")).all(".duty-banner")

    def test_says_what_was_corrected_until_it_is_put_right_there(self, corrected: Article, translation: Article,
                                                                editor: User):  # fmt: skip
        (banner,) = self.banner(editor, translation)
        assert "青稞開鐮" in banner.words
        assert banner.one("del").words == "今天開鐮"
        assert [link for _, link in banner.links] == [places_path(translation)]
        factories.correct(
            translation, by=editor, body="<p>The harvest began yesterday.</p>", was="today", now="yesterday"
        )
        assert self.banner(editor, translation) == []

    def test_says_nothing_once_it_was_waived(self, corrected: Article, translation: Article, editor: User):
        close(editor, translation, duty("translation"), reason="無須")
        assert self.banner(editor, translation) == []


@on_postgresql
class TestWhoSees:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("reporter", 404), ("editor", 200), ("chief", 200), ("administrator", 200), ("stranger", 404)],
    )
    def test_the_places(self, who: str, status: int, corrected: Article, request: Any):
        client = at_the_desk(request.getfixturevalue(who))
        assert client.get(places_path(corrected)).status_code == status
        if status == 404:
            waive = {"duty": duty("topic").pk, "waive": "1", "reason": "x"}
            assert client.post(places_path(corrected), waive).status_code == 404

    def test_nobody_who_is_not_logged_in(self, corrected: Article):
        for path in (LIST, places_path(corrected), f"{LIST}{duty('topic').pk}/change/"):
            assert Client().get(path)["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize(
        ("who", "rows"), [("reporter", 2), ("editor", 2), ("chief", 2), ("administrator", 2), ("stranger", 0)]
    )
    def test_the_list_of_the_own_desk(self, who: str, rows: int, corrected: Article, request: Any):
        page = main(at_the_desk(request.getfixturevalue(who)).get(f"{LIST}?state__exact=open"))
        assert len(page.all("tbody tr")) == rows

    def test_a_line_of_the_list_leads_to_where_it_is_seen_to(self, corrected: Article, translation: Article,
                                                            editor: User):  # fmt: skip
        client = at_the_desk(editor)
        links = {link for _, link in main(client.get(LIST)).one("table").links}
        assert {places_path(corrected), places_path(translation)} <= links
        assert client.get(f"{LIST}{duty('topic').pk}/change/")["Location"] == places_path(corrected)

    @pytest.mark.parametrize("who", ["editor", "chief"])
    def test_what_is_open_on_the_first_page(self, who: str, corrected: Article, translation: Article, request: Any):
        page = main(at_the_desk(request.getfixturevalue(who)).get("/admin/"))
        section = page.one("section[aria-labelledby=duties]")
        assert {places_path(corrected), places_path(translation)} < {link for _, link in section.links}

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_nothing_for_whoever_cannot_correct(self, who: str, corrected: Article, request: Any):
        page = main(at_the_desk(request.getfixturevalue(who)).get("/admin/"))
        assert page.none("section[aria-labelledby=duties]")

    def test_nothing_on_the_first_page_when_all_is_done(self, corrected: Article, editor: User):
        for one in Duty.objects.filter(state="open"):
            close(editor, corrected, one, reason="無須")
        assert main(at_the_desk(editor).get("/admin/")).none("section[aria-labelledby=duties]")

    def test_nothing_to_add_change_or_delete(self, corrected: Article, administrator: User):
        client = at_the_desk(administrator)
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{duty('topic').pk}/delete/", {"post": "yes"}).status_code == 403
