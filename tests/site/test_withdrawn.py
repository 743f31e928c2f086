"""A story that was taken down: what its addresses answer, and that nothing which had to go is left anywhere."""

import itertools
import re
from collections.abc import Iterator
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.translation import gettext

from articles.models import (
    Article,
    Channel,
    Correction,
    Credit,
    Desk,
    Page,
    Picture,
    Publication,
    Site,
    Topic,
    User,
    public_store,
    rendition_name,
)
from articles.publishing import Note, publish
from tests import factories
from tests.factories import change, correct, publish_article, withdraw
from tests.harness.once import on_one_database, on_postgresql
from tests.site.reading import headlines, parse, read

SECRETS = {
    "kicker": "機密眉題",
    "headline": "機密標題",
    "standfirst": "機密導語",
    "body": "機密正文",
    "caption": "機密圖說",
    "alt": "機密圖像",
    "photographer": "機密攝影",
    "tag": "機密標籤",
    "author": "機密作者",
    "quote": "機密引文",
}
LANGUAGES = ["", "zh-hans/", "en/", "bo/"]


@pytest.fixture(autouse=True)
def _named(site: Site) -> None:
    """A site with a name."""


@pytest.fixture
def picture(editor: User) -> Picture:
    return factories.make_picture(
        editor, alt=SECRETS["alt"], caption=SECRETS["caption"], credit=SECRETS["photographer"]
    )


@pytest.fixture
def story(editor: User, desk: Desk, picture: Picture) -> Article:
    """A story whose every part says a secret, with an edition that was corrected and one that stands."""
    author = factories.make_person(SECRETS["author"], slug="author")
    article = publish_article(
        editor,
        **{part: SECRETS[part] for part in ("headline", "kicker", "standfirst")},
        body=f"<p>{SECRETS['body']}。</p><p>{SECRETS['quote']}說是昨天的事。</p>",
        lead_picture=picture,
        lead_caption=SECRETS["caption"],
        tags=[SECRETS["tag"]],
        topic=factories.make_topic("秋收", slug="harvest"),
        channel=factories.make_channel("農牧", slug="farming"),
        credits=[(author.pk, Credit.Role.AUTHOR.value), (factories.make_person("達珍").pk, Credit.Role.EDITOR.value)],
    )
    article = change(article, by=editor, body=f"<p>{SECRETS['body']}。</p><p>另一個人說是昨天的事。</p>")
    note = Note(kind="correction", text=f"不是{SECRETS['quote']}。", was=SECRETS["quote"], now="另一個人",
                passage=SECRETS["quote"])  # fmt: skip
    publish(article, seen=article.version, by=editor, noted=[note])
    # A neighbour, so that the lists on which it stood are there without it.
    publish_article(editor, headline="鄰居", topic=article.topic, channel=article.channel)
    article.refresh_from_db()
    return article


def take_down(article: Article, *, by: User, second: User, keep_headline: bool = False, ground: str = "legal") -> None:
    article.refresh_from_db()
    withdraw(article, act="takedown", by=by, second=second, text="依法院命令撤下。", reason="第一號判決", ground=ground,
             keep_headline=keep_headline)  # fmt: skip


# --- Every public address there is ---------------------------------------------------------------------------------
def routes() -> Iterator[str]:
    """The routes of the whole map but the desk's, those in a language without their prefix."""

    def below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + getattr(one.pattern, "_route", "")
            if here.startswith(("admin/", "health/")):
                continue
            if isinstance(one, URLResolver):
                yield from below(one.url_patterns, here)
            else:
                yield here

    return below(get_resolver().url_patterns, "")


