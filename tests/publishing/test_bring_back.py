"""An earlier version becomes the newest one; and the many that autosave leaves are thinned out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.models import Article, Comment, Desk, DraftVersion, Event, Membership, User
from articles.publishing import NotAllowed, StaleDraft, bring_back, make_link, save_draft, thin_versions
from tests import factories


def test_it_is_saved_as_a_new_version_and_nothing_between_is_lost(article: Article, editor: User, chief: User):
    article = factories.change(article, by=editor, headline="改過的", tags=["收成"], lead_caption="圖")
    Article.objects.filter(pk=article.pk).update(assignee=chief)
    back = bring_back(article, version=article.versions.get(number=1), seen=2, by=chief)
    assert (back.version, back.headline, back.assignee, back.changed_by) == (3, "青稞開鐮", chief, chief)
    assert list(back.tags.all()) == []
    assert [(one.number, one.how) for one in back.versions.all()] == [(3, "restored"), (2, "saved"), (1, "saved")]
    event = Event.objects.get(verb="brought-back")
    assert (event.thing, event.before, event.after) == ("version 1", "version 2", "version 3")


def test_not_over_what_somebody_saved_meanwhile(article: Article, editor: User):
    article = factories.change(article, by=editor, headline="改過的")
    with pytest.raises(StaleDraft):
        bring_back(article, version=article.versions.get(number=1), seen=1, by=editor)
    article.refresh_from_db()
    assert article.headline == "改過的"


def test_not_by_who_may_not_write_it(article: Article, stranger: User, reporter: User):
    for nobody in (stranger, reporter):
        with pytest.raises(NotAllowed):
            bring_back(article, version=article.versions.get(), seen=1, by=nobody)


def test_a_version_of_another_story_is_not_brought_in(article: Article, editor: User):
    other = factories.make_article(editor, headline="另一篇")
    with pytest.raises(DraftVersion.DoesNotExist):
        bring_back(article, version=other.versions.get(), seen=1, by=editor)


def test_the_story_stays_at_its_desk(article: Article, editor: User, stranger: User, desk: Desk):
    theirs = stranger.memberships.get().desk
    Membership.objects.create(user=editor, desk=theirs, role="editor")
    editor = User.objects.get(pk=editor.pk)
    article = factories.change(article, by=editor, desk=theirs)
    assert bring_back(article, version=article.versions.get(number=1), seen=2, by=editor).desk == theirs


class TestThinning:
    """Minutes are those of one hour of the past; 0–4, 5–9 … are kept by one version a person."""

    @pytest.fixture(autouse=True)
    def _from_the_start(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(thin_versions, "_from", None)

    @pytest.fixture
    def saved(self, article: Article, editor: User) -> Any:
        def saved(*minutes: float, by: User = editor, how: str = "autosaved") -> None:
            for minute in minutes:
                now = Article.objects.get(pk=article.pk)
                draft = factories.draft_of(now)
                save_draft(now, seen=now.version, by=by, draft=draft, how=how)
                at = datetime(2026, 3, 1, 10, tzinfo=UTC) + timedelta(minutes=minute)
                # Versions are never changed, which a trigger holds: one is put in the place of the one that was made.
                made = DraftVersion.objects.get(article=article, number=now.version + 1)
                made.delete()
                made.pk, made.saved_at = None, at
                made.save(force_insert=True)

        return saved

    def left(self, article: Article) -> list[int]:
        thin_versions.thin_versions()
        return sorted(article.versions.values_list("number", flat=True))

    def test_keeps_the_last_of_five_minutes(self, saved: Any, article: Article):
        saved(0, 1, 2, 4.9, 5, 6, 12)
        assert self.left(article) == [1, 5, 7, 8]

    def test_keeps_the_last_of_each_persons_run(self, saved: Any, article: Article, chief: User):
        saved(0, 1)
        saved(2, by=chief)
        saved(3, 4)
        assert self.left(article) == [1, 3, 4, 6]

    def test_keeps_what_was_saved_by_hand(self, saved: Any, article: Article):
        saved(0)
        saved(1, 2, how="saved")
        saved(3)
        assert self.left(article) == [1, 3, 4, 5]

    def test_keeps_what_anything_refers_to(self, saved: Any, article: Article, editor: User):
        saved(0, 1, 2, 3, 4)
        Comment.objects.create(
            article=article, version=3, text="?", by=editor, at=datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip
        make_link(article, version=article.versions.get(number=4), by=editor)
        Article.objects.filter(pk=article.pk).update(approved_version=2, approved_by=editor)
        assert self.left(article) == [1, 2, 3, 4, 6]

    def test_leaves_the_last_hour_alone(self, article: Article, editor: User):
        for _ in range(3):
            now = Article.objects.get(pk=article.pk)
            save_draft(now, seen=now.version, by=editor, draft=factories.draft_of(now), how="autosaved")
        assert self.left(article) == [1, 2, 3, 4]

    def test_goes_on_where_it_stopped(self, saved: Any, article: Article, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(thin_versions, "BATCH", 2)
        saved(0, 1, 2, 3, 4)
        assert self.left(article) == [1, 4, 5, 6]
        assert self.left(article) == [1, 6]
        assert self.left(article) == [1, 6]
