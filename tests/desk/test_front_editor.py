"""The front editor: arranging, launching, scheduling, two people, what asks, the preview and the history."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Desk, Duty, FrontSchedule, FrontVersion, Language, Membership, Slot, User
from articles.publishing import Wanted, launch_due
from articles.publishing.fronts import front_at
from tests import factories
from tests.conftest import Case
from tests.desk.forms import at_the_desk, parse
from tests.harness.once import on_one_database, on_postgresql
from tests.publishing.test_fronts import arranged, launched, live, make_due, saves, scheduled, shown, site_front
from tests.publishing.test_schedules import ZONE, minute
from tests.site.reading import Part, headlines, main_of, read

EDITOR = "/admin/articles/front/site/"
PREVIEW = f"{EDITOR}preview/"
HISTORY = f"{EDITOR}history/"


def page_of(response: HttpResponse) -> Part:
    assert response.status_code == 200, response.get("Location")
    return parse(response).one("main")


def sent(page: Part) -> dict[str, Any]:
    """What a browser would send of the editor as it stands."""
    form = page.one("form[id=front_form]")  # the template of new slots stands behind it
    said: dict[str, Any] = {"slot": [field["value"] for field in form.all("input[name=slot]")]}
    for field in form.all("input"):
        if field.get("name") and field["name"] != "slot":
            said[field["name"]] = field.get("value") or ""
    for select in form.all("select"):
        chosen = [one for one in select.all("option") if one.get("selected") is not None] or select.all("option")[:1]
        said[select["name"]] = chosen[0]["value"] if chosen else ""
    return said


def slots(page: Part) -> list[str]:
    """The headlines on the page, in the order of the slots."""
    return [one.words for one in page.all("ol[id=slots] li.slot .shown")]


def send(client: Client, page: Part, path: str = EDITOR, **changes: Any) -> HttpResponse:
    said = sent(page) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(path, {name: value for name, value in said.items() if value is not None})


@pytest.fixture
def three(editor: User, desk: Desk) -> list[Article]:
    return [factories.publish_article(editor, desk=desk, headline=name) for name in ("甲", "乙", "丙")]


class TestWithoutScripts:
    def test_a_story_is_added_moved_named_saved_and_launched(self, three: list[Article], editor: User, client: Client):
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        assert slots(page) == []
        page = page_of(send(desk, page, add=three[0].pk))
        page = page_of(send(desk, page, lead=three[1].pk))
        assert slots(page) == ["乙", "甲"]
        assert not FrontVersion.objects.exists()  # nothing is saved by that
        (row, _other) = sent(page)["slot"]
        page = page_of(send(desk, page, down=row))
        assert slots(page) == ["甲", "乙"]
        page = page_of(send(desk, page, up=row))
        page = page_of(send(desk, page, add=three[2].pk))
        page = page_of(send(desk, page, top=sent(page)["slot"][2]))
        assert slots(page) == ["丙", "乙", "甲"]
        page = page_of(send(desk, page, remove=sent(page)["slot"][2]))
        said = {f"slot__{sent(page)['slot'][0]}__headline": "自擬"}
        assert send(desk, page, _save=1, **said)["Location"] == EDITOR
        page = page_of(desk.get(EDITOR))
        assert slots(page) == ["自擬", "乙"]
        assert headlines(read(client, "/"))[0] == "丙"
        assert send(desk, page, launch=1)["Location"] == EDITOR
        assert shown(live()) == [(three[2].pk, "自擬"), (three[1].pk, "")]
        assert headlines(read(client, "/"))[:2] == ["自擬", "乙"]

    def test_launching_saves_what_was_typed(self, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        send(desk, page, launch=1)
        assert shown(live()) == [(three[0].pk, "")]
        page = page_of(send(desk, page_of(desk.get(EDITOR)), launch=1))
        assert "Readers see exactly this arrangement already" in page.one(".error-summary").words
        assert saves() == 1

    def test_a_story_is_found_by_its_words_and_by_its_code(self, three: list[Article], editor: User, stranger: User):
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        found = [one.words for one in page.all(".candidate .headline")]
        assert found == ["丙", "乙", "甲"]
        page = page_of(send(desk, page, q="乙", search=1))
        assert [one.words for one in page.all(".candidate .headline")] == ["乙"]
        page = page_of(send(at_the_desk(stranger), page, q=f"/a/{three[0].code}/"))
        assert [one.words for one in page.all(".candidate .headline")] == ["甲"]
        page = page_of(send(desk, page, q="沒有這個"))
        assert "No public story holds these words" in page.one("div[id=candidates]").words

    def test_drafts_are_found_by_nobody(self, article: Article, editor: User):
        page = page_of(at_the_desk(editor).get(EDITOR))
        assert page.none(".candidate")
        page = page_of(send(at_the_desk(editor), page, q="青稞"))
        assert page.none(".candidate")
        page = page_of(send(at_the_desk(editor), page, q=article.code, add=article.pk))
        assert page.none(".candidate")
        assert slots(page) == []

    def test_older_stories_are_read_on_without_numbers(self, editor: User, desk: Desk):
        names = [f"第{number}篇" for number in range(15)]
        for name in names:
            factories.publish_article(editor, desk=desk, headline=name)
        client = at_the_desk(editor)
        page = page_of(client.get(EDITOR))
        first = [one.words for one in page.all(".candidate .headline")]
        page = page_of(send(client, page, older=page.one("button[name=older]")["value"]))
        assert first + [one.words for one in page.all(".candidate .headline")] == names[::-1]

    def test_the_script_gets_the_same_stories(self, three: list[Article], editor: User):
        answer = at_the_desk(editor).get(f"{EDITOR}candidates/", {"query": "乙", "readers": "zh"})
        assert answer["Content-Type"] == "application/json"
        assert "乙" in answer.json()["html"]
        assert "甲" not in answer.json()["html"]


@on_postgresql
class TestWhatIsWrong:
    @pytest.mark.parametrize(("said", "told"), [
        ({"headline": "長" * 201}, "200 characters"),
        ({"headline": "a\u202eb"}, "cannot be shown"),
        ({"picture": "987654"}, "no such picture"),
        ({"picture": "x\x00"}, "no such picture"),
        ({"mark": "live", "until": ""}, "Say until when"),
        ({"mark": "live", "until": "nonsense"}, "Say until when"),
        ({"mark": "live", "until": "2020-01-01T10:00"}, "This time has passed"),
        ({"mark": "live", "until": "9999-12-31T23:59"}, "Choose a date between"),
    ])  # fmt: skip
    def test_is_said_at_the_slot_and_what_was_typed_is_kept(
        self, said: dict[str, str], told: str, three: list[Article], editor: User
    ):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        (row,) = sent(page)["slot"]
        typed = {f"slot-{row}-{name}": value for name, value in said.items()}
        page = page_of(send(desk, page, launch=1, **typed))
        assert told in page.one("ol[id=slots] .errorlist").words
        assert page.one("ol[id=slots] details").get("open") is not None
        again = sent(page)
        assert {name: again[name] for name in typed if "\x00" not in typed[name]} == {
            name: value for name, value in typed.items() if "\x00" not in value
        }
        assert site_front().live is None

    FORGED: tuple[dict[str, Any], ...] = (
        {"slot": ["x" * 40, "é", "1"]}, {"seen": "9" * 30}, {"seen": ""}, {"zone": "Nowhere/Else"},
        {"slot": [str(number) for number in range(99)]}, {"add": "9" * 30}, {"add": "\x00"}, {"up": "?"},
        {"confirm": "9" * 30}, {"cancel": "-1"}, {"q": "\x00" * 300}, {"older": "!!"},
        {"readers": "xx"}, {"slot-1-story": "9" * 30}, {"slot-1-seen": "9" * 30}, {"slot-1-mark": "loud"},
        {"at-date": "x", "schedule": "1"},
    )  # fmt: skip

    def test_a_forged_form_is_no_fault(self, case: Case, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        for forged in self.FORGED:
            with case(forged=forged):
                for button in ({}, {"_save": "1"}, {"launch": "1"}):
                    assert send(desk, page, **button | forged).status_code < 500
                assert send(desk, page, PREVIEW, **forged).status_code < 500

    @pytest.mark.parametrize("which", ["nothing", "0", "987654321", "9" * 40])
    def test_a_front_that_is_none_is_not_there(self, which: str, editor: User):
        for page in ("", "preview/", "history/", "candidates/"):
            assert at_the_desk(editor).get(f"/admin/articles/front/{which}/{page}").status_code == 404

    def test_a_story_that_was_retracted_is_named_and_cannot_be_launched(
        self, three: list[Article], editor: User, chief: User
    ):
        arranged(editor, *three)
        factories.withdraw(three[1], by=chief, second=editor)
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        assert "Slot 2, “乙”: this story was retracted" in page.one(".slot-trouble").words
        page = page_of(send(desk, page, launch=1))
        assert "Slot 2, “乙”" in page.one(".error-summary").words
        page = page_of(send(desk, page, remove=sent(page)["slot"][1]))
        assert send(desk, page, launch=1).status_code == 302

    def test_a_mark_that_is_over_does_not_hold_the_next_save(self, three: list[Article], editor: User):
        over = minute(hours=-1)
        arranged(editor, Wanted(three[0].pk, mark="breaking", until=over))
        desk = at_the_desk(editor)
        assert send(desk, page_of(desk.get(EDITOR)), launch=1).status_code == 302
        assert Slot.objects.get(version=live()).mark == ""


class TestMarks:
    def test_end_by_the_clock_of_the_desk(self, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        (row,) = sent(page)["slot"]
        until = minute(hours=2)
        local = until.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
        send(desk, page, launch=1, **{f"slot-{row}-mark": "breaking", f"slot-{row}-until": local})
        slot = Slot.objects.get(version=live())
        assert (slot.mark, slot.until) == ("breaking", until)
        assert sent(page_of(desk.get(EDITOR)))["slot-1-until"] == local


class TestTwoPeople:
    def test_the_second_sees_both_arrangements_and_loses_nothing(self, three: list[Article], editor: User, chief: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        arranged(chief, Wanted(three[1].pk, headline="她的"), three[2])
        page = page_of(send(desk, page, _save=1))
        assert "dazhen has changed this front" in page.one(".error-summary").words
        assert [one.words for one in page.all(".their-front li")] == ["她的", "丙"]
        assert slots(page) == ["甲"]
        assert len(shown(FrontVersion.objects.get())) == 2
        assert send(desk, page, _save=1).status_code == 302  # meant, by now
        assert shown(FrontVersion.objects.get()) == [(three[0].pk, "")]

    def test_a_launch_that_comes_too_late_is_held_back_too(self, three: list[Article], editor: User, chief: User):
        arranged(editor, three[0])
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        arranged(chief, three[1])
        assert "dazhen" in page_of(send(desk, page, launch=1)).one(".error-summary").words
        assert site_front().live is None

    def test_what_was_launched_meanwhile_is_not_launched_over_unseen(
        self, three: list[Article], editor: User, chief: User
    ):
        arranged(chief, three[0], three[2])
        row = scheduled(chief)
        arranged(editor, three[1])
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[2].pk))
        make_due(row)
        launch_due()
        page = page_of(send(desk, page, launch=1))
        assert "dazhen has launched another version" in page.one(".error-summary").words
        assert [one.words for one in page.all(".their-front li")] == ["甲", "丙"]
        assert slots(page) == ["乙", "丙"]
        assert live() == row.version
        assert send(desk, page, launch=1).status_code == 302  # meant, by now
        assert [story for story, _ in shown(live())] == [three[1].pk, three[2].pk]

    def test_a_launch_that_is_refused_has_saved_and_is_not_told_of_oneself(
        self, three: list[Article], editor: User, chief: User
    ):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        factories.withdraw(three[0], by=chief, second=editor)
        for _again in range(2):
            page = page_of(send(desk, page, launch=1))
            assert "was retracted" in page.one(".error-summary").words


@on_postgresql
class TestScheduling:
    def at(self, **ahead: float) -> dict[str, Any]:
        local = minute(**ahead).astimezone(ZoneInfo(ZONE))
        return {"at-date": f"{local:%Y-%m-%d}", "at-time": f"{local:%H:%M}", "at-zone": ZONE}

    def test_saves_waits_and_can_be_cancelled(self, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        assert send(desk, page, schedule=1, **self.at(hours=2)).status_code == 302
        row = FrontSchedule.objects.get()
        page = page_of(desk.get(EDITOR))
        assert "waits for its time" in page.one("section.times").words
        desk.post(EDITOR, {"cancel": row.pk})
        make_due(row)
        assert launch_due() == 0
        assert "cancelled" in page_of(desk.get(EDITOR)).one("section.times").words

    @pytest.mark.parametrize("said", [{"at-date": ""}, {"at-time": "x"}, {"at-date": "2020-01-01"}])
    def test_without_a_time_that_is_to_come_is_refused(self, said: Any, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        page = page_of(send(desk, page, schedule=1, **self.at(hours=2) | said))
        assert page.one(".error-summary").words
        assert slots(page) == ["甲"]
        assert not FrontSchedule.objects.exists()

    def test_is_not_offered_to_whoever_may_not_launch(self, three: list[Article], editor: User, desk: Desk):
        Desk.objects.filter(pk=desk.pk).update(editors_launch=False)
        client = at_the_desk(editor)
        page = page_of(client.get(EDITOR))
        assert page.none("button[name=launch]")
        assert page.none("details.timing")
        page = page_of(send(client, page, add=three[0].pk, launch=1))
        assert site_front().live is None


@on_postgresql
class TestWhatAsks:
    def test_stands_at_the_slot_until_it_is_confirmed(self, three: list[Article], editor: User, client: Client):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor, text="日期有誤。")
        assert headlines(read(client, "/"))[0] == "甲"
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        asks = page.one("ol[id=slots] .slot-asks")
        assert "日期有誤。" in asks.words
        page = page_of(send(desk, page, confirm=asks.one("button")["value"]))
        assert page.none(".slot-asks")
        assert headlines(read(client, "/"))[0] == "自擬"
        assert Duty.objects.get(place="front").state == "done"

    def test_stands_above_where_the_draft_has_gone_on(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        arranged(editor, three[1])
        factories.correct(three[0], by=editor)
        desk = at_the_desk(editor)
        page = page_of(desk.get(EDITOR))
        assert page.none(".slot-asks")
        box = page.one("section[aria-labelledby=asked-name]")
        assert "自擬" in box.words
        page = page_of(send(desk, page, confirm=box.one("button")["value"]))
        assert page.none("section[aria-labelledby=asked-name]")

    def test_is_a_duty_on_the_first_page_and_in_the_list(self, three: list[Article], editor: User, stranger: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        for user in (editor, stranger):  # the front is the house's
            page = page_of(at_the_desk(user).get("/admin/"))
            assert EDITOR in {link for _, link in page.one("section[aria-labelledby=duties]").links}
            assert EDITOR in {link for _, link in page_of(at_the_desk(user).get("/admin/articles/duty/")).links}
        page = page_of(at_the_desk(editor).get(f"/admin/articles/article/{three[0].pk}/places/"))
        (stand,) = [one for one in page.all("ul.stands li") if EDITOR in {link for _, link in one.links}]
        assert stand.none("form")
        assert "confirm or change" in stand.words

    def test_is_not_asked_of_reporters(self, three: list[Article], editor: User, reporter: User):
        launched(editor, Wanted(three[0].pk, headline="自擬"))
        factories.correct(three[0], by=editor)
        assert page_of(at_the_desk(reporter).get("/admin/")).none("section[aria-labelledby=duties]")


@on_postgresql
class TestThePreview:
    def body(self, response: HttpResponse) -> bytes:
        """The page's main part without the bar, and with pictures where readers fetch them."""
        main = main_of(response.content)
        bar, rest = main.split(b'<p class="preview-bar"')[0], main.split(b"</p>", 1)
        main = bar + rest[1] if b"preview-bar" in main else main
        return b"".join(main.replace(b"/admin/articles/picture/file/", b"/media/pictures/").split())

    @pytest.mark.parametrize("channel", [False, True])
    @pytest.mark.parametrize("language", [one.value for one in Language])
    def test_is_the_page_that_readers_get_but_for_its_bar(
        self, language: str, channel: bool, three: list[Article], editor: User, client: Client
    ):
        english = factories.publish_article(editor, language="en", headline="Barley")
        front = front_at(three[0].channel_id) if channel else site_front()  # type: ignore[arg-type]
        assert front
        picture = factories.make_picture(editor)
        later = minute(hours=2)
        wanted = [Wanted(three[0].pk, headline="自擬", picture=picture.pk), three[1], english,
                  Wanted(three[2].pk, mark="live", until=later)]  # fmt: skip
        arranged(editor, *wanted, front=front)
        desk = at_the_desk(editor)
        path = f"/admin/articles/front/{front.place or 'site'}/preview/?language={language}"
        before = self.body(desk.get(path))
        launched(editor, *wanted[::-1], front=front)
        launched(editor, *wanted, front=front)
        prefix = "/" if language == "zh-Hant" else f"/{language.lower()}/"
        address = prefix + (f"{front.channel.path}/" if front.channel else "")
        assert self.body(client.get(address)) == before
        assert b"preview-bar" in desk.get(path).content
        assert b"preview-bar" not in client.get(address).content

    def test_shows_what_is_typed_just_now(self, three: list[Article], editor: User):
        desk = at_the_desk(editor)
        page = page_of(send(desk, page_of(desk.get(EDITOR)), add=three[0].pk))
        (row,) = sent(page)["slot"]
        response = send(desk, page, PREVIEW, **{f"slot-{row}-headline": "自擬"})
        assert "自擬" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert not FrontVersion.objects.exists()

    def test_shows_an_earlier_version(self, three: list[Article], editor: User):
        launched(editor, Wanted(three[0].pk, headline="第一版"))
        launched(editor, three[1])
        desk = at_the_desk(editor)
        assert "第一版" in desk.get(f"{PREVIEW}?version=1").content.decode()
        assert desk.get(f"{PREVIEW}?version=7").status_code == 404

    def test_is_for_those_who_arrange(self, three: list[Article], reporter: User):
        assert at_the_desk(reporter).get(PREVIEW).status_code == 404
        assert Client().get(PREVIEW)["Location"].startswith("/admin/login/")


