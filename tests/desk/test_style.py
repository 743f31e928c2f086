"""House style at the desk: who keeps the rules and the glossary, what the checker answers, and the publish page."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Desk, Event, GlossaryEntry, StyleRule, User
from tests import factories
from tests.desk.forms import at_the_desk, open_form, parse, shown_again

CHECK = "/admin/articles/article/style/"
TRY = "/admin/articles/stylerule/try/"
GLOSSARY = "/admin/articles/glossaryentry/"
RULES = "/admin/articles/stylerule/"


def ask(client: Client, desk: Desk, /, **values: object):
    return client.post(CHECK, {"desk": desk.pk, "language": "zh-Hant", "body": ""} | values)


class TestTheChecker:
    def test_answers_what_it_found_where_and_why(self, reporter: User, desk: Desk):
        answer = ask(at_the_desk(reporter), desk, headline="書車來了。", body="<p>甲</p><p>理<b>发</b>店</p>").json()
        headline, body = answer["findings"]
        assert (headline["field"], headline["words"], headline["suggestion"]) == ("headline", "。", "")
        assert headline["why"] == "A headline ends without this mark."
        assert (body["field"], body["block"], body["start"], body["words"]) == ("body", 1, 1, "发")
        assert (body["suggestion"], body["blocking"]) == ("髮", False)

    def test_knows_no_desk_but_the_persons_own(self, editor: User, stranger: User):
        there = stranger.memberships.get().desk
        GlossaryEntry.objects.create(desk=there, language="zh-Hant", right="達珍", wrong="達真")
        response = ask(at_the_desk(editor), there, headline="達真")
        assert (response.status_code, "findings" in response.json()) == (400, False)

    @pytest.mark.parametrize(
        "values",
        [{"desk": ""}, {"desk": "9" * 40}, {"language": "xx"}, {"body": "x" * 200_001}, {"headline": "x" * 2001},
         {"headline": "\x00"}],
    )  # fmt: skip
    def test_refuses_what_is_no_text_of_ours_with_a_sentence(self, editor: User, desk: Desk, values: dict):
        response = ask(at_the_desk(editor), desk, **values)
        assert response.status_code == 400
        assert response.json()["error"]

    def test_is_closed_to_whoever_belongs_to_no_desk_and_to_looking(self, desk: Desk, editor: User):
        assert ask(at_the_desk(factories.make_user()), desk).status_code == 404
        assert at_the_desk(editor).get(CHECK).status_code == 404

    def test_takes_hostile_html(self, editor: User, desk: Desk):
        body = "<script>x</script><p onclick=x>书</p>" + "<b>" * 500
        assert [one["words"] for one in ask(at_the_desk(editor), desk, body=body).json()["findings"]] == ["书"]


class TestThePublishPage:
    def test_lists_the_findings_with_reason_and_offer(self, editor: User):
        article = factories.make_article(editor, headline="書車來了。")
        found = parse(at_the_desk(editor).get(reverse("admin:articles_article_publish", args=[article.pk])))
        (item,) = found.all("ol.style-list li")
        assert "書車來了。" in item.words
        assert "A headline ends without this mark." in item.words
        assert "leave it out" in item.words

    def test_says_nothing_where_nothing_was_found(self, editor: User, article: Article):
        page = parse(at_the_desk(editor).get(reverse("admin:articles_article_publish", args=[article.pk])))
        assert page.none(".style-list")

    def test_says_why_it_was_refused(self, editor: User, desk: Desk):
        StyleRule.objects.create(desk=desk, code="final-mark", state="block")
        article = factories.make_article(editor, headline="書車來了。")
        form = open_form(at_the_desk(editor), reverse("admin:articles_article_publish", args=[article.pk]))
        assert "Refuses publication." in form.page.one("ol.style-list").words
        told = shown_again(form, form.send()).page.words
        assert "The desk’s house style refuses this." in told
        assert not article.editions.exists()


class TestTheTryOutBox:
    def test_shows_what_would_be_marked_and_keeps_nothing(self, reporter: User, desk: Desk):
        form = open_form(at_the_desk(reporter), TRY)
        page = shown_again(form, form.send(body="书車<b>來了,孩子", language="zh-Hant")).page
        assert [one.words for one in page.all("ol.style-list mark")] == ["书", ","]
        assert page.one("textarea[name=body]").words == "书車<b>來了,孩子"

    def test_an_empty_text_and_a_clean_one_get_a_sentence(self, editor: User, desk: Desk):
        form = open_form(at_the_desk(editor), TRY)
        assert "required" in shown_again(form, form.send(body="")).page.words
        assert "has nothing to say" in shown_again(form, form.send(body="書車來了。", language="zh-Hant")).page.words


class TestTheGlossary:
    def test_is_kept_by_the_desks_editors_and_noted(self, editor: User, desk: Desk):
        form = open_form(at_the_desk(editor), f"{GLOSSARY}add/", "glossaryentry_form")
        assert form.choices("desk") == [str(desk.pk)]
        form.send(right="達珍", wrong=" 達真 \n\n达珍\n達真", language="zh-Hant")
        entry = GlossaryEntry.objects.get()
        assert (entry.desk, entry.wrong_forms()) == (desk, ["達真", "达珍"])
        event = Event.objects.filter(verb="rule-changed").get()
        assert (event.thing, event.desk, event.by) == (f"glossary {entry.pk}", desk, editor)

    def test_what_holds_for_all_desks_is_the_administrators(self, editor: User, administrator: User, desk: Desk):
        form = open_form(at_the_desk(administrator), f"{GLOSSARY}add/", "glossaryentry_form")
        form.send(right="山南", wrong="山男", language="zh-Hant", desk="")
        entry = GlossaryEntry.objects.get(desk=None)
        client = at_the_desk(editor)
        assert "山南" in client.get(GLOSSARY).content.decode()
        assert client.post(f"{GLOSSARY}{entry.pk}/change/", {"right": "x"}).status_code == 403

    @pytest.mark.parametrize("wrong", ["達珍", "x" * 101, "\n".join(map(str, range(31))), "甲\u202e"])
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, editor: User, desk: Desk, wrong: str):
        form = open_form(at_the_desk(editor), f"{GLOSSARY}add/", "glossaryentry_form")
        again = shown_again(form, form.send(right="達珍", wrong=wrong, language="zh-Hant"))
        assert again.errors("wrong")
        assert again["wrong"].strip() == wrong

    def test_of_another_desk_is_not_there(self, editor: User, stranger: User):
        there = stranger.memberships.get().desk
        entry = GlossaryEntry.objects.create(desk=there, language="zh-Hant", right="鄰縣")
        client = at_the_desk(editor)
        assert "鄰縣" not in parse(client.get(GLOSSARY)).one("main").words.replace("鄰縣編輯部", "")
        assert client.get(f"{GLOSSARY}{entry.pk}/change/").status_code in {302, 404}

    def test_says_in_the_trail_what_stood_there_and_what_stands_now(self, editor: User, desk: Desk):
        client = at_the_desk(editor)
        values = {"right": "達珍", "wrong": "達真", "language": "zh-Hant", "desk": desk.pk}
        client.post(f"{GLOSSARY}add/", values)
        entry = GlossaryEntry.objects.get()
        client.post(f"{GLOSSARY}{entry.pk}/change/", values | {"wrong": "達真\n達珎"})
        newest = Event.objects.filter(verb="rule-changed").order_by("-pk")[0]
        assert (newest.before, newest.after) == ("達珍: 達真", "達珍: 達真 達珎")

    def test_what_is_deleted_is_asked_for_first_and_noted(self, editor: User, desk: Desk):
        client = at_the_desk(editor)
        entry = GlossaryEntry.objects.create(desk=desk, language="zh-Hant", right="達珍", wrong="達真")
        path = f"{GLOSSARY}{entry.pk}/delete/"
        assert path in {url for _, url in parse(client.get(f"{GLOSSARY}{entry.pk}/change/")).links}
        assert "達珍" in parse(client.get(path)).one("main").words
        assert GlossaryEntry.objects.count() == 1
        assert client.post(path, {"post": "yes"}).status_code == 302
        assert GlossaryEntry.objects.count() == 0
        newest = Event.objects.filter(verb="rule-changed").order_by("-pk")[0]
        assert (newest.by, newest.before, newest.after) == (editor, "達珍: 達真", "")


class TestTheRules:
    def test_are_the_chiefs_and_noted(self, chief: User, editor: User, desk: Desk):
        form = open_form(at_the_desk(chief), f"{RULES}add/", "stylerule_form")
        form.send(code="dash", state="block")
        rule = StyleRule.objects.get()
        assert (rule.desk, rule.code, rule.state) == (desk, "dash", "block")
        event = Event.objects.filter(verb="rule-changed").get()
        assert (event.thing, event.before, event.after) == ("style dash", "", "block")
        client = at_the_desk(editor)
        assert client.get(RULES).status_code == 200
        assert client.get(f"{RULES}add/").status_code == 403

    def test_a_rule_of_its_own_says_what_it_finds(self, chief: User, desk: Desk):
        form = open_form(at_the_desk(chief), f"{RULES}add/", "stylerule_form")
        form.send(code="own", pattern="進行*工作", replacement="*", explanation="直說。")
        rule = StyleRule.objects.get()
        assert (rule.pattern, rule.replacement, rule.state) == ("進行*工作", "*", "mark")

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"code": "own"}, "pattern"),
            ({"code": "own", "pattern": "*甲"}, "pattern"),
            ({"code": "own", "pattern": "甲*乙*丙*丁"}, "pattern"),
            ({"code": "own", "pattern": "甲", "replacement": "*"}, "replacement"),
            ({"code": "dash", "pattern": "甲"}, "pattern"),
            ({"code": "nothing"}, "code"),
        ],
    )
    def test_says_what_is_wrong(self, chief: User, desk: Desk, values: dict, field: str):
        form = open_form(at_the_desk(chief), f"{RULES}add/", "stylerule_form")
        assert shown_again(form, form.send(**values)).errors(field)
        assert not StyleRule.objects.exists()

    def test_a_built_in_rule_stands_once_a_desk(self, chief: User, desk: Desk):
        StyleRule.objects.create(desk=desk, code="dash", state="off")
        form = open_form(at_the_desk(chief), f"{RULES}add/", "stylerule_form")
        assert form.send(code="dash").status_code == 200
        assert StyleRule.objects.count() == 1

    def test_one_that_is_deleted_marks_as_before_and_is_noted(self, chief: User, desk: Desk):
        rule = StyleRule.objects.create(desk=desk, code="dash", state="off")
        assert at_the_desk(chief).post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 302
        assert StyleRule.objects.count() == 0
        newest = Event.objects.filter(verb="rule-changed").order_by("-pk")[0]
        assert (newest.thing, newest.before, newest.after) == ("style dash", "off", "")
