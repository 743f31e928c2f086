"""The list of stories: found by headline, code and person; one's own desks' alone; no slower with many rows."""

import base64
import itertools
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Desk, Membership, Person, User
from articles.publishing.after import after_save
from articles.search.indexing import rebuild
from tests import factories
from tests.conftest import Case
from tests.desk.forms import at_the_desk, open_form, parse
from tests.site.reading import Part

LIST = "/admin/articles/article/"


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


def listed(client: Client, **asked: str) -> list[str]:
    response = client.get(LIST, asked, follow=True)
    assert response.status_code == 200
    return [part.words for part in parse(response).all("td .headline") + parse(response).all("th .headline")]


def test_the_last_changed_story_stands_first(at_desk: Client, editor: User, desk: Desk):
    first, _ = (factories.make_article(editor, headline=name) for name in ("甲", "乙"))
    assert listed(at_desk) == ["乙", "甲"]
    factories.change(first, by=editor, headline="甲又改了")
    assert listed(at_desk) == ["甲又改了", "乙"]


def test_a_row_says_where_the_story_stands_and_who_changed_it(at_desk: Client, published: Article, editor: User):
    factories.change(published, by=editor, headline="青稞今天開鐮")
    row = parse(at_desk.get(LIST)).one("tbody tr")
    for part in (published.code, "unpublished changes", "農牧", "達珍", "yinxiaoyan"):
        assert part in row.words


def test_a_headline_is_found_as_readers_will_see_it_and_cannot_do_harm(at_desk: Client, editor: User, desk: Desk):
    factories.make_article(editor, headline="<b>青稞</b> & <script>x</script>")
    assert listed(at_desk) == ["<b>青稞</b> & <script>x</script>"]


class TestSearch:
    @pytest.fixture(autouse=True)
    def stories(self, editor: User, desk: Desk) -> None:
        dazhen = factories.make_person("達珍", name_zh_hans="达珍", name_en="Dazhen Tsering", name_bo="ཟླ་སྒྲོན།")
        factories.make_article(
            editor, headline="上朗縣青稞開鐮", body="<p>今年<em>豐</em>收。</p>", credits=[(dazhen.pk, "editor")]
        )
        factories.make_article(
            editor, headline="Barley Harvest Begins in Langtso", body="<p>Dry.</p>", language="en", credits=[]
        )
        factories.make_article(editor, headline="上朗小學開學", body="<p>書包。</p>", credits=[])

    FOUND = (
        ("青稞", ["上朗縣青稞開鐮"]),
        ("上朗", ["上朗小學開學", "上朗縣青稞開鐮"]),
        ("開", ["上朗小學開學", "上朗縣青稞開鐮"]),
        ("鐮", ["上朗縣青稞開鐮"]),
        ("上", ["上朗小學開學", "上朗縣青稞開鐮"]),
        ("縣青稞開", ["上朗縣青稞開鐮"]),
        ("稞青", []),
        ("開鐮 上朗", ["上朗縣青稞開鐮"]),
        ("書包", ["上朗小學開學"]),
        ("丰收", ["上朗縣青稞開鐮"]),
        ("開鐮 書包", ["上朗小學開學", "上朗縣青稞開鐮"]),  # no story holds both
        ("開鐮 沒有的", ["上朗縣青稞開鐮"]),
        ("barley", ["Barley Harvest Begins in Langtso"]),
        ("BARLEY", ["Barley Harvest Begins in Langtso"]),
        ("arve", []),
        ("harvests", ["Barley Harvest Begins in Langtso"]),
        ("langtso barley", ["Barley Harvest Begins in Langtso"]),
        ("ＢＡＲＬＥＹ", ["Barley Harvest Begins in Langtso"]),
        ("達珍", ["上朗縣青稞開鐮"]),
        ("达珍", ["上朗縣青稞開鐮"]),
        ("dazhen", ["上朗縣青稞開鐮"]),
        ("TSERING", ["上朗縣青稞開鐮"]),
        ("ཟླ་སྒྲོན", ["上朗縣青稞開鐮"]),
        ("達珍 開鐮", ["上朗縣青稞開鐮"]),
        ("沒有的", []),
    )

    def test_finds_by_words_of_the_story_or_a_name(self, case: Case, at_desk: Client):
        for term, found in self.FOUND:
            with case(term=term):
                assert listed(at_desk, q=term) == found

    def test_finds_by_code(self, at_desk: Client):
        article = Article.objects.get(headline="上朗縣青稞開鐮")
        for term in (article.code, article.code.upper(), f" {article.code} "):
            assert listed(at_desk, q=term) == ["上朗縣青稞開鐮"]
        assert listed(at_desk, q=article.code[:-1]) == []

    def test_finds_what_was_saved_last_and_not_what_stood_before(self, at_desk: Client, editor: User):
        factories.change(Article.objects.get(headline="上朗縣青稞開鐮"), by=editor, headline="小麥播種")
        assert listed(at_desk, q="青稞") == []
        assert listed(at_desk, q="小麥") == ["小麥播種"]

    def test_finds_a_person_who_was_renamed(self, administrator: User, at_desk: Client):
        person = Person.objects.get(name="達珍")
        form = open_form(at_the_desk(administrator), f"/admin/articles/person/{person.pk}/change/")
        assert form.send(name="央金").status_code == 302
        assert listed(at_desk, q="央金") == ["上朗縣青稞開鐮"]

    @pytest.mark.parametrize("term", ["\x00", "青\x00稞", "長" * 4000, "長 " * 2000, "%", "'", '"', "\\", "😀", " "])
    def test_of_anything_is_answered(self, term: str, at_desk: Client):
        listed(at_desk, q=term)

    def test_of_broken_bytes_is_answered(self, at_desk: Client):
        assert at_desk.get(f"{LIST}?q=%ED%A0%80%FF").status_code == 200