@on_postgresql
class TestHistory:
    def test_lists_compares_and_returns(self, three: list[Article], editor: User, client: Client):
        launched(editor, Wanted(three[0].pk, headline="自擬"), three[1])
        launched(editor, three[1], three[2], three[0])
        desk = at_the_desk(editor)
        page = page_of(desk.get(HISTORY))
        assert len(page.all("tbody tr")) == 2
        page = page_of(desk.get(f"{HISTORY}?a=1&b=2"))
        told = {one.one("dt").words: one.one("dd").words for one in page.all("section.changes dl div")}
        assert told["丙"] == "came into slot 2"
        assert "from slot 1 to slot 3" in told["甲"]
        assert "自擬" in told["甲"]
        assert told["乙"] == "from slot 2 to slot 1"
        answer = desk.post(HISTORY, {"back": "1", "seen": "2"})
        assert answer["Location"] == HISTORY
        assert headlines(read(client, "/"))[0] == "自擬"
        assert "as version 1" in page_of(desk.get(HISTORY)).words

    def test_refuses_in_a_sentence(self, three: list[Article], editor: User, chief: User):
        launched(editor, three[0])
        launched(chief, three[1])
        desk = at_the_desk(editor)
        page = page_of(desk.post(HISTORY, {"back": "1", "seen": "1"}))
        assert "dazhen has launched another version" in page.one(".errornote").words
        for back in ("", "x", "9" * 40):
            assert desk.post(HISTORY, {"back": back, "seen": "2"}).status_code == 200

    def test_of_a_front_that_was_never_launched_says_so(self, editor: User):
        assert "never been launched" in page_of(at_the_desk(editor).get(HISTORY)).words


