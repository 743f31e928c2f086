"""A reader searches in three languages, by keyboard; is helped while typing; and needs no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from articles.models import Site, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings, too_wide

pytestmark = on_one_database


PAGES = ["/search/", "/search/?q=青稞&channel=farming", "/search/?q=冰雹", "/en/search/?q=barley", "/bo/search/?q=སློབ"]
FAR = "村裏的人都到田裏去了，收成比去年多兩成。" * 8


@pytest.fixture
def newsroom(site: Site, editor: User) -> None:
    farming = factories.make_channel("農牧", slug="farming", name_zh_hans="农牧", name_en="Farming")
    topic = factories.make_topic("青稞秋收", slug="harvest", name_en="Harvest", name_zh_hans="青稞秋收")

    def publish(headline: str, body: str, **values: object) -> None:
        factories.publish_article(editor, headline=headline, body=body, channel=farming, **values)

    publish("上朗縣青稞開鐮", f"<p>{FAR}除雪車與收割機一同下田。{FAR}</p>", topic=topic, tags=["青稞"])
    publish("积雪封路", "<p>除雪车清早上山。</p>", language="zh-Hans")
    publish("Barley harvest begins", "<p>Stories from the barley fields.</p>", language="en")
    publish("སློབ་གྲྭ་གསར་པ།", "<p>སློབ་གྲྭ་གསར་པ་ཞིག་བཙུགས་སོང་།</p>", language="bo")
    for number in range(22):
        publish(f"小麥消息{number}", "<p>小麥。</p>")


def test_searching_in_three_languages_by_keyboard(server: Server, newsroom: None, page: WatchedPage):
    page.goto("/")
    page.locator(".nav-search a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("除雪车")
    page.keyboard.press("Enter")
    expect(page.locator(".found h3")).to_have_text(["積雪封路", "上朗縣青稞開鐮"])
    expect(page.locator(".passage mark")).to_have_text(["除雪車", "除雪車"])
    page.locator(".found h3 a").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("上朗縣青稞開鐮")

    page.goto("/search/?q=barley")
    page.locator(".search-languages a[lang=en]").press("Enter")
    expect(page.locator("#q")).to_have_value("barley")
    expect(page.locator(".found h3")).to_have_text(["Barley harvest begins"])
    expect(page.locator(".found mark")).to_have_text(["Barley", "barley"])

    page.goto("/bo/search/")
    page.fill("#q", "སློབ་གྲྭ")
    page.press("#q", "Enter")
    expect(page.locator(".found mark").first).to_have_text("སློབ་གྲྭ")
    assert page.trouble == []


def test_suggestions_lead_by_keyboard_and_leave_an_input_method_alone(
    server: Server, newsroom: None, page: WatchedPage
):
    page.goto("/search/")
    field = page.locator("#q")
    session = page.context.new_cdp_session(page)
    place = {"selectionStart": 2, "selectionEnd": 2}
    session.send("Input.imeSetComposition", {"text": "qk"} | place)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option]")).to_have_count(0)
    session.send("Input.insertText", {"text": "青稞"})
    expect(field).to_have_value("青稞")
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)  # the topic and the tag
    expect(field).to_have_attribute("aria-expanded", "true")
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("青稞")

    page.keyboard.type("秋")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topic/harvest/")
    assert page.trouble == []


def test_it_works_without_a_script_and_reads_well_everywhere(
    server: Server, newsroom: None, new_page: Callable[..., WatchedPage]
):
    plain = new_page(java_script_enabled=False)
    plain.goto("/search/")
    plain.fill("#q", "小麥")
    plain.press("#q", "Enter")
    expect(plain.locator(".found > li")).to_have_count(20)
    plain.locator(".pager .older a").click()
    expect(plain.locator(".found > li")).to_have_count(2)
    plain.locator("summary").click()
    plain.select_option("#channel", "farming")
    plain.fill("#from", "2999-01-01")
    plain.locator(".search-box button").click()
    expect(plain.locator(".blank h2")).to_be_visible()
    assert plain.trouble == []

    found = {}
    for scheme in ("light", "dark"):
        page = new_page(color_scheme=scheme, reduced_motion="reduce")
        for path in PAGES:
            page.goto(path)
            for width in (1280, 390, 320):
                page.set_viewport_size({"width": width, "height": 900})
                if broken := findings(page) + too_wide(page):
                    found[f"{path} {width} {scheme}"] = broken
        assert page.trouble == []
    assert found == {}
