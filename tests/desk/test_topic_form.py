"""The form of a topic: one page for all that readers are told there, each change in the audit trail."""

import json
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Event, OldAddress, Person, Topic, TopicFact, User
from articles.publishing import NotAllowed
from articles.publishing.topics import place_stories
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.factories import make_article, publish_article, withdraw
from tests.harness.once import on_postgresql


@pytest.fixture
def topic(db: None) -> Topic:
    return factories.make_topic("青稞秋收", slug="harvest")


@pytest.fixture
def client(editor: User) -> Client:
    return at_the_desk(editor)


def form_of(client: Client, topic: Topic) -> Form:
    return open_form(client, f"/admin/articles/topic/{topic.pk}/change/", "topic_form")


def placed(topic: Topic) -> list[tuple[str, str]]:
    rows = topic.placed.order_by("section__order", "section", "order", "pk")
    return list(rows.values_list("section__name", "article__code"))


def trail() -> list[tuple[str, str, str]]:
    return list(Event.objects.filter(thing__startswith="topic").values_list("verb", "thing", "after").order_by("pk"))


class TestSaving:
    def test_everything_on_one_page_in_one_go(self, client: Client, editor: User, topic: Topic):
        one, two = publish_article(editor), publish_article(editor)
        form = form_of(client, topic)
        answer = form.send(
            standfirst="一年的收成。", ended_on="2026-01-05", facts__0__label="面積", facts__0__text="三千畝",
            sections__0__name="開鐮", sections__0__placed=f"{two.code} 隨便什麼\r\nhttps://x.example/a/{one.code}/\r\n",
            moments__0__when="2026-05", moments__0__text="開鐮。", moments__0__article=one.code,
        )  # fmt: skip
        assert answer.status_code == 302, parse(answer).words
        topic.refresh_from_db()
        assert (topic.standfirst, str(topic.ended_on)) == ("一年的收成。", "2026-01-05")
        assert (topic.facts.get().label, topic.facts.get().language) == ("面積", "zh-Hant")
        assert placed(topic) == [("開鐮", two.code), ("開鐮", one.code)]
        assert topic.moments.get().article == one
        ((verb, thing, after),) = trail()
        assert (verb, thing) == ("topic-changed", f"topic {topic.pk}")
        assert after == "standfirst, end, facts, sections, stories, timeline"

    def test_what_was_changed_stands_in_the_trail_with_who_and_never_a_word_of_it(
        self, client: Client, editor: User, topic: Topic
    ):
        form_of(client, topic).send(standfirst="機密的導語", facts__0__text="機密的事")
        told = Event.objects.filter(verb="topic-changed").order_by("pk")
        assert [(one.thing, one.after, one.by) for one in told] == [(f"topic {topic.pk}", "standfirst, facts", editor)]
        page = parse(client.get("/admin/articles/event/")).words
        assert "changed what a topic’s page says" in page
        assert "key facts" in page
        assert "機密" not in page

    def test_what_is_not_changed_is_not_noted(self, client: Client, editor: User, topic: Topic):
        one, two = publish_article(editor), publish_article(editor)
        form_of(client, topic).send(sections__0__name="開鐮", sections__0__placed=f"{one.code}\r\n{two.code}")
        before = len(trail())
        assert form_of(client, topic).send().status_code == 302
        assert len(trail()) == before
        assert placed(topic) == [("開鐮", one.code), ("開鐮", two.code)]

    def test_another_order_of_the_same_stories_is_a_change(self, client: Client, editor: User, topic: Topic):
        one, two = publish_article(editor), publish_article(editor)
        form_of(client, topic).send(sections__0__name="開鐮", sections__0__placed=f"{one.code}\n{two.code}")
        form_of(client, topic).send(sections__0__placed=f"{two.code}\n{one.code}")
        assert placed(topic) == [("開鐮", two.code), ("開鐮", one.code)]
        assert trail()[-1][2] == "sections, stories"

    def test_a_story_goes_from_one_section_to_another(self, client: Client, editor: User, topic: Topic):
        story = publish_article(editor)
        form_of(client, topic).send(sections__0__name="甲", sections__0__placed=story.code)
        form = form_of(client, topic)
        form.send(
            sections__0__placed="", sections__1__name="乙", sections__1__placed=story.code, sections__1__order="1"
        )
        assert placed(topic) == [("乙", story.code)]

    def test_a_deleted_section_leaves_its_stories_to_the_list(self, client: Client, editor: User, topic: Topic):
        story = publish_article(editor, topic=topic)
        form_of(client, topic).send(sections__0__name="甲", sections__0__placed=story.code)
        form_of(client, topic).send(sections__0__DELETE="on")
        assert placed(topic) == []
        assert topic.sections.count() == 0

    def test_a_story_that_was_withdrawn_may_stay_where_it_was_placed(
        self, client: Client, editor: User, chief: User, topic: Topic
    ):
        story = publish_article(editor, headline="下架的標題")
        form_of(client, topic).send(sections__0__name="甲", sections__0__placed=story.code)
        withdraw(story, by=chief, second=editor, act="takedown", keep_headline=False)
        form = form_of(client, topic)
        assert "下架的標題" not in form["sections-0-placed"]
        assert form.send(standfirst="新").status_code == 302
        assert placed(topic) == [("甲", story.code)]