@on_postgresql
class TestTheList:
    def test_names_every_front_and_what_waits(self, three: list[Article], editor: User):
        launched(editor, three[0])
        page = page_of(at_the_desk(editor).get("/admin/articles/front/"))
        links = [link for _, link in page.one("table").links]
        assert links == [EDITOR, f"/admin/articles/front/{three[0].channel_id}/"]

    def test_stands_on_the_rail_of_those_who_arrange(self, editor: User, reporter: User):
        page = parse(at_the_desk(editor).get("/admin/"))
        assert "/admin/articles/front/" in {link for _, link in page.links}
        page = parse(at_the_desk(reporter).get("/admin/"))
        assert "/admin/articles/front/" not in {link for _, link in page.links}

    def test_the_first_page_leads_to_the_sites_front(self, editor: User, reporter: User):
        assert EDITOR in {link for _, link in parse(at_the_desk(editor).get("/admin/")).links}
        assert EDITOR not in {link for _, link in parse(at_the_desk(reporter).get("/admin/")).links}


@on_one_database
def test_the_editor_costs_the_same_with_one_slot_and_with_ten(editor: User, desk: Desk, chief: User):
    stories = [factories.publish_article(editor, desk=desk, headline=f"第{number}篇") for number in range(10)]
    client = at_the_desk(editor)

    def cost() -> int:
        client.get(EDITOR)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(EDITOR).status_code == 200
        return len(queries)

    launched(editor, Wanted(stories[0].pk, headline="自擬"))
    few = cost()
    launched(editor, *(Wanted(story.pk, headline="自擬") for story in stories))
    assert cost() == few <= 25


def test_a_scheduled_launch_that_failed_is_told_where_notices_are_read(three: list[Article], editor: User, chief: User):
    arranged(editor, *three)
    row = scheduled(editor)
    Membership.objects.filter(user=editor).update(role="reporter")
    make_due(row, timedelta(seconds=2))
    launch_due()
    page = page_of(at_the_desk(chief).get("/admin/alerts/"))
    assert "did not go out at its time" in page.words
    (link,) = [link for name, link in page.links if name == "Front of the site"]
    assert at_the_desk(chief).get(link)["Location"] == EDITOR
