"""The reader's pages for everybody: by ear, on a small telephone, with large letters, in the dark, without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from articles.models import Article, Site, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.accessibility import findings, on_one_database, too_wide

CHINESE = "達噶山口十一月初下了第一場雪，公路養護隊連夜撒鹽，早上八點恢復通車。"


@pytest.fixture
def newsroom(site: Site, editor: User) -> dict[str, str]:
    """A small newspaper; its pages by name."""
    topic = factories.make_topic("初雪", slug="first-snow", banner="初雪專題")
    roads = factories.make_channel("公路", slug="roads", name_en="Roads")
    weather = factories.make_channel("天氣", slug="weather", parent=roads, name_en="Weather")
    source = factories.make_source("朗措日報", url="https://daily.example/")
    people = [factories.make_person("達珍", slug="dazhen", biography="公路與天氣。"), factories.make_person("殷小燕")]
    lead, inside = (factories.make_picture(editor, upload=factories.image_bytes(1400, 800, color=color))
                    for color in ("#3a5a78", "#b5882f"))  # fmt: skip

    factories.make_place("540100", "拉薩市")
    place = factories.make_place("540121", "林周縣")

    def publish(headline: str, **values: object) -> Article:
        return factories.publish_article(
            editor, headline=headline, channel=weather, source=source, topic=topic, tags=["初雪", "通車"],
            places=[place.pk], **values,
            credits=[(people[0].pk, "author"), (people[0].pk, "editor"), (people[1].pk, "editor")],
        )  # fmt: skip

    rows = (("th", "路段", "雪深（厘米）", "情況"), ("td", "山口", "12", "通車"))
    table = "".join(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>" for tag, *cells in rows)
    figure = f'<figure data-picture="{inside.pk}"><figcaption>山口的雪。</figcaption></figure>'
    body = "".join(f"<h2>{name}</h2><p>{CHINESE * 3}</p>" for name in ("夜裡", "早上", "今後"))
    body += f"{figure}<table>{table}</table><ul><li>防滑鏈</li></ul><blockquote><p>慢慢開。</p></blockquote>"
    words = {"kicker": "公路", "standfirst": "夜裡下了十二厘米。", "body": f'{body}<p><a href="/about/">更多</a></p>'}
    story = publish("達噶山口初雪 公路早上八點恢復通車", lead_picture=lead, **words)
    factories.publish_again(story, by=editor, kind="update", note="補入雪深。", headline="達噶山口初雪 公路已恢復通車")
    publish("A long English headline about the unsnowploughable Anticonstitutionally-named pass", language="en")
    publish("ཁ་བ་བབས་པ།", language="bo", body="<p>དེ་རིང་ཁ་བ་བབས་སོང་།</p>")
    for number in range(4):
        publish(f"第{number + 1}則公路消息", lead_picture=inside if number % 2 else None)
    month = factories.public(story).first_published_at
    topic.picture = lead
    topic.ended_on = month.date()
    topic.save()
    section = topic.sections.create(name="通車前後")
    topic.placed.create(section=section, article=story)
    topic.facts.create(label="山口", text="海拔四千六百公尺，冬季常封。")
    topic.moments.create(when="2025", text="立起雪杆。")
    topic.moments.create(when="2026-11-03", text="通車。", article=story)
    return {
        "topic": "/topic/first-snow/",
        "place": "/places/540100/",
        "places": "/places/",
        "years": "/roads/archive/",
        "year": f"/roads/archive/{month:%Y}/",
        "story": f"/a/{story.code}/",
        "front": "/",
        "channel": "/roads/weather/",
        "archive": f"/roads/archive/{month:%Y/%m}/",
        "person": "/people/dazhen/",
        "not found": "/nothing/here/at/all/",
    }


def allowed(page: WatchedPage) -> list[str]:
    """The trouble of a page but for the failure that was asked for."""
    return [one for one in page.trouble if "404" not in one]


@on_one_database
def test_axe_finds_nothing_wide_and_narrow_light_and_dark(
    server: Server, newsroom: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page(reduced_motion="reduce")
    found = {}
    for name, path in newsroom.items():
        page.goto(path)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if broken := findings(page):
                    found[f"{name} {width} {scheme}"] = broken
    assert found == {}
    assert allowed(page) == []


def test_nothing_is_cut_on_a_small_telephone_or_with_letters_of_double_size(
    server: Server, newsroom: dict[str, str], new_page: Callable[..., WatchedPage]
):
    found = {}
    page = new_page(viewport={"width": 320, "height": 640})
    for name, path in newsroom.items():
        page.goto(path)
        if wide := too_wide(page):
            found[f"{name} at 320 pixels"] = wide

    page.set_viewport_size({"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})  # as a browser's own setting
    for name, path in newsroom.items():
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in (1280, 640):
            page.set_viewport_size({"width": width, "height": 900})
            if wide := too_wide(page):
                found[f"{name} with letters of double size at {width}"] = wide
            if cut := page.evaluate(CUT):
                found[f"{name} cuts at {width}"] = cut
    assert found == {}


# Words in a box that hides what does not fit; what only a screen reader reads is hidden on purpose.
CUT = """() => [...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !one.textContent.trim()) return false;
    const hides = /hidden|clip/;
    return (hides.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
        || (hides.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
}).map(one => `${one.localName}.${one.className}`)"""


def test_without_scripts_only_the_text_size_control_is_missing(
    server: Server, newsroom: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page(java_script_enabled=False)
    page.goto(newsroom["story"])
    expect(page.locator("input[name=text-size]")).to_have_count(0)
    expect(page.locator(".text-size")).not_to_be_visible()
    story = page.locator("article.story")
    for part in (".banner a", "nav.trail", ".fact-time time", "h1", ".kicker", ".standfirst", "figure.lead img",
                 ".update-note", ".editors a >> nth=1", ".colophon .code", ".tags a >> nth=0"):  # fmt: skip
        expect(story.locator(part)).to_be_visible()
    assert story.locator(".body h2").all_inner_texts() == ["夜裡", "早上", "今後"]
    for image in story.locator("img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_be_visible()
    page.click(".report a")
    expect(page.locator("h1")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="第4則公路消息").first.click()
    expect(page.locator("h1")).to_have_text("第4則公路消息")
    assert page.trouble == []


def test_a_story_is_read_by_keyboard_alone(
    server: Server, newsroom: dict[str, str], new_page: Callable[..., WatchedPage]
):
    page = new_page()
    page.goto(newsroom["story"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first stop leads past the masthead
    expect(page.locator("main")).to_be_focused()
    page.locator("input[name=text-size]:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-step", "3")
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
            return {name: one.localName, href: one.getAttribute("href"), seen: box.width > 0 && box.height > 0,
                    marked: style.outlineStyle !== "none" || style.boxShadow !== "none"};
        }""")
        if where["name"] == "body":
            break
        assert where["seen"], where
        assert where["marked"], where
        if re.fullmatch("/a/.*/report/", where["href"] or ""):
            return
    pytest.fail("Tab never came to the link by which an error is reported")
