"""The journey for which this house is built: pasted at the desk, published, read, followed by RSS, and updated.

The text has the shape of the page that started the project: a banner, a trail, a time and a source above the
headline, indented paragraphs with four subheads, a line that says where a picture stood, the editors at the end.
"""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import feedparser
from playwright.sync_api import FilePayload, Locator, Page, expect

from articles.models import Article, Desk, Picture, Publication, Site, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.hands import Hands

BANNER = "“一車書香”流動書車專題"
HEADLINE = "流動書車開進十二個村 家門口有了閱覽室"
SOURCE = "朗措日報"
SUBHEADS = ["準備在先，路線“熟”", "送書到戶，服務“勤”", "各方幫忙，書目“全”", "細水長流，效果“好”"]
PARAGRAPHS = [
    [
        "為了讓住得遠的讀者也能借到書，朗措圖書館把一輛舊客車改成流動書車，沿三條路線開進十二個村。"
        "開行四個月來，書車跑了96趟，借出圖書6300余冊次，新辦借書證1180張。"
    ],
    [
        "開行之前，館員用了三個星期走訪各村（居），問明趕集的日子、放學的時間和停車的地方，畫成《流動書車路線圖》，"
        "貼在村口和學校門口。",
        "每條路線固定兩名館員和一名司機。遇到大雪封路，改走山下的老路，並提前一天用電話告訴各村的聯絡員。",
    ],
    [
        "書車停穩，先擺桌椅，再開車門。識字不多的老人，由館員唸給他們聽；不能出門的讀者，由學生志願者送到家裡。",
        "上朗村的央金每個星期四都來：“以前借一次書要坐半天的車，現在放羊回來就能換一本。”",
        "書車上還有一部收音機和兩盞讀書燈，停電的晚上也可以看書。",
    ],
    [
        "車上的1200冊書一半是館藏，一半由學校、書店和讀者贈送，藏文、漢文和英文都有，農技、醫藥、童話分開擺放。",
        "縣中學的老師每月寫一張“讀什麼好”的單子，貼在車門上。",
    ],
    [
        "到10月底，十二個村裡有九個村辦起了讀書角，由村民輪流看管。",
        "圖書館說，明年春天添第四條路線，把書車開到湖東的三個牧場。",
    ],
]
BEFORE_THE_PICTURE = PARAGRAPHS[2][1]
HEAD = [BANNER, "文化頻道 > 正文", "2026 11/ 02 09:20", f"來源: {SOURCE}", HEADLINE, "字體:"]
FOOT = ["【糾錯】 【責任編輯: 達珍 殷小燕】", "020260000000000000000000001102"]


def as_copied() -> str:
    """The whole page as somebody copies it from a browser."""
    text = []
    for subhead, paragraphs in zip(["", *SUBHEADS], PARAGRAPHS, strict=True):
        text += [subhead] if subhead else []
        text += [f"{words}圖片" if words == BEFORE_THE_PICTURE else words for words in paragraphs]
    head = "\n".join([*HEAD[:4], "", HEAD[4], "", HEAD[5]])
    return head + "\n\n" + "".join(f"    {line}\n\n" for line in text) + "\n".join(FOOT)


def test_a_story_goes_from_the_desk_to_the_reader(
    server: Server, page: WatchedPage, new_page: Callable[..., WatchedPage], editor: User, desk: Desk, site: Site
):
    editor.language = "en"
    editor.save()
    factories.make_channel("文化頻道", slug="culture")
    factories.make_source(SOURCE, url="https://daily.example/")
    factories.make_topic("流動書車", slug="mobile-library", banner=BANNER)
    for name, slug in (("殷小燕", "yinxiaoyan"), ("達珍", "dazhen")):
        factories.make_person(name, slug=slug)

    hands = Hands(page)
    hands.log_in(editor)
    picture = upload_a_picture(page)
    number = write(hands, picture)
    preview_and_publish(page, number)
    article = Article.objects.get(pk=number)

    reader = new_page()
    read(reader, article, picture)
    read_by_rss(reader, article, server)

    update(hands, number)
    read_the_update(reader, article)
    assert page.trouble == []
    assert reader.trouble == []