class TestFilters:
    def test_by_stage(self, at_desk: Client, published: Article, editor: User):
        factories.make_article(editor, headline="草稿")
        assert listed(at_desk, stage__exact="draft") == ["草稿"]
        assert listed(at_desk, stage__exact="published") == ["青稞開鐮"]
        assert listed(at_desk, stage__exact="changed") == []

    def test_by_channel_and_language(self, at_desk: Client, article: Article, editor: User):
        weather = factories.make_channel("天氣")
        factories.make_article(editor, headline="Snow", language="en", channel=weather)
        assert listed(at_desk, channel__id__exact=str(weather.pk)) == ["Snow"]
        assert listed(at_desk, language__exact="zh-Hant") == ["青稞開鐮"]
        assert listed(at_desk, language__exact="zh-Hant", channel__id__exact=str(weather.pk)) == []

    def test_by_desk(self, at_desk: Client, article: Article, desk: Desk):
        assert listed(at_desk, desk__id__exact=str(desk.pk)) == ["青稞開鐮"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"stage__exact": "zzz"},
            {"channel__id__exact": "x"},
            {"channel__id__exact": "99999999999999999999"},
            {"desk__id__exact": "\x00"},
            {"p": "999"},
            {"p": "x"},
            {"p": "-1"},
            {"p": "99999999999999999999"},
            {"o": "99.-99.x"},
            {"all": ""},
            {"e": "1"},
            {"nonsense": "1"},
        ],
    )
    def test_that_make_no_sense_are_answered(self, asked: dict[str, str], at_desk: Client, article: Article):
        assert at_desk.get(LIST, asked, follow=True).status_code == 200

    @pytest.mark.parametrize("forged", ["desk__memberships__user__password__startswith", "created_by__password__gt"])
    def test_do_not_reach_other_tables(self, forged: str, at_desk: Client, article: Article):
        for value in ("p", "z"):  # the answer tells nothing of the column: the list without any filter
            assert at_desk.get(LIST, {forged: value})["Location"] == f"{LIST}?e=1"

    def test_are_never_too_much_for_the_database(self, case: Case, at_desk: Client, article: Article):
        names = ["stage", "stage__exact", "language__exact", "body__contains", "headline__regex", "created_at__year"]
        for name, value in itertools.product(names, ("\x00", "(", "0", str(10**30))):
            with case(name=name, value=value):
                assert at_desk.get(LIST, {name: value}, follow=True).status_code == 200


class TestDesks:
    def test_only_stories_of_ones_own_desks_are_listed(
        self, at_desk: Client, article: Article, stranger: User, administrator: User
    ):
        theirs = stranger.memberships.get().desk
        factories.make_article(stranger, desk=theirs, headline="鄰縣的青稞")
        assert listed(at_desk) == ["青稞開鐮"]
        assert listed(at_desk, q="青稞") == ["青稞開鐮"]
        assert listed(at_desk, desk__id__exact=str(theirs.pk)) == []
        assert listed(at_the_desk(stranger)) == ["鄰縣的青稞"]
        assert listed(at_the_desk(administrator)) == ["鄰縣的青稞", "青稞開鐮"]

    def test_who_has_no_role_sees_no_list(self, article: Article):
        assert at_the_desk(factories.make_user()).get(LIST).status_code == 403

    def test_an_empty_list_says_what_to_do(self, at_desk: Client):
        page = parse(at_desk.get(LIST))
        assert "There is no story yet." in page.one(".empty").words
        assert page.one(".empty").links == [("New story", f"{LIST}add/")]

    def test_a_search_without_result_says_so(self, at_desk: Client, article: Article):
        assert "Nothing found." in parse(at_desk.get(LIST, {"q": "沒有"})).one(".empty").words


