"""Who else has a story open, and who of them writes."""

from datetime import timedelta

import pytest

from articles.models import Alert, Article, Event, Presence, User
from articles.publishing import NotAllowed, presence, take_over
from articles.publishing.presence import LAPSE, forget_windows, here, leave
from tests import factories
from tests.conftest import CommittedDatabase
from tests.harness.threads import at_once


def fall_silent(article: Article) -> None:
    """As if the windows had given no sign of life for as long as they may."""
    for row in article.present.all():
        Presence.objects.filter(pk=row.pk).update(seen_at=row.seen_at - LAPSE - timedelta(seconds=1))


def test_the_first_window_writes_and_others_see_who_it_is(article: Article, editor: User, chief: User):
    assert here(article, by=editor, tab="a").holds
    second = here(article, by=chief, tab="b")
    assert not second.holds
    assert [(one.user, one.holds) for one in second.others] == [(editor, True)]
    assert [(one.user, one.holds) for one in here(article, by=editor, tab="a").others] == [(chief, False)]


def test_a_window_that_falls_silent_or_is_closed_is_not_there_any_more(article: Article, editor: User, chief: User):
    here(article, by=editor, tab="a")
    fall_silent(article)
    assert presence.others(article) == []
    assert here(article, by=chief, tab="b").holds
    leave(article, by=chief, tab="b")
    assert here(article, by=editor, tab="a").holds


def test_the_worker_forgets_silent_windows_alone(article: Article, editor: User, chief: User):
    here(article, by=editor, tab="a")
    fall_silent(article)
    other = factories.make_article(editor, headline="另一篇")
    here(other, by=chief, tab="b")
    forget_windows()
    assert [row.article for row in Presence.objects.all()] == [other]


def test_two_windows_of_one_person_are_told_of_each_other(article: Article, editor: User):
    here(article, by=editor, tab="a")
    second = here(article, by=editor, tab="b")
    assert not second.holds
    assert [one.user for one in second.others] == [editor]


def test_nobody_speaks_for_the_window_of_another(article: Article, editor: User, chief: User):
    here(article, by=editor, tab="a")
    assert not here(article, by=chief, tab="a").holds
    leave(article, by=chief, tab="a")
    assert [row.user for row in article.present.all()] == [editor]


class TestTakingOver:
    def test_moves_the_writing_and_tells_who_wrote(self, article: Article, editor: User, chief: User):
        here(article, by=editor, tab="a")
        assert take_over(article, by=chief, tab="b").holds
        told = here(article, by=editor, tab="a")
        assert (told.holds, told.taken_by) == (False, chief)
        assert here(article, by=chief, tab="b").holds
        assert Alert.objects.get().user == editor
        event = Event.objects.get(verb="taken-over")
        assert (event.by, event.before, event.after) == (chief, f"user {editor.pk}", f"user {chief.pk}")

    def test_does_not_happen_by_itself_to_a_window_that_lost_it(self, article: Article, editor: User, chief: User):
        here(article, by=editor, tab="a")
        take_over(article, by=chief, tab="b")
        leave(article, by=chief, tab="b")
        assert not here(article, by=editor, tab="a").holds
        assert take_over(article, by=editor, tab="a").taken_by is None

    def test_by_ones_own_other_window_is_no_news(self, article: Article, editor: User):
        here(article, by=editor, tab="a")
        take_over(article, by=editor, tab="b")
        assert here(article, by=editor, tab="a").taken_by == editor
        assert not Alert.objects.exists()
        assert not Event.objects.filter(verb="taken-over").exists()


@pytest.mark.parametrize("verb", [here, take_over])
def test_who_may_not_write_a_story_is_not_there(verb: object, article: Article, stranger: User, reporter: User):
    for nobody in (stranger, reporter):
        with pytest.raises(NotAllowed):
            verb(article, by=nobody, tab="a")  # type: ignore[operator]
    assert not Presence.objects.exists()


def test_of_many_windows_at_once_one_writes(committed_db: CommittedDatabase, article: Article, editor: User):
    answers = at_once(*(lambda tab=tab: here(article, by=editor, tab=tab) for tab in "abcdef"))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert article.present.filter(holds=True).count() == 1
    answers = at_once(*(lambda tab=tab: take_over(article, by=editor, tab=tab) for tab in "abcdef"))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert article.present.filter(holds=True).count() == 1