def every_address(article: Article, languages: list[str] = LANGUAGES) -> list[str]:
    """Each route with everything of this story that fits. A part that nobody thought of fails: add what fits here."""
    publication = Publication.objects.get(article=article)
    when = publication.first_published_at.astimezone(ZoneInfo("Asia/Shanghai"))
    digests = {picture.digest: picture for picture in Picture.objects.all()}
    fits = {
        "code": [article.code],
        "number": list(range(1, publication.edition.number + 1)),
        "key": ["abcdefghijklmnopqrstuvwxyz"],
        "kind": Correction.Kind.values,
        "form": ["rss", "atom", "json"],
        "slug": [{"policy": "corrections/policy"}.get(slug, slug) for slug in Page.Slug.values],
        "year": [f"{when:%Y}"],
        "month": [f"{when:%m}"],
        "day": [f"{when:%d}"],
        "part": [1],
        "digest": list(digests),
        "width": [640],
        "word": [channel.path for channel in Channel.objects.all()],
        "name": [name for picture in digests.values() for name in picture.files]
        + [f"pictures/{digest}/gone" for digest in digests],
    }
    words = {"topic": ["harvest"], "tag": [SECRETS["tag"]], "people": ["author"]}
    found: dict[str, None] = {}
    for route in routes():
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        here = fits | {"word": words.get(route.partition("/")[0], fits["word"])}
        for values in itertools.product(*(here[part] for part in parts)):
            path = route
            for value in values:
                path = re.sub(r"<[^>]*>", lambda _, value=value: str(value), path, count=1)
            for prefix in languages:
                found[f"/{prefix}{quote(path)}"] = None
    return list(found)


def leaks(client: Client, article: Article, languages: list[str] = LANGUAGES) -> dict[str, list[str]]:
    """By what is secret: the addresses that tell it, without being asked for it by name."""
    told: dict[str, list[str]] = {}
    for path in every_address(article, languages):
        response = client.get(path, headers={"Accept-Datetime": "Thu, 31 Dec 2099 00:00:00 GMT"})
        said = b"".join(response) if response.streaming else response.content
        said += str(dict(response.items())).encode()
        for name, secret in SECRETS.items():
            forms = {secret, quote(secret), secret.encode("unicode_escape").decode()}
            if quote(secret) not in path and any(form.encode() in said for form in forms):
                told.setdefault(name, []).append(path)
    return told


