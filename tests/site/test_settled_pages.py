"""An archive is made once, and stays: what is published today takes away what shows today, and nothing else."""

from datetime import UTC, datetime

import pytest

from articles.models import Article, Site, User
from articles.site import keys
from articles.site.dates import site_zone
from newsroom.delivery import stores
from tests import factories
from tests.harness.once import on_one_database
from tests.site.keeping import Readers

pytestmark = on_one_database  # what an act changes is asked of the models, and the store knows no database

MARCH, MAY = (datetime(2026, month, 5, 1, 30, tzinfo=UTC) for month in (3, 5))
# The pages of a month, a day and a year that are over, and the file of the sitemap with their stories.
SETTLED = ["/archive/2026/03/", "/archive/2026/03/05/", "/zh-hans/archive/2026/03/", "/sitemap-{file}.xml",
           "/{channel}/archive/2026/03/", "/{channel}/archive/2026/03/05/", "/tag/{tag}/archive/2026/03/",
           "/people/{person}/archive/2026/03/", "/a/{code}/", "/zh-hans/a/{code}/", "/a/{code}/history/"]  # fmt: skip
NEWEST = ["/", "/zh-hans/", "/feed.rss", "/feed.atom", "/feed.json", "/news-sitemap.xml", "/sitemap.xml", "/archive/",
          "/{channel}/", "/{channel}/feed.rss", "/tag/{tag}/", "/tag/{tag}/feed.rss", "/people/{person}/"]  # fmt: skip


@pytest.fixture
def old(administrator: User, site: Site, monkeypatch: pytest.MonkeyPatch) -> Article:
    """A story of March, and one of May on the same lists; each fills a file of the sitemap."""
    monkeypatch.setattr("articles.site.keys.FILE", 1)
    first = factories.publish_article(administrator, at=MARCH, tags=["青稞"])
    again = {name: getattr(first, name) for name in ("channel", "source")}
    credits = [(credit.person_id, credit.role) for credit in first.credits.all()]
    factories.publish_article(administrator, at=MAY, tags=["青稞"], credits=credits, **again)
    return first


def addresses(paths: list[str], story: Article) -> list[str]:
    person = story.credits.select_related("person")[0].person
    words = {"channel": story.channel.path, "tag": story.tags.get().slug, "person": person.slug, "code": story.code,
             "file": keys.file_of(story.pk)}  # fmt: skip
    return [path.format(**words) for path in paths]


def kept(readers: Readers, paths: list[str]) -> dict[str, bytes]:
    """What the store has of these, made where nobody had asked before."""
    for path in paths:
        assert readers.get(path)[0] == 200, path
    found = {path: stores.store().get(path) for path in paths}
    return {path: entry.forms[""] for path, entry in found.items() if entry}


def still(paths: dict[str, bytes]) -> list[str]:
    """Which of them stand in the store as they stood."""
    found = {path: stores.store().get(path) for path in paths}
    return [path for path, body in paths.items() if (entry := found[path]) and entry.forms[""] == body]


def like(story: Article) -> dict[str, object]:
    """A draft for the lists that this story stands on."""
    return {"channel": story.channel, "source": story.source, "tags": ["青稞"],
            "credits": [(credit.person_id, credit.role) for credit in story.credits.all()]}  # fmt: skip


def test_a_new_story_leaves_what_is_over_and_takes_away_what_is_newest(readers: Readers, old: Article, editor: User):
    settled, newest = (kept(readers, addresses(paths, old)) for paths in (SETTLED, NEWEST))
    assert (len(settled), len(newest)) == (len(SETTLED), len(NEWEST))
    factories.publish_article(editor, **like(old))
    assert still(settled) == list(settled)
    assert still(newest) == []


def test_so_does_a_correction_of_a_story_of_today(readers: Readers, old: Article, editor: User):
    today = factories.publish_article(editor, **like(old))
    settled = kept(readers, addresses(SETTLED, old))
    factories.correct(today, by=editor)
    assert still(settled) == list(settled)


def test_the_files_of_today_are_made_anew(
    readers: Readers, old: Article, editor: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("articles.site.keys.FILE", 1_000_000)
    today = factories.publish_article(editor, **like(old))
    month = today.publication.first_published_at.astimezone(site_zone()).strftime("%Y-%m")
    paths = [
        f"/sitemap-{keys.file_of(today.pk)}.xml",
        f"/archive/{month.replace('-', '/')}/",
        "/news-sitemap.xml",
        "/feed.rss",
    ]
    files = kept(readers, paths)
    factories.publish_article(editor, **like(old))
    assert still(files) == []


def test_a_story_brought_in_for_an_old_month_takes_away_its_pages_alone(
    readers: Readers, old: Article, administrator: User
):
    march, file = kept(readers, ["/archive/2026/03/"]), kept(readers, addresses(["/sitemap-{file}.xml"], old))
    factories.publish_article(administrator, at=MARCH.replace(day=6), **like(old))
    assert (still(march), still(file)) == ([], list(file))