@on_postgresql
class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("moments-0-when", "2026-13", "2026-05-03"), ("moments-0-when", "去年", "2026-05-03"),
            ("moments-0-when", "2026-02-30", "2026-05-03"), ("moments-0-article", "zzzzzzzzzz", "No story"),
            ("sections-0-placed", "zzzzzzzzzz", "no story that"), ("sections-0-placed", "開鐮", "no story that"),
            ("ended_on", "2999-01-01", "still to come"), ("sections-0-order", "99999", "9999"),
            ("facts-0-text", "長" * 301, "300"), ("sections-0-placed", "a\x00b", "Null"),
        ],
    )  # fmt: skip
    def test_is_told_at_its_field_and_nothing_typed_is_lost(
        self, field: str, value: str, says: str, client: Client, topic: Topic
    ):
        typed = {"standfirst": "留著", "sections-0-name": "甲", "moments-0-when": "2026", "moments-0-text": "乙",
                 "facts-0-text": "丙", field: value}  # fmt: skip
        form = form_of(client, topic)
        again = shown_again(form, form.send(**{name.replace("-", "__"): text for name, text in typed.items()}))
        assert says in again.page.one("main").words
        assert again["standfirst"] == "留著"
        assert not topic.sections.exists()
        assert trail() == []

    def test_a_draft_can_be_placed_by_nobody_and_answers_like_a_wrong_code(
        self, client: Client, editor: User, topic: Topic
    ):
        draft = make_article(editor)
        form = form_of(client, topic)
        again = shown_again(form, form.send(sections__0__name="甲", sections__0__placed=draft.code))
        assert "is no story that readers see" in again.page.one("main").words

    def test_a_story_placed_twice_is_told(self, client: Client, editor: User, topic: Topic):
        story = publish_article(editor)
        form_of(client, topic).send(sections__0__name="甲", sections__0__placed=story.code)
        form = form_of(client, topic)
        again = shown_again(form, form.send(sections__1__name="乙", sections__1__placed=story.code))
        assert f"The story {story.code} stands twice" in again.page.one("main").words
        assert placed(topic) == [("甲", story.code)]

    def test_a_story_that_no_list_would_show_is_told(self, client: Client, editor: User, topic: Topic):
        codes = [publish_article(editor, topic=topic).code for _number in range(13)]
        other = publish_article(editor).code
        assert (
            form_of(client, topic).send(sections__0__name="甲", sections__0__placed="\n".join(codes)).status_code == 302
        )
        form = form_of(client, topic)
        again = shown_again(form, form.send(sections__0__placed="\n".join([*codes, other])))
        assert f"The story {other} is not of this topic" in again.page.one("main").words
        assert form.send(sections__0__placed="\n".join([other, *codes])).status_code == 302

    def test_fifty_one_stories_are_too_many_and_a_forged_number_of_rows_is_refused(
        self, client: Client, editor: User, topic: Topic
    ):
        codes = "\n".join(["zzzzzzzzzz"] * 51)
        form = form_of(client, topic)
        assert "51 stories" in parse(form.send(sections__0__name="甲", sections__0__placed=codes)).one("main").words
        assert form.send(sections__TOTAL_FORMS="100000").status_code == 200


class TestTwoPeople:
    def test_the_second_is_told_of_the_first_and_loses_nothing(
        self, client: Client, editor: User, chief: User, topic: Topic
    ):
        story = publish_article(editor)
        form_of(client, topic).send(facts__0__text="三千畝", sections__0__name="甲", sections__0__placed=story.code)
        form = form_of(client, topic)
        form_of(at_the_desk(chief), topic).send(sections__0__placed="", facts__0__text="四千畝")
        again = shown_again(form, form.send(standfirst="我的"))
        assert "dazhen has changed this topic" in again.page.one(".error-summary").words
        assert (again["standfirst"], again["facts-0-text"]) == ("我的", "三千畝")
        assert (topic.facts.get().text, placed(topic)) == ("四千畝", [])
        assert again.send().status_code == 302  # meant, by now
        assert (topic.facts.get().text, placed(topic)) == ("三千畝", [("甲", story.code)])

    def test_a_section_that_the_first_deleted_is_no_fault(self, client: Client, chief: User, topic: Topic):
        form_of(client, topic).send(sections__0__name="甲")
        form = form_of(client, topic)
        form_of(at_the_desk(chief), topic).send(sections__0__DELETE="on")
        again = shown_again(form, form.send(standfirst="我的"))
        assert again.send(seen=None).status_code == 200

    def test_what_is_wrong_in_another_field_does_not_hide_who_was_first(
        self, client: Client, chief: User, topic: Topic
    ):
        form = form_of(client, topic)
        again = shown_again(form, form.send(ended_on="2999-01-01"))
        form_of(at_the_desk(chief), topic).send(standfirst="她的")
        again = shown_again(again, again.send(ended_on=""))
        assert "dazhen has changed" in again.page.one(".error-summary").words


