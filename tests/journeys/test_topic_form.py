"""A topic is put together in a browser: stories are offered and taken by keyboard, sections are moved by keyboard."""

from playwright.sync_api import expect

from articles.models import Desk, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands

pytestmark = on_one_database


def test_a_topic_by_keyboard_and_a_place_on_a_story(server: Server, page: WatchedPage, editor: User, desk: Desk):
    editor.language = "en"
    editor.save()
    topic = factories.make_topic("青稞秋收", slug="harvest")
    first = factories.publish_article(editor, headline="上朗縣青稞開鐮", topic=topic)
    factories.publish_article(editor, headline="學校放假")
    for number, name in enumerate(("脫粒", "開鐮")):
        topic.sections.create(name=name, order=number)
    factories.make_place("540121", "林周縣")
    hands = Hands(page)
    hands.come_in(editor, server)

    page.goto(f"/admin/articles/topic/{topic.pk}/change/")
    assert findings(page) == []
    stories = page.locator("#id_sections-1-placed")
    stories.focus()
    page.keyboard.insert_text("開鐮")
    expect(page.locator(".suggestions li")).to_have_count(1)
    expect(page.locator(".suggestions li")).to_contain_text("上朗縣青稞開鐮")
    page.keyboard.press("ArrowDown")
    assert findings(page) == []
    page.keyboard.press("Enter")
    expect(stories).to_have_value(f"{first.code} 上朗縣青稞開鐮\n")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#id_sections-1-order")).to_have_value("1")
    expect(page.locator("#id_sections-0-order")).to_have_value("2")
    expect(stories).to_be_focused()
    page.click("input[name=_save]")
    page.wait_for_url("**/admin/articles/topic/")
    page.goto("/topic/harvest/")
    expect(page.locator(".topic-part h2").first).to_have_text("開鐮")
    expect(page.locator(".topic-part .headline a").first).to_have_text("上朗縣青稞開鐮")

    page.goto(f"/admin/articles/article/{first.pk}/change/")
    page.focus("#id_places")
    page.keyboard.insert_text("林")
    expect(page.locator(".suggestions li")).to_have_text("林周縣 540121 county")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_places")).to_have_value("林周縣 540121, ")
    page.keyboard.press("Control+s")
    expect(page.locator(".unsaved")).to_have_text("")
    assert page.trouble == []