class TestNothingIsLeft:
    @on_postgresql
    def test_while_it_stands_its_words_are_found_everywhere(self, client: Client, story: Article):
        told = leaks(client, story)
        assert set(told) == set(SECRETS)
        for path in ("/", "/feed.rss", "/farming/", "/topic/harvest/", f"/a/{story.code}/", f"/a/{story.code}/v/1/"):
            assert path in told["headline"], path

    def test_taken_down_not_one_of_its_words_is_at_any_public_address(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        assert leaks(client, story) == {}

    @on_postgresql
    def test_where_the_headline_may_be_kept_it_alone_is_left(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor, keep_headline=True)
        assert set(leaks(client, story, ["", "en/"])) == {"headline"}

    def test_taken_down_after_a_retraction_it_is_gone_as_well(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        withdraw(story, by=chief, second=editor, act="retraction", text="核心事實不成立。")
        take_down(story, by=chief, second=editor)
        assert leaks(client, story, [""]) == {}

    def test_it_is_on_no_list_and_in_no_calendar(self, client: Client, story: Article, chief: User, editor: User):
        take_down(story, by=chief, second=editor, keep_headline=True)
        when = Publication.objects.get(article=story).first_published_at.astimezone(ZoneInfo("Asia/Shanghai"))
        for path in ("/farming/", "/topic/harvest/", f"/archive/{when:%Y/%m}/", f"/archive/{when:%Y/%m/%d}/",
                     f"/farming/archive/{when:%Y/%m}/"):  # fmt: skip
            assert headlines(read(client, path)) == ["鄰居"], path
        for path in (f"/tag/{SECRETS['tag']}/", "/people/author/", f"/people/author/archive/{when:%Y/%m}/"):
            assert client.get(path).status_code == 410, path

    def test_the_last_story_of_a_day_leaves_no_day_behind_but_that_it_was(
        self, client: Client, editor: User, chief: User, desk: Desk
    ):
        article = publish_article(editor)
        when = Publication.objects.get().first_published_at.astimezone(ZoneInfo("Asia/Shanghai"))
        take_down(article, by=chief, second=editor)
        for path in ("", f"{when:%Y}/", f"{when:%Y/%m}/", f"{when:%Y/%m/%d}/"):
            assert client.get(f"/archive/{path}").status_code == 410, path
            assert client.get(f"/en/archive/{path}").status_code == 404, path
        assert client.get(f"/archive/{when.year - 1}/").status_code == 404
        assert read(client, "/").one("main .blank")

    def test_the_front_tells_of_it_without_what_had_to_go(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        (told,) = read(client, "/").all("section.changes .change")
        assert "依法院命令撤下。" in told.words
        ((name, address),) = told.one(".headline").links
        assert name.endswith(story.code)
        assert address.startswith(f"/a/{story.code}/#notice-")


@on_one_database
class TestWhatItsAddressesAnswer:
    @pytest.mark.parametrize(("ground", "status"), [("legal", 451), ("safety", 410)])
    def test_time_kind_and_reason_in_every_language(
        self, ground: str, status: int, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor, ground=ground)
        edition = Publication.objects.get(article=story).edition
        for prefix in LANGUAGES:
            page = read(client, f"/{prefix}a/{story.code}/", status=status)
            notice = page.one("article .takedown")
            assert "retraction" in notice["class"].split()
            assert notice.one("time")["datetime"].startswith(f"{edition.published_at:%Y}")
            assert "依法院命令撤下。" in notice.words
            assert "第一號判決" not in page.words  # that is the desk's own
            assert page.one("meta[name=robots]")["content"] == "noindex"
            assert page.one(".status").words == str(status)
            assert notice.none("a.notice-number")
            targets = [target for _, target in page.one(".ways-on").links]
            told_here = prefix if prefix == "zh-hans/" else ""  # in the other script, too; elsewhere as it was written
            assert f"/{told_here}a/{story.code}/history/" in targets
            assert f"/{prefix}corrections/policy/" in targets

    def test_in_another_language_the_reason_says_in_which_it_is(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor, keep_headline=True)
        page = read(client, f"/en/a/{story.code}/", status=451)
        assert page.element.get("lang") == "en"
        assert page.one(".notice-text")["lang"] == "zh-Hant"
        assert page.one("h1 span[lang]")["lang"] == "zh-Hant"
        assert read(client, f"/a/{story.code}/", status=451).one(".notice-text").get("lang") is None

    def test_the_headline_stands_only_where_it_may(self, client: Client, story: Article, chief: User, editor: User):
        take_down(story, by=chief, second=editor)
        page = read(client, f"/a/{story.code}/", status=451)
        with translation.override("zh-hant"):
            assert page.one("h1").words == gettext("This page has been withdrawn")
        withdraw(Article.objects.get(pk=story.pk), act="restoration", by=chief, second=editor, text="判決已撤銷。")
        take_down(story, by=chief, second=editor, keep_headline=True)
        assert SECRETS["headline"] in read(client, f"/a/{story.code}/", status=451).one("h1").words

    def test_a_legal_demand_names_who_blocks(
        self, client: Client, story: Article, chief: User, editor: User, settings: LazySettings
    ):
        take_down(story, by=chief, second=editor)
        policy = f"{settings.SITE_ADDRESS}/corrections/policy/"
        assert client.get(f"/a/{story.code}/")["Link"] == f'<{policy}>; rel="blocked-by"'

    def test_no_other_takedown_does(self, client: Client, story: Article, chief: User, editor: User):
        take_down(story, by=chief, second=editor, ground="safety")
        assert "Link" not in client.get(f"/a/{story.code}/")

    @pytest.mark.parametrize("path", ["v/1/", "v/2/", "v/3/", "v/2/changes/", "timegate/", "timemap/"])
    def test_its_past_is_gone_with_it(self, path: str, client: Client, story: Article, chief: User, editor: User):
        take_down(story, by=chief, second=editor)
        page = read(client, f"/a/{story.code}/{path}", status=451)
        assert "依法院命令撤下。" in page.words

    def test_the_answer_may_be_kept_like_any_page_and_runs_nothing_foreign(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        response = client.get(f"/a/{story.code}/")
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert not response.cookies

    def test_it_asks_the_database_little(
        self, client: Client, story: Article, chief: User, editor: User, django_assert_max_num_queries
    ):
        take_down(story, by=chief, second=editor)
        with django_assert_max_num_queries(5):
            client.get(f"/a/{story.code}/")

    def test_a_hostile_reason_is_words(self, client: Client, story: Article, chief: User, editor: User):
        reason = "</article><script>alert(1)</script>"
        withdraw(story, act="takedown", by=chief, second=editor, text=reason)
        response = client.get(f"/a/{story.code}/")
        page = parse(response.content)
        assert reason in page.one(".notice-text").words
        assert page.one("main").none("script")


@on_one_database
class TestPictures:
    def statuses(self, client: Client, picture: Picture) -> set[int]:
        found = set()
        for name in picture.files:
            response = client.get(f"/media/{name}")
            found.add(response.status_code)
            b"".join(response)  # closes the file; response.close() would close the database, too
        return found

    def test_are_gone_with_the_story_and_back_with_it(
        self, client: Client, story: Article, picture: Picture, chief: User, editor: User
    ):
        assert self.statuses(client, picture) == {200}
        take_down(story, by=chief, second=editor)
        assert self.statuses(client, picture) == {410}
        answer = client.get(f"/media/{picture.files[0]}")
        assert (answer.content, answer["Cache-Control"]) == (b"", "public, max-age=0, must-revalidate")
        withdraw(Article.objects.get(pk=story.pk), act="restoration", by=chief, second=editor, text="判決已撤銷。")
        assert self.statuses(client, picture) == {200}

    def test_a_width_that_never_was_is_gone_too_and_the_mark_is_never_served(
        self, client: Client, story: Article, picture: Picture, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        assert client.get(f"/media/{rendition_name(picture.digest, 12345, 'webp')}").status_code == 410
        assert public_store().exists(f"pictures/{picture.digest}/gone")
        for name in (f"pictures/{picture.digest}/gone", f"pictures/{picture.digest}/", "gone", "gone.jpg",
                     f"pictures/{picture.digest}/../{picture.digest}/gone"):  # fmt: skip
            assert client.get(f"/media/{name}").status_code == 404, name

    def test_one_that_another_story_shows_stays(
        self, client: Client, story: Article, picture: Picture, chief: User, editor: User
    ):
        other = publish_article(editor, headline="另一篇", lead_picture=picture)
        take_down(story, by=chief, second=editor)
        assert self.statuses(client, picture) == {200}
        take_down(other, by=chief, second=editor)
        assert self.statuses(client, picture) == {410}

    def test_those_of_earlier_editions_are_gone_as_well(
        self, client: Client, story: Article, picture: Picture, chief: User, editor: User
    ):
        factories.publish_again(story, by=editor, lead_picture=factories.make_picture(editor))
        assert self.statuses(client, picture) == {200}
        take_down(story, by=chief, second=editor)
        assert self.statuses(client, picture) == {410}

    def test_those_of_a_retracted_story_stay_for_its_past_edition(
        self, client: Client, story: Article, picture: Picture, chief: User, editor: User
    ):
        withdraw(story, by=chief, second=editor, act="retraction", text="核心事實不成立。")
        assert self.statuses(client, picture) == {200}

    def test_what_never_was_is_not_there(self, client: Client, db: None):
        for name in ("pictures/ab/640.webp", "640.jpg", "pictures/../gone.webp"):
            assert client.get(f"/media/{name}").status_code == 404, name


class TestReturnToThePublic:
    def test_the_page_is_back_with_its_editors_note_and_all_earlier_notices(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        withdraw(Article.objects.get(pk=story.pk), act="restoration", by=chief, second=editor, text="判決已撤銷。")
        page = read(client, f"/a/{story.code}/")
        assert page.one("h1").words == SECRETS["headline"]
        assert [one["id"] for one in page.all(".notice")] == ["notice-4-1", "notice-3-1", "notice-2-1"]
        assert "判決已撤銷。" in page.one(".editors-note").words
        assert page.one(".body a.corrected-mark")
        for path in ("/farming/", f"/tag/{SECRETS['tag']}/", "/people/author/"):
            assert SECRETS["headline"] in headlines(read(client, path)), path

    def test_a_notice_published_later_stands_above_them(
        self, client: Client, story: Article, chief: User, editor: User
    ):
        take_down(story, by=chief, second=editor)
        withdraw(Article.objects.get(pk=story.pk), act="restoration", by=chief, second=editor, text="判決已撤銷。")
        correct(story, by=editor)
        assert len(read(client, f"/a/{story.code}/").all(".notice")) == 4


def test_the_walk_knows_every_topic(story: Article):
    """What `every_address` fills in is what there is."""
    assert list(Topic.objects.values_list("slug", flat=True)) == ["harvest"]
    assert f"/en/a/{story.code}/v/2/" in every_address(story)
