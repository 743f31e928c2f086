"""The list of stories: found by headline, code and person; one's own desks' alone; no slower with many rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Desk, User
from tests import factories
from tests.desk.forms import at_the_desk, parse

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
        factories.make_article(editor, headline="上朗縣青稞開鐮", credits=[(dazhen.pk, "editor")])
        factories.make_article(editor, headline="Barley Harvest Begins in Langtso", language="en", credits=[])
        factories.make_article(editor, headline="上朗小學開學", credits=[])

    @pytest.mark.parametrize(
        ("term", "found"),
        [
            ("青稞", ["上朗縣青稞開鐮"]),
            ("上朗", ["上朗小學開學", "上朗縣青稞開鐮"]),
            ("開", ["上朗小學開學", "上朗縣青稞開鐮"]),
            ("鐮", ["上朗縣青稞開鐮"]),
            ("上", ["上朗小學開學", "上朗縣青稞開鐮"]),
            ("縣青稞開", ["上朗縣青稞開鐮"]),
            ("稞青", []),
            ("開鐮 上朗", ["上朗縣青稞開鐮"]),
            ("開鐮 開學", []),
            ("barley", ["Barley Harvest Begins in Langtso"]),
            ("BARLEY", ["Barley Harvest Begins in Langtso"]),
            ("arve", ["Barley Harvest Begins in Langtso"]),
            ("langtso barley", ["Barley Harvest Begins in Langtso"]),
            ("ＢＡＲＬＥＹ", ["Barley Harvest Begins in Langtso"]),
            ("達珍", ["上朗縣青稞開鐮"]),
            ("达珍", ["上朗縣青稞開鐮"]),
            ("dazhen", ["上朗縣青稞開鐮"]),
            ("TSERING", ["上朗縣青稞開鐮"]),
            ("ཟླ་སྒྲོན", ["上朗縣青稞開鐮"]),
            ("達珍 小學", []),
            ("沒有的", []),
        ],
    )
    def test_finds_by_a_part_of_the_headline_or_a_name(self, term: str, found: list[str], at_desk: Client):
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

    @pytest.mark.parametrize("term", ["\x00", "青\x00稞", "長" * 4000, "長 " * 2000, "%", "'", '"', "\\", "😀", " "])
    def test_of_anything_is_answered(self, term: str, at_desk: Client):
        listed(at_desk, q=term)

    def test_of_broken_bytes_is_answered(self, at_desk: Client):
        assert at_desk.get(f"{LIST}?q=%ED%A0%80%FF").status_code == 200

    def test_does_not_read_all_stories(self, at_desk: Client):
        with CaptureQueriesContext(connection) as asked:
            listed(at_desk, q="青稞")
        assert not [query for query in asked if "LIKE" in query["sql"].upper() and '"headline"' in query["sql"].split(
            "WHERE")[-1]]  # fmt: skip


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

    @pytest.mark.parametrize(
        "forged", ["stage", "stage__exact", "language__exact", "body__contains", "headline__regex", "created_at__year"]
    )
    @pytest.mark.parametrize("value", ["\x00", "(", "0", str(10**30)])
    def test_are_never_too_much_for_the_database(self, forged: str, value: str, at_desk: Client, article: Article):
        assert at_desk.get(LIST, {forged: value}, follow=True).status_code == 200


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
    few = cost(), cost(q="青稞"), cost(q="達珍")
    write(35)
    assert (cost(), cost(q="青稞"), cost(q="達珍")) == few
    assert max(few) <= 14