class TestOffering:
    def ask(self, client: Client, words: str, topic: Topic | None = None) -> list[str]:
        answer = client.get("/admin/articles/topic/stories/", {"q": words} | ({"topic": topic.pk} if topic else {}))
        assert answer.status_code == 200
        return [one["value"] for one in json.loads(answer.content)["found"]]

    def test_finds_public_stories_of_every_desk_by_what_readers_see(
        self, client: Client, stranger: User, editor: User, topic: Topic
    ):
        there = publish_article(stranger, headline="鄰縣的青稞", desk=stranger.memberships.get().desk)
        own = publish_article(editor, headline="青稞開鐮了", topic=topic)
        assert self.ask(client, "青稞", topic) == [f"{own.code} 青稞開鐮了", f"{there.code} 鄰縣的青稞"]
        assert self.ask(client, "青稞 鄰縣") == [f"{there.code} 鄰縣的青稞"]
        assert self.ask(client, there.code) == [f"{there.code} 鄰縣的青稞"]

    def test_tells_nothing_of_drafts_of_changes_to_come_and_of_what_was_withdrawn(
        self, client: Client, stranger: User, editor: User, chief: User
    ):
        desk = stranger.memberships.get().desk
        make_article(stranger, headline="機密草稿", desk=desk)
        changed = publish_article(stranger, headline="公開的", desk=desk)
        factories.change(changed, by=stranger, headline="機密的新標題")
        down = publish_article(editor, headline="機密的舊事")
        withdraw(down, by=chief, second=editor)
        assert self.ask(client, "機密") == []
        assert self.ask(client, down.code) == []

    @pytest.mark.parametrize("asked", ["", " ", "\x00", "%", "_", "x" * 5000, "'; --"])
    def test_takes_every_question(self, asked: str, client: Client, editor: User):
        publish_article(editor)
        assert self.ask(client, asked) == []
        assert client.get("/admin/articles/topic/stories/?q=x&topic=99999999999999999999").status_code == 200


class TestRights:
    def test_a_reporter_looks_and_changes_nothing(self, reporter: User, editor: User, topic: Topic):
        story = publish_article(editor, headline="看得見")
        form_of(at_the_desk(editor), topic).send(sections__0__name="甲", sections__0__placed=story.code)
        client = at_the_desk(reporter)
        assert "看得見" in client.get(f"/admin/articles/topic/{topic.pk}/change/").content.decode()
        assert client.get("/admin/articles/topic/stories/?q=x").status_code == 403
        with pytest.raises(NotAllowed):
            place_stories(topic, [], by=reporter)

    def test_an_ended_topic_is_chosen_for_no_new_story_and_stays_on_those_it_has(
        self, client: Client, editor: User, topic: Topic
    ):
        article = make_article(editor, topic=topic)
        Topic.objects.update(ended_on="2026-01-01")
        other = make_article(editor)
        assert str(topic.pk) in open_form(client, f"/admin/articles/article/{article.pk}/change/").choices("topic")
        for path in (f"/admin/articles/article/{other.pk}/change/", "/admin/articles/article/add/"):
            assert str(topic.pk) not in open_form(client, path).choices("topic")


def test_what_a_persons_page_says_is_noted_too(client: Client, editor: User):
    person = factories.make_person("達珍", slug="dazhen")
    form = open_form(client, f"/admin/articles/person/{person.pk}/change/")
    form.send(line="記者", biography_en="Born here.", slug="changed")
    person.refresh_from_db()
    assert (person.line, person.biography_en, person.slug) == ("記者", "Born here.", "changed")
    assert Event.objects.get(verb="person-changed").after == "line, biography"
    assert not OldAddress.objects.exists()
    assert Person.objects.count() == 1


def test_the_language_of_a_new_row_is_the_sites_own(client: Client, topic: Topic):
    form = form_of(client, topic)
    assert form["facts-0-language"] == form["moments-0-language"] == "zh-Hant"
    assert TopicFact.objects.count() == 0
    assert Article.objects.count() == 0


def test_the_verb_leaves_out_what_cannot_be_placed(editor: User, topic: Topic):
    section: Any = topic.sections.create(name="甲")
    public, draft = publish_article(editor), make_article(editor)
    assert place_stories(topic, [(section, [draft, public, public])], by=editor)
    assert placed(topic) == [("甲", public.code)]
    assert not place_stories(topic, [(section, [public])], by=editor)
