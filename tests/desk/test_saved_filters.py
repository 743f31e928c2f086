"""Questions to the list that a person keeps: under a name, for themselves alone, and never in the way."""

import pytest
from django.test import Client

from articles.models import Article, SavedFilter, User
from tests.desk.forms import Form, at_the_desk, open_form, parse
from tests.desk.test_story_list import LIST, listed

FILTERS = f"{LIST}filters/"


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


def keep(client: Client, query: str, name: str = "草稿") -> list[str]:
    """Keep a question; what the person is told."""
    response = client.post(f"{FILTERS}save/", {"query": query, "name": name}, follow=True)
    assert response.status_code == 200
    return [part.words for part in parse(response).all("ul.messagelist li")]


def kept(client: Client) -> list[tuple[str, str]]:
    found = parse(client.get(LIST)).all(".saved-filters ul")
    return found[0].links if found else []


def test_a_question_is_kept_under_a_name_and_asked_again(at_desk: Client, article: Article, published: Article):
    page = parse(at_desk.get(LIST, {"stage__exact": "draft", "q": "青稞"}))
    form = page.one(".saved-filters form")
    (query,) = [field["value"] for field in form.all("input") if field.get("name") == "query"]
    assert keep(at_desk, query) == ["Kept as “草稿”."]
    ((name, address),) = kept(at_desk)
    assert (name, address) == ("草稿", "?q=%E9%9D%92%E7%A8%9E&stage__exact=draft")
    assert len(listed(at_desk)) == 2
    assert parse(at_desk.get(LIST + address)).one("tbody tr").words.count(article.code) == 1


def test_a_list_without_a_question_offers_nothing_to_keep(at_desk: Client, article: Article):
    assert not parse(at_desk.get(LIST)).all(".saved-filters form")
    assert "Filter or search first" in keep(at_desk, "")[0]
    assert "Filter or search first" in keep(at_desk, "?before=abc&after=x&p=3&o=1&_popup=1&e=1")[0]
    assert not SavedFilter.objects.exists()


def test_the_place_where_one_stood_is_no_part_of_a_question(at_desk: Client, article: Article):
    keep(at_desk, "?stage__exact=draft&before=WzFd")
    assert SavedFilter.objects.get().query == "stage__exact=draft"


def test_a_name_stands_for_one_question(at_desk: Client, editor: User):
    keep(at_desk, "stage__exact=draft")
    response = at_desk.post(f"{FILTERS}save/", {"query": "stage__exact=changed", "name": " 草稿 "})
    page = parse(response)
    assert "You have a question of this name already." in page.one("main").words
    assert Form(at_desk, f"{FILTERS}save/", response).values["query"] == "stage__exact=changed"  # it is not lost
    assert SavedFilter.objects.get().query == "stage__exact=draft"


@pytest.mark.parametrize("name", ["", " ", "\x00", "x" * 61])
def test_a_name_that_cannot_be_is_refused(name: str, at_desk: Client):
    response = at_desk.post(f"{FILTERS}save/", {"query": "stage__exact=draft", "name": name})
    assert response.status_code in {200, 302}
    assert not SavedFilter.objects.exists()


def test_a_person_keeps_so_many(at_desk: Client, editor: User):
    SavedFilter.objects.bulk_create(
        SavedFilter(user=editor, name=f"n{number}", query="stage__exact=draft") for number in range(30)
    )
    assert "there is room for no more" in keep(at_desk, "stage__exact=draft")[0]
    assert "too long" in keep(at_desk, "q=" + "長" * 400)[0]


def test_it_is_renamed_and_deleted(at_desk: Client):
    keep(at_desk, "stage__exact=draft")
    form = open_form(at_desk, FILTERS)
    prefix = f"f{SavedFilter.objects.get().pk}-name"
    assert form.send("rename", **{prefix: "我的草稿"}).status_code == 302
    assert [name for name, _ in kept(at_desk)] == ["我的草稿"]
    form.send("rename", **{prefix: ""})
    assert SavedFilter.objects.get().name == "我的草稿"
    form.send("delete")
    assert kept(at_desk) == []


def test_nobody_sees_or_touches_another_persons(at_desk: Client, chief: User):
    keep(at_desk, "stage__exact=draft")
    theirs = at_the_desk(chief)
    assert kept(theirs) == []
    mine = SavedFilter.objects.get()
    for change in ({"delete": "1"}, {f"f{mine.pk}-name": "x"}):
        theirs.post(FILTERS, {"filter": str(mine.pk)} | change)
    for forged in ("", "x", "9" * 30, "\x00"):
        assert theirs.post(FILTERS, {"filter": forged, "delete": "1"}).status_code == 302
    assert SavedFilter.objects.get().name == "草稿"


@pytest.mark.parametrize("query", ["%00=%00", "stage__exact=zzz", "body__contains=x", "&&&===", "q=%ED%A0%80", "é?#"])
def test_a_broken_one_breaks_no_list(query: str, at_desk: Client, article: Article, editor: User):
    SavedFilter.objects.create(user=editor, name="broken", query=query)
    ((_, address),) = kept(at_desk)
    assert at_desk.get(LIST + address, follow=True).status_code == 200
