"""One act on many stories: what will happen to each is said before; each is done by itself; nobody oversteps."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.desk.bulk_acts import CHANGES
from articles.desk.bulk_steps import STEPS
from articles.models import Article, Desk, Publication, StyleRule, User
from articles.publishing import approve, spike, submit
from articles.publishing.clock import database_now
from tests import factories
from tests.desk.forms import Form, at_the_desk, parse
from tests.desk.test_story_list import LIST, listed
from tests.site.reading import Part

BULK = f"{LIST}bulk/"
AT_ONCE = "Readers will see it at once, as edition 1."


@pytest.fixture
def at_desk(committed_db: None, editor: User) -> Client:
    return at_the_desk(editor)


def choose(client: Client, act: str, *stories: Article, query: str = "") -> Form:
    response = client.post(BULK, {"act": act, "story": [str(story.pk) for story in stories], "query": query})
    assert response.status_code == 200
    return Form(client, BULK, response)


def told(page: Part) -> dict[str, str]:
    """What is said of each story, by its headline."""
    return {line.one(".headline").words: line.one("p").words for line in page.all(".bulk-lines li")}


def confirm(form: Form, stories: list[Article], **answers: Any) -> HttpResponse:
    """Send the page as a browser does; several boxes bear one name."""
    boxes = [box["value"] for box in form.part.all("input") if box.get("name") == "story" and "checked" in
             box.element.attrib]  # fmt: skip
    assert boxes == [str(story.pk) for story in stories]
    return form.client.post(BULK, form.values | {"story": boxes, "confirm": "1"} | answers)


def test_publishing_names_each_story_and_what_will_happen(at_desk: Client, editor: User, desk: Desk):
    ready, public = factories.make_article(editor, headline="甲"), factories.publish_article(editor, headline="乙")
    unready = factories.make_article(editor, headline="丙", credits=[])
    form = choose(at_desk, "publish", ready, public, unready)
    said = told(form.page)
    assert said["甲"] == AT_ONCE
    assert said["乙"].startswith("Will not happen: It is public already.")
    assert "a responsible editor" in said["丙"]
    assert Publication.objects.count() == 1
    response = confirm(form, [ready])
    assert response["Location"] == LIST
    assert Publication.objects.filter(article=ready).exists()
    assert public.editions.count() == 1


class TestPublishingForesees:
    """What publish() would refuse."""

    @pytest.fixture
    def two(self, committed_db: None, editor: User) -> list[Article]:
        return [factories.make_article(editor, headline=name) for name in ("甲", "乙")]

    def said(self, client: Client, *stories: Article) -> list[str]:
        return list(told(choose(client, "publish", *stories).page).values())

    def test_an_embargo_by_the_databases_clock(self, at_desk: Client, two: list[Article]):
        for story, hours in zip(two, (1, -1), strict=True):
            until = database_now() + timedelta(hours=hours)
            Article.objects.filter(pk=story.pk).update(embargo_until=until, embargo_zone="Asia/Shanghai")
        held, free = self.said(at_desk, *two)
        assert held.startswith("Will not happen: This story is under embargo until")
        assert free == AT_ONCE

    def test_the_spike(self, at_desk: Client, two: list[Article], editor: User):
        spike(two[0], seen=1, by=editor)
        assert self.said(at_desk, *two) == ["Will not happen: This story was spiked. Restore it first.", AT_ONCE]

    @pytest.mark.parametrize("rule", ["first", "every"])
    def test_an_approval_that_is_wanted(
        self, rule: str, at_desk: Client, two: list[Article], editor: User, chief: User
    ):
        Desk.objects.update(approval=rule)
        submit(two[1], seen=1, by=editor)
        approve(two[1], seen=1, by=chief)
        wanting, approved = self.said(at_desk, *two)
        assert wanting.startswith("Will not happen: At this desk somebody other than who submitted a story approves it")
        assert approved == AT_ONCE

    def test_a_rule_of_house_style_that_refuses(self, at_desk: Client, two: list[Article], desk: Desk):
        rule = StyleRule.objects.create(desk=desk, code="own", pattern="青稞", explanation="避用。", state="block")
        Article.objects.filter(pk=two[1].pk).update(headline="乙", body="<p>麥子熟了。</p>")
        refused, free = self.said(at_desk, *two)
        assert refused.startswith("Will not happen: The desk’s house style refuses this.")
        assert free == AT_ONCE
        StyleRule.objects.filter(pk=rule.pk).update(state="mark")
        assert self.said(at_desk, *two) == [AT_ONCE, AT_ONCE]

    def test_at_no_cost_a_story(self, at_desk: Client, two: list[Article], editor: User):
        Desk.objects.update(approval="first")

        def cost(*stories: Article) -> int:
            with CaptureQueriesContext(connection) as asked:
                choose(at_desk, "publish", *stories)
            return len(asked)

        cost(*two)
        assert cost(*two, *(factories.make_article(editor) for _ in range(5))) == cost(*two)


def test_what_somebody_saved_meanwhile_is_left_and_the_others_go_on(at_desk: Client, editor: User, chief: User):
    first, second = (factories.make_article(editor, headline=name) for name in ("甲", "乙"))
    form = choose(at_desk, "publish", first, second)
    factories.change(first, by=chief, headline="甲改了")
    response = confirm(form, [first, second])
    assert response.status_code == 200
    page = parse(response)
    assert told(page) == {
        "甲改了": "Did not happen: Somebody has saved it since you chose it. Look at it, and try again.",
        "乙": "Done.",
    }
    assert not Publication.objects.filter(article=first).exists()
    again = Form(at_desk, BULK, response)  # the story that failed is still chosen, in the version that is shown now
    assert confirm(again, [first])["Location"] == LIST
    assert Publication.objects.get(article=first).read_card()["headline"] == "甲改了"


def test_moving_to_a_channel_changes_the_working_copies_alone(at_desk: Client, editor: User, published: Article):
    weather = factories.make_channel("天氣")
    draft = factories.make_article(editor, headline="草稿", tags=["雪"])
    form = choose(at_desk, "channel", draft, published)
    assert "Readers see it where it stands until it is published again." in told(form.page)["青稞開鐮"]
    again = confirm(form, [draft, published])  # no channel was chosen
    assert "required" in parse(again).one("main").words
    assert confirm(Form(at_desk, BULK, again), [draft, published], channel=str(weather.pk)).status_code == 302
    for story in (draft, published):
        story.refresh_from_db()
        assert story.channel == weather
        assert story.changed_by == editor
    assert [tag.name for tag in draft.tags.all()] == ["雪"]
    assert published.stage == "changed"
    assert factories.public(published).channel != weather


def test_tags_are_added_to_those_that_are_there(at_desk: Client, editor: User):
    story = factories.make_article(editor, tags=["雪"])
    form = choose(at_desk, "tags", story)
    for wrong in ("", " ， ", "x" * 60, "\x00"):
        assert confirm(form, [story], tags=wrong).status_code == 200
    assert confirm(form, [story], tags="公路，雪").status_code == 302
    assert {tag.name for tag in story.tags.all()} == {"雪", "公路"}


def test_a_reporter_is_told_what_they_may_not(committed_db: None, reporter: User, editor: User):
    own, other = factories.make_article(reporter, headline="甲"), factories.make_article(editor, headline="乙")
    client = at_the_desk(reporter)
    form = choose(client, "publish", own, other)
    assert list(told(form.page)) == ["甲"]  # the other one does not exist for them
    assert "Your role at this desk does not allow this." in told(form.page)["甲"]
    assert "confirm" not in {button.get("name") for button in form.part.all("button")}
    forged = {"act": "publish", "story": [own.pk, other.pk], f"seen-{own.pk}": 1, f"seen-{other.pk}": 1, "confirm": 1}
    client.post(BULK, forged)
    assert not Publication.objects.exists()


def test_stories_of_other_desks_are_not_there(at_desk: Client, stranger: User):
    theirs = factories.make_article(stranger, desk=stranger.memberships.get().desk)
    response = at_desk.post(BULK, {"act": "publish", "story": [str(theirs.pk)]}, follow=True)
    assert "None of these stories is at your desks any more." in parse(response).one("ul.messagelist").words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"act": "publish"}, "Choose stories first"),
        ({"act": "", "story": ["1"]}, "Choose what is to be done"),
        ({"act": "delete", "story": ["1"]}, "Choose what is to be done"),
        ({"act": "publish", "story": [str(number) for number in range(101)]}, "100 at once are the most"),
        ({"act": "publish", "story": ["x", "\x00", "-1", "9" * 40]}, "Choose stories first"),
    ],
)
def test_what_cannot_be_meant_leads_back_to_the_list(
    asked: dict[str, Any], said: str, at_desk: Client, article: Article
):
    response = at_desk.post(BULK, asked | {"query": "?stage__exact=draft&before=x"}, follow=True)
    assert response.redirect_chain == [(f"{LIST}?stage__exact=draft", 302)]
    assert said in parse(response).one("ul.messagelist").words


def test_versions_that_make_no_sense_are_stale(at_desk: Client, article: Article):
    for seen in ("", "x", "9" * 30, "0", "-1"):
        values = {"act": "publish", "story": [str(article.pk)], f"seen-{article.pk}": seen, "confirm": "1"}
        assert "Somebody has saved it" in told(parse(at_desk.post(BULK, values)))["青稞開鐮"]


def test_the_list_offers_boxes_and_acts_but_not_where_a_story_is_chosen_for_a_form(at_desk: Client, article: Article):
    page = parse(at_desk.get(LIST))
    (box,) = [field for field in page.all("td input") if field.get("name") == "story"]
    assert (box["value"], box["aria-label"]) == (str(article.pk), article.headline)
    assert [option["value"] for option in page.one("select[id=bulk-act]").all("option")][1:] == [*STEPS, *CHANGES]
    assert not parse(at_desk.get(LIST, {"_popup": "1"})).all("td input")


# --- Steps of the way to the public -------------------------------------------------------------------------------


def test_the_way_through_review(at_desk: Client, committed_db: None, reporter: User, editor: User):
    first, second = (factories.make_article(reporter, headline=name) for name in ("甲", "乙"))
    empty = factories.make_article(reporter, headline="空", body="")
    theirs = at_the_desk(reporter)
    form = choose(theirs, "submit", first, second, empty)
    assert told(form.page)["甲"].startswith("It goes into review")
    assert told(form.page)["空"].startswith("Will not happen:")
    assert confirm(form, [first, second]).status_code == 302
    assert [stage_of(story) for story in (first, second, empty)] == ["review", "review", "draft"]
    assert told(choose(theirs, "approve", first).page)["甲"].startswith("Will not happen: Your role")
    assert confirm(choose(at_desk, "approve", first), [first]).status_code == 302
    form = choose(at_desk, "send-back", first, second)
    assert "required" in parse(confirm(form, [first, second])).one("main").words
    assert confirm(form, [first, second], text="請補上日期。").status_code == 302
    assert [stage_of(story) for story in (first, second)] == ["draft", "draft"]
    assert [story.comments.get().text for story in (first, second)] == ["請補上日期。"] * 2


def test_the_spike_and_back(at_desk: Client, editor: User):
    draft, public = factories.make_article(editor, headline="甲"), factories.publish_article(editor, headline="乙")
    form = choose(at_desk, "spike", draft, public)
    assert told(form.page)["乙"].startswith("Will not happen:")
    confirm(form, [draft])
    assert [stage_of(draft), stage_of(public)] == ["spiked", "published"]
    assert told(choose(at_desk, "channel", draft).page)["甲"].startswith("Will not happen:")
    confirm(choose(at_desk, "restore", draft), [draft])
    assert stage_of(draft) == "draft"


def test_handing_over_makes_the_stories_theirs_and_found_by_them(at_desk: Client, editor: User, reporter: User):
    stories = [factories.make_article(editor, headline=name) for name in ("甲", "乙")]
    assert confirm(choose(at_desk, "assign", *stories), stories, to=str(reporter.pk)).status_code == 302
    assert listed(at_the_desk(reporter)) == ["乙", "甲"]
    assert listed(at_the_desk(reporter), q="青稞") == ["乙", "甲"]
    form = choose(at_desk, "assign", *stories)
    assert "It goes out of the hands of nima" in told(form.page)["甲"]
    assert confirm(form, stories, to="").status_code == 302
    assert listed(at_the_desk(reporter)) == []


def test_nobody_is_handed_a_story_of_a_desk_that_is_not_theirs(at_desk: Client, article: Article, stranger: User):
    form = choose(at_desk, "assign", article)
    assert str(stranger.pk) not in form.choices("to")
    assert confirm(form, [article], to=str(stranger.pk)).status_code == 200
    article.refresh_from_db()
    assert article.assignee is None


def stage_of(story: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=story.pk)
