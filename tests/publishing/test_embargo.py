"""The embargo: nothing of a story is public before, whatever is pressed, scheduled or asked for."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from articles.models import Article, Edition, Event, Listing, Publication, Schedule, Site, User, public_store
from articles.publishing import (
    AlreadyPublic,
    DuePassed,
    NotAllowed,
    ScheduledBefore,
    lift_embargo,
    publish,
    run_due,
    schedule,
    set_embargo,
)
from articles.publishing.clock import database_now
from tests import factories
from tests.publishing.test_schedules import ZONE, make_due, minute, scheduled

SECRET = "密藏青稞"


class TestAnEmbargo:
    def test_names_its_moment_and_zone_and_is_no_part_of_the_words(self, article: Article, editor: User):
        until = minute(hours=3)
        set_embargo(article, by=editor, until=until, zone="Asia/Kathmandu")
        article = Article.objects.get()
        assert (article.embargo_until, article.embargo_zone, article.version) == (until, "Asia/Kathmandu", 1)
        assert article.versions.count() == 1

    def test_stands_in_the_audit_trail_with_before_and_after(self, article: Article, editor: User):
        for hours in (3, 4):
            set_embargo(article, by=editor, until=minute(hours=hours), zone=ZONE)
        lift_embargo(article, by=editor)
        trail = list(Event.objects.filter(article=article).values_list("verb", "before", "after")[:3])
        (lifted, last, none), (later, first, second), (begun, nothing, beginning) = trail
        assert (lifted, later, begun) == ("embargo-lifted", "embargoed", "embargoed")
        assert (none, nothing) == ("", "")
        assert (beginning, second) == (first, last)
        assert all(one.endswith(ZONE) for one in (first, second))

    def test_may_be_set_and_prolonged_by_the_writer_and_shortened_by_an_editor(
        self, reporter: User, editor: User, article: Article
    ):
        article = factories.make_article(reporter, desk=article.desk)
        set_embargo(article, by=reporter, until=minute(hours=3), zone=ZONE)
        set_embargo(article, by=reporter, until=minute(hours=4), zone=ZONE)
        with pytest.raises(NotAllowed):
            set_embargo(article, by=reporter, until=minute(hours=2), zone=ZONE)
        with pytest.raises(NotAllowed):
            lift_embargo(article, by=reporter)
        set_embargo(article, by=editor, until=minute(hours=2), zone=ZONE)
        lift_embargo(article, by=editor)
        assert Article.objects.get(pk=article.pk).embargo_until is None

    @pytest.mark.parametrize("who", ["reporter", "stranger"])
    def test_is_not_for_those_whose_story_it_is_not(self, who: str, article: Article, request: pytest.FixtureRequest):
        user = request.getfixturevalue(who)
        with pytest.raises(NotAllowed):
            set_embargo(article, by=user, until=minute(hours=3), zone=ZONE)
        with pytest.raises(NotAllowed):
            lift_embargo(article, by=user)

    def test_is_refused_on_what_is_public(self, published: Article, editor: User):
        with pytest.raises(AlreadyPublic):
            set_embargo(published, by=editor, until=minute(hours=3), zone=ZONE)

    def test_is_refused_in_the_past(self, article: Article, editor: User):
        with pytest.raises(DuePassed):
            set_embargo(article, by=editor, until=minute(), zone=ZONE)

    def test_is_refused_where_something_goes_out_before_it_which_is_named(self, article: Article, editor: User):
        row = scheduled(article, editor, minute(hours=2))
        with pytest.raises(ScheduledBefore) as refused:
            set_embargo(article, by=editor, until=minute(hours=3), zone=ZONE)
        assert refused.value.due == row.due_at
        assert ZONE in str(refused.value)
        set_embargo(article, by=editor, until=row.due_at, zone=ZONE)

    def test_that_has_passed_harms_nothing(self, article: Article, editor: User):
        passed = database_now() - timedelta(seconds=1)
        Article.objects.update(embargo_until=passed, embargo_zone=ZONE)
        assert publish(article, seen=1, by=editor).number == 1
        factories.publish_again(article, by=editor, headline="改了")
        lift_embargo(article, by=editor)
        assert Article.objects.get().embargo_until is None


ADDRESSES = [
    "", "feed.rss", "feed.atom", "feed.json", "sitemap.xml", "news-sitemap.xml", "robots.txt", "corrections/",
    "corrections/feed.atom", "corrections/accuracy/", "corrections/accuracy.csv",
]  # fmt: skip
PREFIXES = ["", "zh-hans/", "en/", "bo/"]


def public_addresses(article: Article) -> list[str]:
    """Every public address that could show the story, and those of all that it is tied to."""
    now = database_now()
    month, day = f"{now:%Y/%m}/", f"{now:%Y/%m/%d}/"
    lists = [f"{article.channel.slug}/", f"topic/{article.topic.slug}/"]
    lists += [f"tag/{tag.slug}/" for tag in article.tags.all()]
    lists += [f"people/{person.slug}/" for person in article.people.all()]
    story = f"a/{article.code}/"
    own = ["", "history/", "history.json", "v/1/", "v/1/changes/", "timegate/", "timemap/", "report/"]
    tails = ["", "feed.rss", "feed.atom", "feed.json", f"archive/{month}", f"archive/{day}"]
    found = [f"{prefix}{one}" for prefix in PREFIXES for one in ADDRESSES]
    found += [f"{prefix}{one}{tail}" for prefix in PREFIXES[:2] for one in ["", *lists] for tail in tails]
    found += [f"{prefix}{story}{part}" for prefix in PREFIXES for part in own]
    found += [f"sitemap-{now:%Y-%m}.xml", f"search/?q={SECRET}", f"{SECRET}/", f"tag/{SECRET}/",
              ".well-known/newsroom/head.json", ".well-known/newsroom/ledger/0.json"]  # fmt: skip
    found += [f"media/{name}" for name in article.lead_picture.files]
    return list(dict.fromkeys(f"/{one}" for one in found))


def shown(address: str) -> str:
    response = Client().get(address)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers} {body.decode(errors='replace')}"


def secret_story(by: User) -> Article:
    """A story whose every field says the secret."""
    picture = factories.make_picture(by, alt=SECRET, caption=SECRET, credit=SECRET)
    inside = factories.make_picture(by, alt=SECRET, caption=SECRET, credit=SECRET)
    return factories.make_article(
        by, headline=SECRET, kicker=SECRET, standfirst=SECRET, tags=[SECRET, "青稞"], lead_picture=picture,
        lead_caption=SECRET, topic=factories.make_topic("秋收"),
        body=f'<p>{SECRET}</p><figure data-picture="{inside.pk}"><figcaption>{SECRET}</figcaption></figure>',
    )  # fmt: skip


def test_nothing_public_tells_of_a_story_under_embargo_and_then_everything_does(editor: User, site: Site, desk: object):
    factories.publish_article(editor, headline="別的稿", tags=["青稞"])
    article = secret_story(editor)
    until = minute(hours=1)
    set_embargo(article, by=editor, until=until, zone=ZONE)
    schedule(article, seen=1, by=editor, due_at=until, zone=ZONE)
    addresses = public_addresses(article)

    assert run_due() == 0
    assert not Edition.objects.filter(article=article).exists()
    assert not Publication.objects.filter(article=article).exists()
    assert not Listing.objects.filter(publication__article=article).exists()
    assert not any(public_store().exists(name) for name in article.lead_picture.files)
    for address in addresses:
        told = shown(address).replace(address, "").replace(quote(address), "")
        for echo in (f'value="{SECRET}"', f"<title>{SECRET} ·", f'"{SECRET} ·'):  # what was asked for, told again
            told = told.replace(echo, "")
        assert SECRET not in told, address
        assert article.code not in told, address

    Article.objects.filter(pk=article.pk).update(embargo_until=database_now() - timedelta(minutes=1))
    make_due()
    assert run_due() == 1
    assert Schedule.objects.get().state == "done"
    story = f"/a/{article.code}/"
    for address in ["/", "/feed.rss", "/feed.atom", "/feed.json", "/news-sitemap.xml", story, f"{story}history/"]:
        assert address in addresses
        assert SECRET in shown(address), address
    assert all(public_store().exists(name) for name in article.lead_picture.files)