def test_more_rows_cost_no_more_queries(at_desk: Client, editor: User, desk: Desk):
    def cost(**asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            at_desk.get(LIST, asked)
        return len(queries)

    def write(count: int) -> None:
        for _ in range(count):
            people = [(factories.make_person("達珍").pk, "editor"), (factories.make_person().pk, "author")]
            factories.make_article(editor, channel=factories.make_channel(), credits=people)

    write(5)
    at_desk.get(LIST)  # what is read once for a session
    few = cost(), cost(q="青稞"), cost(q="達珍")
    write(35)
    assert (cost(), cost(q="青稞"), cost(q="達珍")) == few
    assert max(few) <= 15


class TestReadingOn:
    """Fifty stories a page; `Older` and `Newer` lead on."""

    @pytest.fixture
    def names(self, editor: User, desk: Desk) -> list[str]:
        first = factories.make_article(editor, headline="0")
        first.changed_at -= timedelta(seconds=100)
        first.save(update_fields=["changed_at"])
        Article.objects.bulk_create(
            Article(
                desk=desk, headline=str(number), created_by=editor, changed_by=editor, created_at=first.created_at,
                changed_at=first.changed_at + timedelta(seconds=number // 2),  # two at a time
            )
            for number in range(1, 120)
        )  # fmt: skip
        return [str(number) for number in range(119, -1, -1)]

    def go(self, client: Client, page: Part, word: str) -> Part:
        (address,) = [address for words, address in page.one("nav.paginator").links if words == word]
        return parse(client.get(LIST + address))

    def shown(self, page: Part) -> list[str]:
        return [part.words for part in page.all("th .headline")]

    def test_shows_every_story_once_in_both_directions(self, at_desk: Client, names: list[str]):
        first = parse(at_desk.get(LIST))
        second = self.go(at_desk, first, "Older")
        third = self.go(at_desk, second, "Older")
        pages = [self.shown(page) for page in (first, second, third)]
        assert [name for page in pages for name in page] == names
        assert [len(page) for page in pages] == [50, 50, 20]
        assert "Older" not in third.one("nav.paginator").words
        assert self.shown(self.go(at_desk, third, "Newer")) == pages[1]
        assert self.shown(self.go(at_desk, second, "Newer")) == pages[0]
        assert self.shown(self.go(at_desk, third, "Newest")) == pages[0]

    def test_skips_and_repeats_nothing_when_a_story_changes_meanwhile(
        self, at_desk: Client, names: list[str], editor: User
    ):
        first = parse(at_desk.get(LIST))
        factories.make_article(editor, headline="new")
        factories.change(Article.objects.get(headline="60"), by=editor, body="<p>x</p>")
        second = self.go(at_desk, first, "Older")
        assert self.shown(second) == [name for name in names if name != "60"][50:100]
        assert self.shown(self.go(at_desk, second, "Newer")) == names[:50]

    def test_keeps_the_filters_and_the_search(self, at_desk: Client, names: list[str]):
        first = parse(at_desk.get(LIST, {"language__exact": "zh-Hant"}))
        assert self.shown(self.go(at_desk, first, "Older")) == names[50:100]
        rebuilt = list(rebuild(Article.objects.all()))
        assert sum(count for _, count in rebuilt) == 120
        Article.objects.update(kicker="青稞")
        list(rebuild(Article.objects.all()))
        pages = [parse(at_desk.get(LIST, {"q": "青稞"}))]
        while "Older" in pages[-1].one("nav.paginator").words:
            pages.append(self.go(at_desk, pages[-1], "Older"))
        assert [name for page in pages for name in self.shown(page)] == names
        assert self.shown(self.go(at_desk, pages[2], "Newer")) == names[50:100]

    CURSORS = (
        "x", "W10", "bnVsbA", "WzEsMl0", "\x00", "é", "=" * 9, "W" * 5000, "WyIyMDI2LTAxLTAxIiwxXQ",
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsOTk5OTk5OTk5OTk5OTk5OTk5OTldXQ", "WyJhIiwidHJ1ZSJd", "W3RydWUsdHJ1ZV0",
    )  # fmt: skip

    def test_from_where_no_story_can_stand_begins_anew(self, case: Case, at_desk: Client, article: Article):
        for name, cursor in itertools.product(("before", "after"), self.CURSORS):
            with case(name=name, cursor=cursor):
                assert listed(at_desk, **{name: cursor}) == ["青稞開鐮"]

    @pytest.mark.parametrize(
        "at",
        ["0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59Z"],
    )
    @pytest.mark.parametrize("name", ["before", "after"])
    def test_from_the_ends_of_the_calendar_begins_anew(self, name: str, at: str, at_desk: Client, article: Article):
        cursor = base64.urlsafe_b64encode(json.dumps([at, 1, 1]).encode()).decode().rstrip("=")
        for asked in ({}, {"due": "any"}):
            assert at_desk.get(LIST, {name: cursor} | asked).status_code == 200

    def test_never_counts(self, at_desk: Client, names: list[str]):
        with CaptureQueriesContext(connection) as asked:
            listed(at_desk)
        assert not [query["sql"] for query in asked if "COUNT(" in query["sql"].upper()]
        assert not [query["sql"] for query in asked if "OFFSET" in query["sql"].upper()]


class TestAReporter:
    def test_sees_and_finds_what_they_began_or_have_in_hand(
        self, article: Article, reporter: User, editor: User, desk: Desk
    ):
        given = factories.make_article(editor, headline="給尼瑪")
        given.assignee = reporter
        given.save(update_fields=["assignee"])
        after_save(given)
        factories.make_article(reporter, headline="尼瑪寫的")
        at_desk = at_the_desk(reporter)
        assert listed(at_desk) == ["尼瑪寫的", "給尼瑪"]
        assert listed(at_desk, q="青稞") == ["尼瑪寫的", "給尼瑪"]  # which stands in the body of all three
        assert listed(at_desk, who="me") == ["給尼瑪"]
        assert listed(at_desk, who="begun") == ["尼瑪寫的"]
        assert listed(at_desk, who="nobody") == ["尼瑪寫的"]

    def test_of_more_desks_than_one_query_can_join_sees_the_same(self, article: Article, reporter: User, chief: User):
        factories.make_article(reporter, headline="尼瑪寫的")
        desks = Desk.objects.bulk_create(
            Desk(name=str(number), slug=f"d{number}", time_zone="UTC") for number in range(300)
        )
        Membership.objects.bulk_create(Membership(user=reporter, desk=desk, role="reporter") for desk in desks)
        Article.objects.filter(pk=article.pk).update(assignee=reporter, desk=desks[-1])
        factories.make_article(chief, desk=article.desk, headline="別人的")
        at_desk = at_the_desk(reporter)
        assert listed(at_desk) == ["尼瑪寫的", "青稞開鐮"]
        assert listed(at_desk, desk__id__exact=str(desks[-1].pk)) == ["青稞開鐮"]

    def test_finds_nothing_by_an_entry_that_is_out_of_date(self, article: Article, reporter: User, editor: User):
        article.assignee = reporter
        article.save(update_fields=["assignee"])
        after_save(article)
        Article.objects.filter(pk=article.pk).update(assignee=None)
        assert listed(at_the_desk(reporter), q="青稞") == []


class TestTerms:
    def test_are_filtered_and_stand_in_their_order(self, at_desk: Client, editor: User, desk: Desk):
        now = timezone.now()
        for name, hours in (("明天", 20), ("遲了", -5), ("下週", 24 * 6), ("下月", 24 * 30), ("沒有", None)):
            story = factories.make_article(editor, headline=name)
            due = now + timedelta(hours=hours) if hours is not None else None
            Article.objects.filter(pk=story.pk).update(due_at=due)
        assert listed(at_desk, due="over") == ["遲了"]
        assert listed(at_desk, due="day") == ["遲了", "明天"]
        assert listed(at_desk, due="week") == ["遲了", "明天", "下週"]
        assert listed(at_desk, due="any") == ["遲了", "明天", "下週", "下月"]
        assert len(listed(at_desk, due="nonsense")) == 5
        assert "overdue since" in parse(at_desk.get(LIST, {"due": "over"})).one("tbody tr").words

    def test_of_what_is_published_are_over(self, at_desk: Client, published: Article):
        Article.objects.update(due_at=timezone.now() - timedelta(hours=1))
        assert listed(at_desk, due="over") == []
