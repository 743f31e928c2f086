"""The desk's pages for changes after publication, with a hand on the mouse: what the kind asks for, and no more."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Site, User
from articles.publishing import propose
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.once import on_one_database
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands

pytestmark = on_one_database


ASKED = {
    "typo": set(),
    "correction": {"was", "now", "note", "field", "passage", "wrong", "weight", "cause"},
    "clarification": {"note", "field", "passage", "wrong", "weight", "cause"},
    "update": {"note", "weight"},
    "editors-note": {"note"},
}


@pytest.fixture
def corrected(published: Article, editor: User, site: Site) -> Article:
    """With a correction in its working copy."""
    body = "<p>上朗縣的青稞昨天開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>"
    return factories.change(published, by=editor, body=body)


def publish_page(page: Page, article: Article) -> None:
    page.goto(f"/admin/articles/article/{article.pk}/publish/")


def fields_seen(page: Page) -> set[str]:
    names = page.locator("form.decision > .notice-fields :is(input, select, textarea):visible")
    return {name or "" for name in names.evaluate_all("all => all.map(one => one.name)")}


def test_the_form_asks_only_for_what_the_kind_needs(server: Server, page: WatchedPage, corrected: Article, chief: User):
    Hands(page).come_in(chief, server)
    publish_page(page, corrected)
    assert fields_seen(page) == set()
    for kind, asked in ASKED.items():
        page.check(f"input[name=kind][value={kind}]")
        assert fields_seen(page) == asked, kind
        assert page.locator("details.further").first.is_visible() == (kind != "typo")
    page.locator("details.further summary").first.click()
    page.select_option("#id_n2-kind", "update")
    expect(page.locator("#id_n2-note")).to_be_visible()
    expect(page.locator("#id_n2-was")).to_be_hidden()
    assert page.trouble == []


def test_a_changed_clause_goes_into_the_notice_by_one_click_and_is_shown_before_it_is_public(
    server: Server, page: WatchedPage, corrected: Article, editor: User
):
    Hands(page).come_in(editor, server)
    publish_page(page, corrected)
    page.locator(".suggestions button").click()
    expect(page.locator("input[name=kind][value=correction]")).to_be_checked()
    expect(page.locator("#id_was")).to_have_value("上朗縣的青稞開鐮了")
    page.fill("#id_note", "日期有誤。")
    page.locator("button[formtarget=preview]").click()
    expect(page.frame_locator("iframe[name=preview]").locator(".notice.correction")).to_contain_text("日期有誤。")
    expect(page.locator("#id_note")).to_have_value("日期有誤。")
    page.locator("form.decision button.default").click()
    page.wait_for_url("**/change/")
    page.goto(f"/a/{corrected.code}/")
    expect(page.locator(".notice.correction")).to_contain_text("上朗縣的青稞昨天開鐮了")
    assert page.trouble == []


def test_a_second_click_while_the_first_is_on_its_way_publishes_nothing(
    server: Server, page: WatchedPage, corrected: Article, editor: User
):
    Hands(page).come_in(editor, server)
    publish_page(page, corrected)
    page.check("input[name=kind][value=correction]")
    page.fill("#id_was", "開鐮了")
    page.fill("#id_now", "昨天開鐮了")
    page.locator("form.decision .act button").dblclick(no_wait_after=True)
    page.wait_for_url("**/change/")
    assert corrected.editions.count() == 2
    page.go_back()
    button = page.locator("form.decision .act button")
    expect(button).to_be_enabled()
    button.click()
    expect(page.locator("form.decision .errorlist").first).to_be_visible()
    assert corrected.editions.count() == 2
    assert page.trouble == []


def test_on_a_phone_the_button_leads_to_the_preview(
    server: Server, page: WatchedPage, corrected: Article, editor: User
):
    page.set_viewport_size({"width": 390, "height": 844})
    Hands(page).come_in(editor, server)
    publish_page(page, corrected)
    page.check("input[name=kind][value=correction]")
    expect(page.locator(".screen")).not_to_be_in_viewport()
    page.locator("button[formtarget=preview]").click()
    expect(page.locator(".screen")).to_be_in_viewport()


def test_the_second_person_sees_at_once_what_readers_would_see(
    server: Server, page: WatchedPage, published: Article, chief: User, editor: User, site: Site
):
    decision = propose(published, act="retraction", by=chief, text="核心事實不成立。")
    Hands(page).come_in(editor, server)
    page.goto(f"/admin/articles/decision/{decision.pk}/change/")
    shown = page.frame_locator("iframe[name=preview]").locator(".notice.retraction")
    expect(shown).to_contain_text("核心事實不成立。")
    page.locator("button[name=agree]").click()
    page.wait_for_selector(".messagelist .success")
    assert published.editions.count() == 2
    assert page.trouble == []


def test_what_stands_above_a_story_leaves_its_links_free(
    server: Server, page: WatchedPage, article: Article, editor: User, site: Site
):
    hands = Hands(page)
    hands.come_in(editor, server)
    hands.open_story(article.pk)
    hands.save()
    message = page.locator(".messagelist").bounding_box()
    links = page.locator(".object-tools").bounding_box()
    assert message
    assert links
    assert message["y"] + message["height"] <= links["y"]


def test_without_a_script_every_field_is_there(
    server: Server, new_page: Callable[..., WatchedPage], corrected: Article, editor: User
):
    page = new_page(java_script_enabled=False)
    Hands(page).come_in(editor, server)
    publish_page(page, corrected)
    assert fields_seen(page) == ASKED["correction"]
    expect(page.locator(".suggestions")).to_be_hidden()
    page.check("input[name=kind][value=correction]")
    page.fill("#id_was", "開鐮了")
    page.fill("#id_now", "昨天開鐮了")
    page.locator("form.decision button.default").click()
    page.wait_for_url("**/change/")
    assert corrected.editions.count() == 2


def test_axe_finds_nothing_on_these_pages(
    server: Server, new_page: Callable[..., WatchedPage], corrected: Article, chief: User, editor: User
):
    factories.publish_article(editor, headline="Harvest begins", language="en", translation_of=corrected)
    factories.publish_again(corrected, by=editor, kind="typo", topic=factories.make_topic())
    factories.correct(corrected, by=editor, body="<p>上朗縣的青稞前天開鐮了。</p>", was="昨天", now="前天")
    decision = propose(corrected, act="takedown", by=chief, text="依法撤下。", reason="判決", ground="legal")
    other = factories.publish_article(editor, headline="別的稿子")
    factories.publish_again(other, by=editor, headline="別的稿子！")
    chief.language = "en"
    chief.save()
    page = new_page(reduced_motion="reduce")
    Hands(page).come_in(chief, server)
    story = f"/admin/articles/article/{corrected.pk}"
    found = {}
    for path in (
        "/admin/", f"{story}/places/", f"{story}/history/", f"/admin/articles/decision/{decision.pk}/change/",
        f"/admin/articles/article/{other.pk}/propose/takedown/", f"/admin/articles/article/{other.pk}/propose/erasure/",
        f"/admin/articles/article/{other.pk}/publish/", "/admin/articles/decision/", "/admin/articles/duty/",
        "/admin/articles/event/",
    ):  # fmt: skip
        page.goto(path)
        for width, scheme in ((1280, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if broken := findings(page):
                found[f"{path} {width} {scheme}"] = broken
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wide, f"{path} is wider than {width} px"
    assert found == {}
    assert page.trouble == []