def upload_a_picture(page: Page) -> Picture:
    page.goto("/admin/articles/picture/add/")
    page.set_input_files(
        "#id_upload", FilePayload(name="書車.jpg", mimeType="image/jpeg", buffer=factories.image_bytes(1400, 800))
    )
    page.fill("#id_alt", "一輛藍色的客車停在村口")
    page.fill("#id_caption", "流動書車停在上朗村口。")
    page.fill("#id_credit", "白瑪拉姆攝")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")
    return Picture.objects.get()


def write(hands: Hands, picture: Picture) -> int:
    page = hands.page
    hands.new_story()
    hands.copy_elsewhere(as_copied())
    hands.text.click()
    hands.press("Control+v")

    pasted = [*HEAD, *(line.strip() for line in as_copied().splitlines()[8:] if line.strip())]
    assert hands.text.locator("p").all_inner_texts() == pasted  # a paragraph a line, no indents, nothing lost
    assert hands.told == ""

    for line in [*HEAD, *FOOT]:  # what has fields of its own goes out of the body
        hands.text.get_by_text(line, exact=True).click(click_count=3)
        hands.press("Backspace", "Backspace")
    for subhead in SUBHEADS:
        hands.text.get_by_text(subhead, exact=True).click()
        hands.page.wait_for_timeout(40)
        hands.tool("subhead").click()
    assert hands.text.locator("h2").all_inner_texts() == SUBHEADS

    hands.text.get_by_text(BEFORE_THE_PICTURE).click()
    hands.press("End", "Backspace", "Backspace")
    hands.tool("picture").click()
    hands.pick(picture)
    assert hands.text.locator("figcaption").inner_text() == "流動書車停在上朗村口。"

    page.fill("#id_headline", HEADLINE)
    page.fill("#id_kicker", "文化")
    hands.choose("channel", "文化頻道")
    hands.choose("source", SOURCE)
    hands.choose("topic", "流動書車")
    page.fill("#id_tags", "圖書館、流動書車")
    for row, (name, order) in enumerate([("殷小燕", "2"), ("達珍", "1")]):
        hands.choose(f"credits-{row}-person", name)
        page.select_option(f"#id_credits-{row}-role", "editor")
        page.fill(f"#id_credits-{row}-order", order)
    page.locator(".lead-picture button").first.click()
    hands.pick(picture)
    return hands.save()


def preview_and_publish(page: Page, number: int) -> None:
    page.click("[name=_publish]")
    page.wait_for_url(f"**/article/{number}/publish/")
    preview = page.frame_locator(".preview iframe")
    expect(preview.locator("h1")).to_have_text(HEADLINE)
    expect(preview.locator("article.story .body h2")).to_have_text(SUBHEADS)
    assert not Publication.objects.exists()
    page.click("form.decision button.default")
    page.wait_for_url(f"**/article/{number}/change/")
    expect(page.locator(".messagelist .success a")).to_be_visible()


def minute_of(moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo("Asia/Shanghai"))
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def read(page: WatchedPage, article: Article, picture: Picture) -> None:
    """Element by element, as they stand on the page that started the project."""
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.wait_for_url(f"**/a/{article.code}/")
    story = page.locator("article.story")

    expect(story.locator(".banner a")).to_have_text(BANNER)
    expect(story.locator(".banner a")).to_have_attribute("href", "/topic/mobile-library/")
    assert story.locator("nav.trail li").all_inner_texts() == ["文化頻道", "正文"]
    expect(story.locator("nav.trail a")).to_have_attribute("href", "/culture/")

    published = Publication.objects.get(article=article).first_published_at
    expect(story.locator(".fact-time time")).to_have_text(minute_of(published))
    written = datetime.fromisoformat(story.locator(".fact-time time").get_attribute("datetime") or "")
    assert written.replace(second=0) == published.replace(second=0, microsecond=0)
    assert f"{written:%z}" == "+0800"
    expect(story.get_by_role("link", name=SOURCE)).to_have_attribute("href", "https://daily.example/")
    expect(story.locator("h1")).to_have_text(HEADLINE)

    text_size_can_be_chosen_and_is_kept(page)

    body = story.locator(".body")
    assert body.locator("h2").all_inner_texts() == SUBHEADS
    assert body.locator("p").all_inner_texts() == [words for part in PARAGRAPHS for words in part]
    figure = body.locator("figure")
    assert figure.evaluate("figure => figure.previousElementSibling.innerText") == BEFORE_THE_PICTURE
    for shown in (figure, story.locator("figure.lead")):
        picture_is_shown(shown, picture)
        expect(shown.locator("figcaption")).to_have_text(re.compile(r"^\s*流動書車停在上朗村口。\s+白瑪拉姆攝\s*$"))

    expect(page.locator(".report a")).to_have_attribute("href", f"/a/{article.code}/report/")
    editors = story.locator(".editors a")
    assert editors.all_inner_texts() == ["達珍", "殷小燕"]
    assert [link.get_attribute("href") for link in editors.all()] == ["/people/dazhen/", "/people/yinxiaoyan/"]
    expect(story.locator(".colophon .code")).to_have_text(article.code)
    assert story.locator(".tags a").all_inner_texts() == ["圖書館", "流動書車"]


