"""A small newspaper that has every kind of page a reader may open: to look at each of them in every light.

A new kind of page: publish in `whole_newspaper` what it needs, and name it in PAGES.
"""

from datetime import timedelta

from articles.models import Article, Page, Picture, User
from articles.publishing import save_page
from articles.publishing.clock import database_now
from articles.publishing.report_error import Told, report_error
from tests import factories
from tests.publishing.acts import erase

CHINESE = "達噶山口十一月初下了第一場雪，公路養護隊連夜撒鹽，早上八點恢復通車。"

PAGES = {
    "front": "/",
    "front in English": "/en/",
    "front in Tibetan": "/bo/",
    "story": "/a/{story}/",
    "converted story": "/zh-hans/a/{story}/",
    "English story": "/en/a/{english}/",
    "Tibetan story": "/bo/a/{tibetan}/",
    "corrected story": "/a/{corrected}/",
    "retracted story": "/a/{retracted}/",
    "story taken down": "/a/{down}/",
    "channel": "/roads/weather/",
    "channel without stories": "/empty/",
    "topic": "/topic/first-snow/",
    "topic that has ended": "/topic/harvest/",
    "tag": "/tag/初雪/",
    "person": "/people/dazhen/",
    "place": "/places/540100/",
    "places": "/places/",
    "years": "/roads/archive/",
    "year": "/roads/archive/{year}/",
    "search": "/search/",
    "search with answers": "/search/?q=恢復通車",
    "search without answers": "/search/?q=駱駝",
    "month": "/roads/archive/{month}/",
    "month that is past": "/roads/archive/{past}/",
    "day": "/archive/{month}/{day}/",
    "corrections": "/corrections/",
    "accuracy": "/corrections/accuracy/",
    "corrections in English": "/en/corrections/",
    "accuracy in Tibetan": "/bo/corrections/accuracy/",
    "history": "/a/{corrected}/history/",
    "edition": "/a/{corrected}/v/1/",
    "edition that was erased": "/a/{erased}/v/1/",
    "changes": "/a/{corrected}/v/2/changes/",
    "form of a report": "/a/{story}/report/",
    "status of a report": "/a/{story}/report/{key}/",
    "about": "/about/",
    "versions of about": "/about/history/",
    "unwritten page": "/imprint/",
    "policy": "/corrections/policy/",
    "policy in Tibetan": "/bo/corrections/policy/",
    "nothing": "/nothing/here/at/all/",
}
FAILURES = {"story taken down", "edition that was erased", "nothing"}  # they answer 410 and 404


def long_body(inside: Picture) -> str:
    rows = (("th", "路段", "雪深（厘米）", "情況"), ("td", "山口", "12", "通車"))
    table = "".join(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>" for tag, *cells in rows)
    figure = f'<figure data-picture="{inside.pk}"><figcaption>山口的雪。</figcaption></figure>'
    body = "".join(f"<h2>{name}</h2><p>{CHINESE * 3}</p>" for name in ("夜裡", "早上", "今後"))
    body += f"{figure}<table>{table}</table><ul><li>防滑鏈</li></ul><blockquote><p>慢慢開。</p></blockquote>"
    return f'{body}<p>要<em>慢</em>。<a href="/about/">更多</a></p><p lang="en">Slowly.</p>'


def whole_newspaper(administrator: User, chief: User, editor: User) -> dict[str, str]:
    """The address of every kind of page, by its name in PAGES. `report_error` needs real commits."""
    factories.make_site(contact_email="desk@langtso.example", tagline="湖邊四縣，每天的事", name_en="")  # one name only
    about, _ = Page.objects.get_or_create(slug="about")
    for seen, body in enumerate(("<p>我們。</p>", "<h3>誰</h3><p>我們是誰。</p>")):
        save_page(about, seen=seen, by=administrator, language="zh-Hant", title="關於我們", body=body)
    topic = factories.make_topic("初雪", slug="first-snow", banner="初雪專題", standfirst="路上的雪。")
    factories.make_channel("空", slug="empty")
    roads = factories.make_channel("公路", slug="roads", name_en="Roads")
    weather = factories.make_channel("天氣", slug="weather", parent=roads, name_en="Weather")
    factories.make_place("540100", "拉薩市")
    place = factories.make_place("540121", "林周縣")
    source = factories.make_source("朗措日報", url="https://daily.example/")
    people = [factories.make_person("達珍", slug="dazhen", biography="公路與天氣。"), factories.make_person("殷小燕")]
    lead, inside = (factories.make_picture(editor, upload=factories.image_bytes(1400, 800, color=color))
                    for color in ("#3a5a78", "#b5882f"))  # fmt: skip

    def publish(headline: str, **values: object) -> Article:
        return factories.publish_article(
            administrator, headline=headline, channel=weather, source=source, topic=topic, tags=["初雪", "通車"],
            places=[place.pk], credits=[(people[0].pk, "author"), *((one.pk, "editor") for one in people)], **values,
        )  # fmt: skip

    words = {"kicker": "公路", "standfirst": "夜裡下了十二厘米。", "body": long_body(inside), "lead_picture": lead}
    story = publish("達噶山口初雪 公路早上八點恢復通車", **words)
    factories.publish_again(story, by=editor, kind="update", note="補入雪深。", headline="達噶山口初雪 公路已恢復通車")
    english = publish("A long English headline about the unsnowploughable Anticonstitutionally-named pass",
                      language="en", body="<h3>Early</h3><p>Snow fell <em>early</em>.</p>")  # fmt: skip
    tibetan = publish("ཁ་བ་བབས་པ།", language="bo", body="<p>དེ་རིང་ཁ་བ་བབས་སོང་།</p>")
    corrected = publish("收割", body="<p>上朗縣的青稞今天開鐮。</p>")
    factories.correct(corrected, by=editor, field="body")
    retracted, down = publish("撤回的一則"), publish("下架的一則")
    factories.withdraw(retracted, by=chief, second=editor)
    factories.withdraw(down, by=chief, second=editor, act="takedown")
    for number in range(4):
        publish(f"第{number + 1}則公路消息", lead_picture=inside if number % 2 else None)
    erased = publish("刪去的一則")
    factories.publish_again(erased, by=editor, headline="剩下的一則")
    erase(erased, by=chief, second=editor, editions=[1], notices=[])
    ended = factories.make_topic("秋收", slug="harvest", ended_on=database_now().date())
    past = factories.publish_article(administrator, at=database_now() - timedelta(days=70), channel=roads,
                                     headline="舊聞", topic=ended)  # fmt: skip
    topic.picture = lead
    topic.save()
    topic.placed.create(section=topic.sections.create(name="通車前後"), article=story)
    topic.facts.create(label="山口", text="海拔四千六百公尺，冬季常封。")
    topic.moments.create(when="2026-11-03", text="通車。", article=story)
    told = Told(wrong="日期有誤。", right="昨天")
    receipt = report_error(story, number=1, told=told, sender="192.0.2.1", language="zh-hant")
    first, before = (factories.public(one).first_published_at.astimezone() for one in (story, past))
    codes = {"story": story, "english": english, "tibetan": tibetan, "corrected": corrected, "retracted": retracted,
             "down": down, "erased": erased}  # fmt: skip
    there = {name: article.code for name, article in codes.items()} | {
        "key": receipt.key, "year": f"{first:%Y}", "month": f"{first:%Y/%m}", "day": f"{first:%d}",
        "past": f"{before:%Y/%m}",
    }  # fmt: skip
    return {name: path.format(**there) for name, path in PAGES.items()}
