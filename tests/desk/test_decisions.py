"""Decisions of two at the desk: proposed on one page, agreed to or refused on another, and by no link."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.models import Article, Decision, Edition, EditionText, ErrorReport, Publication, Site, User
from articles.publishing import Told, accept, decline, propose, report_error
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql
from tests.site.reading import Part

LIST = "/admin/articles/decision/"
ACTS = ["retraction", "takedown", "restoration", "erasure"]
SAID = {"note": "核心事實不成立。", "reason": "法院命令"}


def propose_path(article: Article, act: str = "retraction") -> str:
    return f"/admin/articles/article/{article.pk}/propose/{act}/"


def page_path(decision: Decision) -> str:
    return f"{LIST}{decision.pk}/change/"


def main(response: HttpResponse) -> Part:
    assert response.status_code == 200
    return parse(response).one("main")


@pytest.fixture
def decision(published: Article, chief: User) -> Decision:
    return propose(published, act="retraction", by=chief, text="核心事實不成立。", reason="內部查核")


def upheld(article: Article, by: User) -> ErrorReport:
    told = Told(wrong="不是今天。", right="是昨天。")
    report = report_error(article, number=1, told=told, sender="192.0.2.1", language="zh-hant").report
    accept(report, by=by)
    return report


@on_postgresql
class TestProposing:
    def form(self, chief: User, article: Article, act: str) -> Form:
        return open_form(at_the_desk(chief), propose_path(article, act))

    def test_a_retraction_waits_for_a_second_person(self, chief: User, published: Article):
        response = self.form(chief, published, "retraction").send(**SAID)
        decision = Decision.objects.get()
        assert response["Location"] == page_path(decision)
        assert (decision.act, decision.state, decision.by) == ("retraction", "open", chief)
        assert json.loads(decision.terms)["text"] == "核心事實不成立。"
        assert factories.public(published).state == Publication.State.STANDING

    @pytest.mark.parametrize("keep", [True, False])
    def test_a_takedown_says_on_which_ground_and_whether_the_headline_stays(
        self, keep: bool, chief: User, published: Article
    ):
        form = self.form(chief, published, "takedown")
        assert "ground" not in form
        form.send(**SAID, ground="safety", keep_headline="on" if keep else "")
        decision = Decision.objects.get()
        terms = json.loads(decision.terms)
        assert (terms["ground"], terms["keep_headline"], decision.reason) == ("safety", keep, "法院命令")

    def test_a_return_to_the_public(self, chief: User, editor: User, published: Article):
        factories.withdraw(published, by=chief, second=editor)
        self.form(chief, published, "restoration").send(note="重新刊出。")
        assert Decision.objects.get(state="open").act == "restoration"

    def test_an_erasure_names_what_goes_and_does_not_offer_what_stands(
        self, chief: User, editor: User, published: Article
    ):
        picture = factories.make_picture(editor, alt="一片青稞田")
        factories.publish_again(published, by=editor, lead_picture=picture)
        edition = factories.correct(published, by=editor)
        form = self.form(chief, published, "erasure")
        offered = {label.one("input")["value"]: label.words for label in form.part.all("fieldset label")
                   if label.one("input")["name"] == "editions"}  # fmt: skip
        first, second = published.editions.filter(number__lt=3).order_by("number")
        assert set(offered) == {str(first.pk), str(second.pk)}
        assert "一片青稞田" in offered[str(second.pk)]
        notice = edition.corrections.get()
        form.send(**SAID, editions=[first.pk, second.pk], notices=[notice.pk])
        terms = json.loads(Decision.objects.get().terms)
        assert terms["erase"] == {"editions": [1, 2], "notices": [notice.pk]}

    def test_an_erasure_shows_what_goes_along_before_it_is_proposed(
        self, chief: User, editor: User, published: Article
    ):
        notice = factories.correct(published, by=editor).corrections.get()
        first = published.editions.get(number=1)
        form = self.form(chief, published, "erasure")
        again = shown_again(form, form.send(**SAID, editions=[first.pk]))
        assert not Decision.objects.exists()
        assert "今天開鐮" in again.part.one(".missing .parts").words or "謹此更正" in again.part.one(".parts").words
        assert again.send().status_code == 302
        assert json.loads(Decision.objects.get().terms)["erase"] == {"editions": [1], "notices": [notice.pk]}

    @pytest.mark.parametrize(
        ("headline", "note", "repeated"),
        [
            ("次仁多吉被捕", "應次仁多吉要求刪除。", "次仁多吉"),
            ("次仁多吉被捕", "應當事人要求刪除，被捕一事不實。", ""),
            ("Tsering Dorje arrested", "Removed at the wish of tsering dorje.", "Tsering Dorje"),
            ("Tsering arrested", "Removed at the wish of Tsering.", ""),
        ],
    )
    def test_an_erasure_says_when_its_note_repeats_the_headline_that_goes(
        self, headline: str, note: str, repeated: str, chief: User, editor: User, published: Article
    ):
        factories.publish_again(published, by=editor, headline=headline)
        factories.publish_again(published, by=editor, headline="改過的標題")
        form = self.form(chief, published, "erasure")
        gone = published.editions.get(number=2).pk
        response = form.send(note=note, reason="請求", editions=[gone])
        if repeated:
            again = shown_again(form, response)
            assert again.part.one(".missing span").words == repeated
            response = again.send()
        assert response.status_code == 302
        assert Decision.objects.get().act == "erasure"

    def test_says_so_where_a_ticked_report_was_decided_meanwhile(self, chief: User, editor: User, published: Article):
        report = upheld(published, editor)
        form = self.form(chief, published, "retraction")
        assert form["reports"] == str(report.pk)
        decline(report, by=editor, reason="查無此事。")
        again = shown_again(form, form.send(note="核心事實不成立。"))
        assert "decided meanwhile" in again.errors("reports")
        assert again.send(note="核心事實不成立。").status_code == 302

    @pytest.mark.parametrize(
        ("act", "typed", "at"),
        [
            ("retraction", {"note": " "}, "note"),
            ("takedown", {"reason": ""}, "reason"),
            ("takedown", {"ground": None}, "ground"),
            ("takedown", {"ground": "x"}, "ground"),
            ("takedown", {"note": "長" * 1001}, "note"),
            ("takedown", {"note": "青\x00稞"}, "note"),
            ("erasure", {}, "editions"),
            ("erasure", {"editions": ["999999"]}, "editions"),
            ("erasure", {"editions": ["x"]}, "editions"),
            ("erasure", {"editions": [str(2**63)]}, "editions"),
            ("erasure", {"notices": [str(2**63)]}, "notices"),
            ("retraction", {"reports": [str(2**63)]}, "reports"),
        ],
    )
    def test_what_is_missing_is_told_at_the_field_and_the_rest_is_kept(
        self, act: str, typed: dict[str, Any], at: str, chief: User, published: Article
    ):
        form = self.form(chief, published, act)
        values = SAID | ({"ground": "legal"} if act == "takedown" else {}) | typed
        again = shown_again(form, form.send(**values))
        assert again.page.all(".errorlist")
        assert again.errors(at) or again.part.all(f"ul[id=id_{at}_error]")
        if at != "reason":
            assert again["reason"] == "法院命令"
        assert not Decision.objects.exists()

    def test_the_standing_edition_cannot_be_forged_into_an_erasure(self, chief: User, published: Article):
        form = self.form(chief, published, "erasure")
        standing = factories.public(published).edition_id
        assert shown_again(form, form.send(**SAID, editions=[standing])).errors("editions")
        assert not Decision.objects.exists()

    def test_says_what_would_follow_and_who_can_agree(self, chief: User, editor: User, published: Article):
        page = self.form(chief, published, "takedown").page
        assert "feeds show the note in place of the story" in page.one(".follows").words
        assert str(editor) in page.one(".follows").words

    def test_says_that_an_administrator_is_the_second_person_where_nobody_else_is(
        self, chief: User, published: Article, editor: User
    ):
        editor.memberships.all().delete()
        page = self.form(chief, published, "takedown").page
        assert "an administrator is the second person" in page.one(".follows").words

    def test_is_not_offered_while_another_decision_waits(self, chief: User, decision: Decision, published: Article):
        form = self.form(chief, published, "takedown")
        assert form.part.none("button")
        assert page_path(decision) in {link for _, link in form.part.links}
        again = shown_again(form, form.send(**SAID, ground="legal"))
        assert "already waits for a second person" in again.part.words
        assert Decision.objects.count() == 1

    def test_is_not_offered_of_a_story_in_another_state(self, chief: User, published: Article):
        form = self.form(chief, published, "restoration")
        assert form.part.none("button")
        assert "this cannot be proposed" in form.part.words

    @pytest.mark.parametrize("who", ["reporter", "editor"])
    @pytest.mark.parametrize("act", ["retraction", "takedown", "erasure"])
    def test_is_refused_to_whoever_is_no_chief(self, act: str, who: str, published: Article, request: Any):
        user = request.getfixturevalue(who)
        Article.objects.filter(pk=published.pk).update(assignee=user)  # so that a reporter sees it at all
        form = open_form(at_the_desk(user), propose_path(published, act))
        assert form.part.none("button")
        assert "Your role at this desk does not allow this." in form.part.words
        form.send(**SAID, ground="legal", editions=[1])
        assert not Decision.objects.exists()

    def test_of_another_desk_of_a_draft_or_of_no_known_act_is_not_found(
        self, stranger: User, chief: User, published: Article, article: Article
    ):
        for user, path in (
            (stranger, propose_path(published)),
            (chief, propose_path(article)),
            (chief, propose_path(published, "murder")),
        ):
            client = at_the_desk(user)
            assert client.get(path).status_code == 404
            assert client.post(path, SAID).status_code == 404
        assert not Decision.objects.exists()


class TestTheDecision:
    def answer(self, user: User, decision: Decision, button: str, **values: str) -> HttpResponse:
        return at_the_desk(user).post(page_path(decision), {button: "1"} | values)

    def test_shows_the_second_person_what_was_proposed_and_what_would_follow(self, decision: Decision, editor: User):
        page = main(at_the_desk(editor).get(page_path(decision)))
        assert "核心事實不成立。" in page.words
        assert "內部查核" in page.words
        assert "The headline is marked as retracted" in page.one(".follows").words
        assert {button["name"] for button in page.one(".answers").all("button")} == {"agree", "refuse"}
        assert page.none("button[name=take-back]")

    def test_shows_the_first_one_that_it_waits_and_for_whom(self, decision: Decision, chief: User, editor: User):
        page = main(at_the_desk(chief).get(page_path(decision)))
        assert page.none("button[name=agree]")
        assert str(editor) in page.one(".missing").words
        assert page.all("button[name=take-back]")

    def test_is_done_when_the_second_person_agrees(self, decision: Decision, published: Article, editor: User):
        response = self.answer(editor, decision, "agree")
        assert response["Location"] == page_path(decision)
        assert factories.public(published).state == Publication.State.RETRACTED
        page = main(at_the_desk(editor).get(page_path(decision)))
        assert ("edition 2", f"/a/{published.code}/") in page.links
        assert page.none("button")

    def test_tells_when_something_that_follows_has_failed(self, decision: Decision, editor: User, settings: Any):
        settings.AFTER_COMMIT = ["tests.desk.test_publish_page.power_failure"]
        client = at_the_desk(editor)
        response = client.post(page_path(decision), {"agree": "1"})
        assert "it is tried again by itself" in parse(client.get(response["Location"])).one(".messagelist").words

    def test_is_refused_with_an_answer(self, decision: Decision, editor: User):
        page = main(self.answer(editor, decision, "refuse", answer="  "))
        assert "Write the reason." in page.words
        assert self.answer(editor, decision, "refuse", answer="證據不足。").status_code == 302
        decision.refresh_from_db()
        assert (decision.state, decision.answer) == ("refused", "證據不足。")
        assert "證據不足。" in main(at_the_desk(editor).get(page_path(decision))).words

    def test_is_taken_back_by_the_first(self, decision: Decision, chief: User):
        assert self.answer(chief, decision, "take-back").status_code == 302
        decision.refresh_from_db()
        assert decision.state == "withdrawn"

    def test_is_not_forged(self, decision: Decision, chief: User, editor: User):
        assert "This takes a second person" in main(self.answer(chief, decision, "agree")).words
        assert "This takes a second person" in main(self.answer(chief, decision, "refuse", answer="不")).words
        assert "does not allow this" in main(self.answer(editor, decision, "take-back")).words
        decision.refresh_from_db()
        assert decision.state == "open"

    def test_happens_by_no_link(self, decision: Decision, editor: User):
        client = at_the_desk(editor)
        for ask in (client.get, client.head):
            assert ask(f"{page_path(decision)}?agree=1&refuse=1&answer=x").status_code == 200
        decision.refresh_from_db()
        assert decision.state == "open"

    def test_needs_the_token_of_the_page(self, decision: Decision, editor: User):
        client = at_the_desk(editor, enforce_csrf_checks=True)
        assert client.post(page_path(decision), {"agree": "1"}).status_code == 403
        decision.refresh_from_db()
        assert decision.state == "open"

    def test_on_a_story_that_went_on_meanwhile_says_so(self, decision: Decision, published: Article, editor: User):
        factories.publish_again(published, by=editor, headline="青稞開鐮了")
        page = main(at_the_desk(editor).get(page_path(decision)))
        assert "The story has gone on since" in page.words
        assert {button["name"] for button in page.all("button")} == {"refuse"}
        assert "The story has gone on since" in main(self.answer(editor, decision, "agree")).words
        assert factories.public(published).state == Publication.State.STANDING

    def test_of_a_return_whose_text_was_saved_since_has_no_agreeing(
        self, published: Article, chief: User, editor: User
    ):
        factories.withdraw(published, by=chief, second=editor)
        returned = propose(published, act="restoration", by=chief, text="重新刊出。")
        assert main(at_the_desk(editor).get(page_path(returned))).all("button[name=agree]")
        factories.change(published, by=editor, headline="青稞開鐮了")
        assert main(at_the_desk(editor).get(page_path(returned))).none("button[name=agree]")

    def test_names_the_reports_that_it_closes(self, published: Article, chief: User, editor: User):
        report = upheld(published, editor)
        factories.withdraw(published, by=chief, second=editor)
        form = open_form(at_the_desk(chief), propose_path(published, "restoration"))
        assert form["reports"] == str(report.pk)
        form.send(note="重新刊出。")
        returned = Decision.objects.get(state="open")
        client = at_the_desk(editor)
        assert report.reference in main(client.get(page_path(returned))).one(".terms").words
        told = parse(client.post(page_path(returned), {"agree": "1"}, follow=True)).one(".messagelist").words
        assert "Whoever reported it sees the answer." in told
        report.refresh_from_db()
        assert report.state == "corrected"

    def test_of_an_erasure_names_every_part_until_it_is_gone(self, published: Article, chief: User, editor: User):
        picture = factories.make_picture(editor, alt="祕密的田")
        factories.publish_again(published, by=editor, lead_picture=picture, headline="要刪的標題")
        factories.publish_again(published, by=editor, lead_picture=None, headline="留下的標題")
        erasure = propose(published, act="erasure", by=chief, text="依法刪除。", reason="請求", erase={"editions": [2]})
        before = main(at_the_desk(editor).get(page_path(erasure))).one(".parts").words
        assert "要刪的標題" in before
        assert "祕密的田" in before
        assert self.answer(editor, erasure, "agree").status_code == 302
        assert not EditionText.objects.filter(edition__number=2).exists()
        after = main(at_the_desk(editor).get(page_path(erasure))).words
        assert "要刪的標題" not in after
        assert "祕密的田" not in after
        assert "Edition 2: erased" in after

    def test_sends_its_note_to_the_preview(self, published: Article, chief: User, editor: User, site: Site):
        decision = propose(published, act="takedown", by=chief, text="依法撤下。", reason="判決", ground="legal",
                           keep_headline=False)  # fmt: skip
        client = at_the_desk(editor)
        page = main(client.get(page_path(decision)))
        form = next(form for form in page.all("form") if form.get("target") == "preview")
        sent = {field["name"]: field["value"] for field in form.all("input") if field["name"] != "csrfmiddlewaretoken"}
        shown = parse(client.post(form["action"], sent)).one("main").words
        assert "依法撤下。" in shown
        assert "青稞開鐮" not in shown


@on_postgresql
class TestWhoSees:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("editor", 200), ("chief", 200), ("administrator", 200), ("reporter", 404), ("stranger", 404)],
    )
    def test_a_decision_with_its_stored_reason(self, who: str, status: int, decision: Decision, request: Any):
        client = at_the_desk(request.getfixturevalue(who))
        assert client.get(page_path(decision)).status_code == status
        if status == 404:
            assert client.post(page_path(decision), {"agree": "1"}).status_code == 404
            decision.refresh_from_db()
            assert decision.state == "open"

    def test_nobody_who_is_not_logged_in(self, decision: Decision, published: Article):
        for path in (LIST, page_path(decision), propose_path(published)):
            for ask in (Client().get, Client().post):
                assert ask(path)["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize(
        ("who", "rows"), [("editor", 1), ("chief", 1), ("administrator", 1), ("stranger", 0), ("reporter", None)]
    )
    def test_the_list_of_the_own_desk(self, who: str, rows: int | None, decision: Decision, request: Any):
        response = at_the_desk(request.getfixturevalue(who)).get(LIST)
        if rows is None:
            assert response.status_code == 403
        else:
            assert len(main(response).all("tbody tr")) == rows

    @pytest.mark.parametrize("object_id", ["0", "999999", "9" * 30, "x", "1_0", "²"])
    def test_nothing_where_there_is_none(self, object_id: str, decision: Decision, administrator: User):
        assert at_the_desk(administrator).get(f"{LIST}{object_id}/change/").status_code == 404

    @pytest.mark.parametrize("who", ["editor", "chief"])
    def test_it_waiting_on_the_first_page(self, who: str, decision: Decision, request: Any):
        page = main(at_the_desk(request.getfixturevalue(who)).get("/admin/"))
        waiting = page.one("section[aria-labelledby=waiting]")
        assert [link for _, link in waiting.links] == [page_path(decision)]
        assert ("proposed by you" in waiting.words) == (who == "chief")

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_nothing_waiting_for_whoever_cannot_agree(self, who: str, decision: Decision, request: Any):
        page = main(at_the_desk(request.getfixturevalue(who)).get("/admin/"))
        assert page.none("section[aria-labelledby=waiting]")

    def test_it_on_the_story_and_on_its_page_of_publishing(self, decision: Decision, published: Article, editor: User):
        client = at_the_desk(editor)
        story = parse(client.get(f"/admin/articles/article/{published.pk}/change/"))
        assert any("waits for a second person" in box.words for box in story.all(".note-box"))
        assert page_path(decision) in {
            link for _, link in parse(client.get(f"/admin/articles/article/{published.pk}/publish/")).one("main").links
        }

    def test_nothing_to_add_change_or_delete(self, decision: Decision, administrator: User):
        client = at_the_desk(administrator)
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{decision.pk}/delete/", {"post": "yes"}).status_code == 403
        assert Edition.objects.count() == 1