def picture_is_shown(figure: Locator, picture: Picture) -> None:
    image = figure.locator("img")
    image.scroll_into_view_if_needed()
    expect(image).to_have_attribute("alt", picture.alt)
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0


def text_size_can_be_chosen_and_is_kept(page: Page) -> None:
    words = page.locator("article.story .body p").first
    before = float(words.evaluate("p => parseFloat(getComputedStyle(p).fontSize)"))
    sizes = page.locator("input[name=text-size]")
    expect(sizes).to_have_count(5)
    sizes.nth(4).check(force=True)  # the letter stands over the radio button
    expect(words).to_have_css("font-size", f"{before * 1.5:g}px")
    page.reload()
    expect(words).to_have_css("font-size", f"{before * 1.5:g}px")
    expect(sizes.nth(4)).to_be_checked()
    assert page.context.cookies() == []
    sizes.nth(1).check(force=True)


def read_by_rss(page: WatchedPage, article: Article, server: Server) -> None:
    address = page.locator("link[type='application/rss+xml']").first.get_attribute("href") or ""
    answer = page.request.get(address)
    feed = feedparser.parse(answer.body(), response_headers=answer.headers)
    assert not feed.bozo, feed
    (item,) = feed.entries
    assert item.title == HEADLINE
    assert item.link == f"{server.url}/a/{article.code}/"
    assert (item.id, item.guidislink) == (f"newsroom:{article.code}", False)
    assert {tag.term for tag in item.tags} == {"文化頻道", "圖書館", "流動書車"}
    assert item.author == SOURCE
    text = item.content[0].value
    assert re.findall("<h2>(.*?)</h2>", text) == SUBHEADS
    assert all(words in text for part in PARAGRAPHS for words in part)
    assert re.search(r"達珍\W+殷小燕", text)
    assert article.code in text
    (picture,) = item.media_content
    assert page.request.get(picture["url"]).headers["content-type"] == "image/jpeg"


NOTE = "補入書車新添的藏文圖書。"
ADDED = "書車又添了80冊藏文圖書。"


def update(hands: Hands, number: int) -> None:
    page = hands.page
    hands.open_story(number)
    hands.text.click()
    hands.press("Control+End", "Enter")
    page.keyboard.insert_text(ADDED)
    page.click("[name=_publish]")
    page.wait_for_url(f"**/article/{number}/publish/")
    expect(page.frame_locator(".preview iframe").locator(".body p").last).to_have_text(ADDED)
    page.check("input[name=kind][value=update]")
    page.fill("#id_note", NOTE)
    page.click("form.decision button.default")
    page.wait_for_url(f"**/article/{number}/change/")


def read_the_update(page: WatchedPage, article: Article) -> None:
    first = page.locator(".fact-time time").get_attribute("datetime")
    page.reload()
    story = page.locator("article.story")
    expect(story.locator(".body p").last).to_have_text(ADDED)
    expect(story.locator(".notice.update-note")).to_contain_text(NOTE)
    expect(story.locator(".fact-time time")).to_have_attribute("datetime", first or "")
    expect(story.locator(".facts time")).to_have_count(2)
    assert story.locator(".colophon dd").all_inner_texts()[2] == "2"
