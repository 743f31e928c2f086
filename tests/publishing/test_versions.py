"""The desk's own history of a working copy: every save is kept, and an earlier version can be made public."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from articles.models import Article, Desk, DraftVersion, Tag, User
from articles.publishing import StaleDraft, agree, begin_draft, freeze, propose, versions
from articles.publishing.issue import issue
from tests import factories
from tests.conftest import CommittedDatabase


def test_each_save_is_kept_as_it_was_typed(article: Article, editor: User):
    factories.change(article, by=editor, headline="青稞入倉", tags=["青稞", "收成"])
    newest, first = article.versions.all()
    assert (newest.number, newest.by, newest.how) == (2, editor, "saved")
    assert newest.read()["headline"] == "青稞入倉"
    assert newest.read()["tags"] == ["青稞", "收成"]
    assert first.read()["headline"] == "青稞開鐮"
    assert first.read()["credits"] == [[article.credits.get().person_id, "editor"]]


def test_a_refused_save_leaves_no_version(article: Article, editor: User):
    factories.change(article, by=editor, headline="一")
    with pytest.raises(StaleDraft):
        factories.save_draft(article, seen=1, by=editor, draft=factories.draft_of(article))
    assert [version.number for version in article.versions.all()] == [2, 1]


def test_a_story_of_an_earlier_release_keeps_the_version_that_its_first_save_replaces(article: Article, editor: User):
    article.versions.all().delete()
    factories.change(article, by=editor, headline="青稞入倉")
    newest, found = article.versions.all()
    assert (found.number, found.how, found.read()["headline"]) == (1, "found", "青稞開鐮")
    assert newest.number == 2


def test_a_version_is_never_changed(article: Article):
    version = article.versions.get()
    version.content = "{}"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        version.save()


def test_a_form_that_is_sent_twice_begins_one_story(editor: User, desk: Desk):
    draft = factories.make_draft(desk=desk)
    first = begin_draft(by=editor, draft=draft, key="a" * 32)
    second = begin_draft(by=editor, draft=draft, key="a" * 32)
    assert (second.pk, second.version) == (first.pk, 2)
    assert Article.objects.count() == 1


def test_an_earlier_version_freezes_as_it_was(article: Article, editor: User):
    article = factories.change(article, by=editor, tags=["青稞"])
    before = freeze.freeze(Article.objects.with_parts().get(pk=article.pk))
    factories.change(article, by=editor, headline="別的", body="<p>別的。</p>", tags=[], credits=[])
    now = Article.objects.with_parts().get(pk=article.pk)
    then = versions.article_at(now, now.versions.get(number=2))
    assert freeze.freeze(then) == before
    assert (then.version, now.version) == (2, 3)


def test_what_does_not_exist_any_more_is_left_out_of_an_earlier_version(article: Article, editor: User):
    article = factories.change(article, by=editor, tags=["青稞"])
    factories.change(article, by=editor, tags=[])
    Tag.objects.get(name="青稞").delete()
    then = versions.article_at(article, article.versions.get(number=2))
    assert freeze.freeze(then)["tags"] == []


class TestAnEarlierVersionMadePublic:
    def test_leaves_the_working_copy_as_it_is(self, article: Article, editor: User):
        factories.change(article, by=editor, headline="還在寫")
        with transaction.atomic():
            locked = Article.objects.with_parts().get(pk=article.pk)
            edition = issue(
                versions.article_at(locked, locked.versions.get(number=1)), kind=None, by=editor,
                at=datetime(2026, 11, 1, tzinfo=UTC),
            )  # fmt: skip
        article.refresh_from_db()
        assert edition.text.read()["headline"] == "青稞開鐮"
        assert (article.headline, article.version) == ("還在寫", 2)
        assert article.stage == Article.Stage.CHANGED
        assert article.publication.draft_version == 1

    def test_is_the_working_copy_where_nothing_was_changed_since(self, article: Article, editor: User):
        with transaction.atomic():
            locked = Article.objects.with_parts().get(pk=article.pk)
            version = locked.versions.get(number=1)
            issue(versions.article_at(locked, version), kind=None, by=editor, at=datetime(2026, 11, 1, tzinfo=UTC))
        article.refresh_from_db()
        assert article.stage == Article.Stage.PUBLISHED


def test_an_erasure_removes_all_versions_of_a_story(
    committed_db: CommittedDatabase, published: Article, editor: User, chief: User
):
    factories.publish_again(published, by=editor, body="<p>改過的文字。</p>")
    wanted = {"editions": [1], "notices": []}
    agree(propose(published, act="erasure", by=chief, text="依法刪除。", reason="判決", erase=wanted), by=editor)
    assert "上朗縣的青稞開鐮了" not in "".join(DraftVersion.objects.values_list("content", flat=True))
