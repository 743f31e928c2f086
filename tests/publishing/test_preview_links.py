"""Secret addresses: of one version, for a while, until somebody takes them back or the story moves on."""

from datetime import timedelta

import pytest

from articles.models import Article, DraftVersion, Event, PreviewLink, User
from articles.publishing import (
    LinkOfWithdrawn,
    LinkTooLong,
    NotAllowed,
    Spiked,
    TooManyLinks,
    agree,
    make_link,
    propose,
    publish,
    revoke,
)
from articles.publishing.preview_links import MOST_LINKS, opened
from articles.publishing.spike import restore, spike
from tests import factories


@pytest.fixture
def version(article: Article) -> DraftVersion:
    return article.versions.get()


def test_the_secret_opens_its_version_and_is_not_kept(article: Article, version: DraftVersion, editor: User):
    link, key = make_link(article, version=version, by=editor, name=" 村長 ")
    factories.change(article, by=editor, headline="改過的標題")
    found = opened(key)
    assert found == link
    assert (found.version, found.name) == (version, "村長")
    assert len(set(key)) > 8
    assert 31 ** len(key) > 2**128
    row = PreviewLink.objects.filter(pk=link.pk).values().get()
    told = Event.objects.filter(verb="linked").values().get()
    assert key not in f"{row} {told}"
    assert told["after"] == "version 1"


def test_no_two_secrets_are_alike_and_no_other_opens_anything(article: Article, version: DraftVersion, editor: User):
    link, key = make_link(article, version=version, by=editor)
    other = make_link(article, version=version, by=editor)[1]
    assert key != other
    for wrong in ("", key[:-1], key + "2", key.upper(), link.key_digest, "2" * 26, "鑰" * 26, "\ud800"):
        assert opened(wrong) is None


def test_it_ends_by_the_databases_clock(article: Article, version: DraftVersion, editor: User):
    link, key = make_link(article, version=version, by=editor, hours=1)
    assert link.expires_at - link.at == timedelta(hours=1)
    ago = timedelta(hours=1, seconds=1)
    PreviewLink.objects.filter(pk=link.pk).update(at=link.at - ago, expires_at=link.expires_at - ago)
    assert opened(key) is None


@pytest.mark.parametrize("hours", [0, -1, 73, 10**9])
def test_it_lives_no_longer_than_three_days(hours: int, article: Article, version: DraftVersion, editor: User):
    with pytest.raises(LinkTooLong):
        make_link(article, version=version, by=editor, hours=hours)


def test_a_story_has_no_more_than_it_can_look_after(article: Article, version: DraftVersion, editor: User):
    links = [make_link(article, version=version, by=editor)[0] for _ in range(MOST_LINKS)]
    with pytest.raises(TooManyLinks):
        make_link(article, version=version, by=editor)
    revoke(links[0], by=editor)
    assert make_link(article, version=version, by=editor)


def test_who_may_not_write_the_story_neither_makes_nor_ends_one(
    article: Article, version: DraftVersion, editor: User, stranger: User, reporter: User
):
    link, key = make_link(article, version=version, by=editor)
    for nobody in (stranger, reporter):
        with pytest.raises(NotAllowed):
            make_link(article, version=version, by=nobody)
        with pytest.raises(NotAllowed):
            revoke(link, by=nobody)
    assert opened(key)


def test_of_another_story_no_version_is_shown(article: Article, editor: User):
    other = factories.make_article(editor, headline="另一篇")
    with pytest.raises(DraftVersion.DoesNotExist):
        make_link(article, version=other.versions.get(), by=editor)


class TestItIsOver:
    @pytest.fixture
    def key(self, published: Article, editor: User) -> str:
        published = factories.change(published, by=editor, headline="下一版")
        return make_link(published, version=published.versions.first(), by=editor)[1]

    def test_once_taken_back_and_twice_is_once(self, article: Article, version: DraftVersion, editor: User):
        link, key = make_link(article, version=version, by=editor)
        revoke(link, by=editor)
        revoke(link, by=editor)
        assert opened(key) is None
        assert Event.objects.filter(verb="unlinked").count() == 1

    def test_with_a_publication(self, published: Article, key: str, editor: User):
        published.refresh_from_db()
        assert opened(key)
        publish(published, seen=published.version, by=editor, kind="typo")
        assert opened(key) is None
        assert Event.objects.get(verb="unlinked").by == editor

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_with_a_withdrawal(self, act: str, published: Article, key: str, editor: User, chief: User):
        factories.withdraw(published, by=chief, second=editor, act=act)
        assert opened(key) is None

    @pytest.mark.parametrize("act", ["retraction", "takedown"])
    def test_while_the_story_is_withdrawn(self, act: str, published: Article, editor: User, chief: User):
        version = published.versions.get()
        key = make_link(published, version=version, by=editor)[1]
        factories.withdraw(published, by=chief, second=editor, act=act)
        with pytest.raises(LinkOfWithdrawn):
            make_link(published, version=version, by=editor)
        PreviewLink.objects.update(revoked_at=None, revoked_by=None)  # as one that was made after the withdrawal
        assert opened(key) is None
        published.refresh_from_db()
        factories.withdraw(published, by=chief, second=editor, act="restoration")
        assert opened(make_link(published, version=version, by=editor)[1])

    def test_with_an_erasure(self, published: Article, key: str, editor: User, chief: User):
        factories.publish_again(published, by=editor, body="<p>改過的文字。</p>")
        published.refresh_from_db()
        key = make_link(published, version=published.versions.first(), by=editor)[1]
        wanted = {"editions": [1], "notices": []}
        agree(propose(published, act="erasure", by=chief, text="依法刪除。", reason="判決", erase=wanted), by=editor)
        assert opened(key) is None

    def test_while_the_story_is_spiked(self, article: Article, version: DraftVersion, editor: User):
        key = make_link(article, version=version, by=editor)[1]
        Article.objects.filter(pk=article.pk).update(stage="spiked")
        assert opened(key) is None
        with pytest.raises(Spiked):
            make_link(article, version=version, by=editor)

    def test_with_the_spike_for_good(self, article: Article, version: DraftVersion, editor: User):
        key = make_link(article, version=version, by=editor)[1]
        spike(article, seen=article.version, by=editor)
        restore(article, by=editor)
        assert opened(key) is None
        assert Event.objects.get(verb="unlinked").by == editor
