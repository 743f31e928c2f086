"""What stands in the page store is what the newsroom says now: found by difference, after every kind of act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles.models import Article, Channel, Correction, Page, Person, Picture, Purge, Site, Topic, User
from articles.publishing import Wanted, agree, run_due, save_page
from articles.publishing.answer_report import answer
from articles.publishing.fronts import front_at
from articles.publishing.launch_front import go_back
from articles.publishing.report_error import Told, report_error
from articles.publishing.topics import place_stories
from newsroom.delivery import stores
from tests import factories
from tests.harness.once import on_one_database
from tests.journeys.reader_pages import whole_newspaper
from tests.publishing.acts import erase, give_notice
from tests.publishing.test_fronts import launched
from tests.publishing.test_scheduled_takedown import proposed
from tests.publishing.test_schedules import make_due, scheduled
from tests.site.keeping import Readers


def story(paths: dict[str, str], name: str) -> Article:
    return Article.objects.get(code=paths[name].split("/a/")[1].split("/")[0])


@dataclass
class Cast:
    administrator: User
    chief: User
    editor: User
    paths: dict[str, str]

    def story(self, name: str) -> Article:
        return story(self.paths, name)


def renamed(thing: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
    thing.save()


def answered(article: Article, by: User) -> None:
    told = Told(wrong="日期")
    report = report_error(article, number=1, told=told, sender="192.0.2.2", language="zh-hant").report
    answer(report, notice=Correction.objects.filter(article=article).earliest("pk"), by=by)


def ordered(cast: Cast) -> None:
    topic = Topic.objects.get(slug="first-snow")
    assert place_stories(topic, [(topic.sections.create(name="甲"), [cast.story("story")])], by=cast.editor)


ACTS: dict[str, Callable[[Cast], object]] = {
    "a first edition": lambda cast: factories.publish_article(cast.editor, channel=cast.story("story").channel),
    "one in English": lambda cast: factories.publish_article(
        cast.editor, language="en", headline="Snow", channel=cast.story("story").channel),
    "one of an archive": lambda cast: factories.publish_article(
        cast.administrator, at=datetime(2026, 2, 3, 4, tzinfo=UTC), channel=cast.story("story").channel),
    "a typo": lambda cast: factories.publish_again(cast.story("story"), by=cast.editor, headline="改了的標題"),
    "an update": lambda cast: factories.publish_again(
        cast.story("story"), by=cast.editor, kind="update", note="新。", body="<p>新的。</p>"),
    "a correction": lambda cast: factories.correct(cast.story("story"), by=cast.editor),
    "another correction": lambda cast: factories.correct(
        cast.story("corrected story"), by=cast.editor, body="<p>又錯。</p>"),
    "a clarification": lambda cast: give_notice(
        cast.story("corrected story"), by=cast.chief, kind="clarification", text="是星期二。"),
    "a notice that answers a report": lambda cast: answered(cast.story("corrected story"), cast.editor),
    "another channel": lambda cast: factories.publish_again(
        cast.story("story"), by=cast.editor, channel=factories.make_channel("新")),
    "no tags any more": lambda cast: factories.publish_again(cast.story("story"), by=cast.editor, tags=["別的"]),
    "a report": lambda cast: report_error(
        cast.story("story"), number=1, told=Told(wrong="日期"), sender="192.0.2.1", language="zh-hant"),
    "a launch": lambda cast: launched(cast.editor, Wanted(cast.story("story").pk, headline="我們的")),
    "a second launch": lambda cast: launched(
        cast.editor, Wanted(cast.story("English story").pk, headline="別的")),
    "the front of before": lambda cast: go_back(front_at(0), number=1, seen=2, by=cast.editor),
    "a launch of a channel": lambda cast: launched(
        cast.editor, Wanted(cast.story("story").pk, headline="我們的"),
        front=front_at(cast.story("story").channel.pk)),
    "a retraction": lambda cast: factories.withdraw(cast.story("story"), by=cast.chief, second=cast.editor),
    "a return of what was retracted": lambda cast: factories.withdraw(
        cast.story("story"), by=cast.chief, second=cast.editor, act="restoration"),
    "a return": lambda cast: factories.withdraw(
        cast.story("story taken down"), by=cast.chief, second=cast.editor, act="restoration"),
    "a takedown": lambda cast: factories.withdraw(
        cast.story("corrected story"), by=cast.chief, second=cast.editor, act="takedown"),
    "an erasure": lambda cast: erase(cast.story("corrected story"), editions=[1], by=cast.chief, second=cast.editor),
    "a translation": lambda cast: factories.publish_article(
        cast.editor, language="en", headline="Snow", translation_of=cast.story("story")),
    "the other script by hand": lambda cast: factories.publish_article(
        cast.editor, language="zh-Hans", headline="手写", translation_of=cast.story("story")),
    "a story that was scheduled": lambda cast: [
        make_due(scheduled(factories.make_article(cast.editor, channel=cast.story("story").channel), cast.editor)),
        run_due()],
    "a takedown that was scheduled": lambda cast: [
        agree(proposed(cast.story("English story"), cast.chief), by=cast.editor), make_due(), run_due()],
    "a page about the paper": lambda cast: save_page(
        Page.objects.get(slug="imprint"), seen=0, by=cast.administrator, language="zh-Hant", title="版權",
        body="<p>是。</p>"),
    "a new name of a channel": lambda cast: renamed(Channel.objects.get(path="roads"), name="道路"),
    "a new channel": lambda cast: factories.make_channel("再新"),
    "a new name of a person": lambda cast: renamed(Person.objects.get(slug="dazhen"), name="達珍珍"),
    "a new name of a topic": lambda cast: renamed(Topic.objects.get(slug="first-snow"), name="第一場雪"),
    "stories of a topic in order": ordered,
    "a new place": lambda cast: factories.make_place("542421", "那曲縣"),
    "another credit of a picture": lambda cast: renamed(Picture.objects.earliest("pk"), credit="卓嘎攝"),
    "a new name of the site": lambda cast: renamed(Site.objects.get(), name="朗措新報"),
}  # fmt: skip


STARTS = ["/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/feed.rss", "/feed.atom", "/feed.json",
          "/corrections/feed.atom", "/zh-hans/"]  # fmt: skip


@on_one_database  # what an act changes is asked of the models, and the store knows no database
def test_nothing_stale_is_kept_after_any_act(readers: Readers, administrator: User, chief: User, editor: User):
    cast = Cast(administrator, chief, editor, whole_newspaper(administrator, chief, editor))
    starts = [*[path for path in cast.paths.values() if "?" not in path], *STARTS]
    stale, purged = {}, {}
    for name, act in ACTS.items():
        readers.read_all(*starts)
        kept = {path for path in readers.read if stores.store().get(path)}
        assert len(kept) > 50, sorted(kept)
        act(cast)
        if found := readers.stale():
            stale[name] = found
        purged[name] = len(kept) - sum(1 for path in kept if stores.store().get(path))
        assert not Purge.objects.exists()
        stores.store().purge([])  # a generation further: nothing is remembered unseen
    assert stale == {}
    assert {name for name, number in purged.items() if not number} == {"a report"}  # nobody reads of it yet
