"""The reader's report: a form without cookie, script or account, which loses no word; and the page that answers."""

import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, ErrorReport, Site, User
from articles.publishing import (
    Told,
    accept,
    acknowledge,
    answer_report,
    appeal,
    decide_appeal,
    decline,
    merge,
    publish_reply,
    report_error,
    set_spam,
    withdraw_by_reader,
)
from articles.publishing.report_error import A_DAY, passage_of
from articles.site import form_token
from newsroom.delivery.sender import sender
from tests import factories
from tests.conftest import Case
from tests.desk.forms import parse as parse_loosely
from tests.harness.once import on_postgresql
from tests.site.reading import Part, parse, read

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "passage": "比去年多兩成", "wrong": "不是兩成，\r\n是三成。", "right": "三成", "evidence": "https://example.org/",
    "contact": "drolkar@reader.example",
}  # fmt: skip


def form_path(article: Article) -> str:
    return f"/a/{article.code}/report/"


def token(article: Article, number: int = 1, *, age: float = 60) -> str:
    """As the form gave it out so many seconds ago."""
    return form_token.issue("report", article.code, number, at=timezone.now().timestamp() - age)


def post(client: Client, article: Article, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    fields = TYPED | {"edition": "1", "token": token(article), "subject": ""} | fields
    sent = {name: value for name, value in fields.items() if value is not None}
    return client.post(form_path(article), sent, headers=OURS if headers is None else headers)


def kept(response: Any) -> dict[str, str]:
    """What stands in the fields of the form that came back."""
    page = parse(response.content)
    fields = {one["name"]: one.element.text or "" for one in page.all("form textarea")}
    fields |= {one["name"]: one.get("value") or "" for one in page.all("form input")}
    return {name: value.replace("\r\n", "\n").removeprefix("\n") for name, value in fields.items()}


def refused(response: Any, status: int) -> Part:
    """The form came back with every word, and says why in words."""
    assert response.status_code == status
    assert not ErrorReport.objects.exists()
    typed = {name: value.replace("\r\n", "\n") for name, value in TYPED.items()}
    assert {name: value for name, value in kept(response).items() if name in TYPED} == typed
    page = parse(response.content)
    assert page.one(".trouble[role=alert]").words
    return page


@pytest.fixture
def sent(client: Client, published: Article) -> tuple[ErrorReport, str]:
    """A report, and its private address."""
    response = post(client, published)
    return ErrorReport.objects.get(), response["Location"]


@on_postgresql
class TestTheForm:
    def test_is_for_everybody_and_kept_by_nobody(self, client: Client, published: Article):
        response = client.get(form_path(published))
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert "ETag" not in response
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()
        assert response["Content-Security-Policy"].count("'self'") >= 4
        assert read(client, form_path(published)).one("meta[name=robots]")["content"] == "noindex"

    def test_offers_the_paragraphs_of_the_story(self, client: Client, published: Article):
        options = read(client, form_path(published)).all("select option")
        assert [option.words for option in options] == ["–", "1. 上朗縣的青稞開鐮了。", "2. 收成", "3. 比去年多兩成。"]

    def test_is_filled_in_from_a_selection(self, client: Client, published: Article, editor: User):
        factories.correct(published, by=editor)
        response = client.get(
            form_path(published), {"edition": "1", "passage": "多兩成", "prefix": "年", "suffix": "。"}
        )
        assert (kept(response)["passage"], kept(response)["edition"], kept(response)["suffix"]) == ("多兩成", "1", "。")
        assert len(parse(response.content).all("select option")) == 4  # of the edition that was read

    @pytest.mark.parametrize("edition", ["0", "2", "-1", "x", "９", "99999999999999999999", "1 ", "\x00", ""])
    def test_takes_the_standing_edition_where_the_number_says_nothing(
        self, edition: str, client: Client, published: Article
    ):
        assert kept(client.get(form_path(published), {"edition": edition}))["edition"] == "1"

    @pytest.mark.parametrize("passage", ["\x00", "\u202e反", "<script>alert(1)</script>", '"onfocus="x', "字" * 5000])
    def test_shows_hostile_text_as_text(self, passage: str, client: Client, published: Article):
        response = client.get(form_path(published), {"passage": passage, "prefix": passage, "suffix": passage})
        assert response.status_code == 200
        page = parse(response.content)  # which is strict
        assert not page.all("main script")
        assert len(kept(response)["passage"]) <= 1000

    def test_bytes_that_are_no_text_are_survived(self, client: Client, published: Article):
        assert client.get(f"{form_path(published)}?passage=%ff%fe%00&edition=%80").status_code == 200

    def test_stands_where_the_story_stands(self, client: Client, editor: User):
        article = factories.publish_article(editor, language="en", headline="Barley")
        response = client.get(f"{form_path(article)}?edition=1&passage=a%26b")
        assert (response.status_code, response["Location"]) == (
            302, f"/en{form_path(article)}?edition=1&passage=a%26b",
        )  # fmt: skip

    def test_of_a_retracted_story_works(self, client: Client, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor)
        assert client.get(form_path(published)).status_code == 200
        assert post(client, published, edition="2", token=token(published, 2)).status_code == 303
        assert not passage_of(ErrorReport.objects.get())[1]

    def test_of_one_that_was_taken_down_is_gone(self, client: Client, published: Article, chief: User, editor: User):
        factories.withdraw(published, by=chief, second=editor, act="takedown", ground="safety")
        assert client.get(form_path(published)).status_code == 410
        assert post(client, published).status_code == 410
        assert not ErrorReport.objects.exists()

    def test_of_an_unknown_story_is_not_there(self, client: Client, article: Article):
        for code in (article.code, "zzzzzzzzzz"):
            assert client.get(f"/a/{code}/report/").status_code == 404
            assert client.post(f"/a/{code}/report/", TYPED, headers=OURS).status_code == 404

    def test_shows_no_working_copy(self, client: Client, published: Article, editor: User):
        factories.change(published, by=editor, headline="機密", body="<p>機密</p>")
        assert "機密" not in client.get(form_path(published)).content.decode()

    def test_costs_few_queries(self, client: Client, published: Article):
        with CaptureQueriesContext(connection) as queries:
            client.get(form_path(published))
        assert len(queries) <= 6

    @pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
    def test_knows_no_other_method(self, method: str, client: Client, published: Article):
        assert getattr(client, method)(form_path(published)).status_code == 405


class TestSending:
    def test_gives_a_reference_and_a_private_address_at_once(self, client: Client, published: Article, site: Site):
        response = post(client, published)
        report = ErrorReport.objects.get()
        assert response.status_code == 303
        assert re.fullmatch(rf"/a/{published.code}/report/[2-9a-z]{{26}}/", response["Location"])
        assert not response.cookies
        page = read(client, response["Location"])
        assert page.one("h1 .code").words == report.reference
        assert response["Location"] in page.one(".keep a").words
        assert (report.wrong, report.edition.number) == ("不是兩成，\n是三成。", 1)
        assert passage_of(report)[1]

    def test_needs_no_cookie_even_where_cookies_are_refused(self, published: Article, site: Site):
        client = Client(enforce_csrf_checks=True)
        assert post(client, published).status_code == 303
        assert not client.cookies

    def test_names_a_whole_paragraph(self, client: Client, published: Article):
        post(client, published, passage=" ", paragraph="3")
        passage, found = passage_of(ErrorReport.objects.get())
        assert passage
        assert (passage.exact, found) == ("比去年多兩成。", True)

    @pytest.mark.parametrize("paragraph", ["0", "4", "-1", "x", "²", "99999999999", "\x00"])
    def test_passes_over_a_paragraph_that_is_none(self, paragraph: str, client: Client, published: Article):
        post(client, published, passage="", paragraph=paragraph)
        assert ErrorReport.objects.get().passage == ""

    def test_twice_leads_to_the_same_page(self, client: Client, published: Article):
        assert post(client, published)["Location"] == post(client, published)["Location"]

    def test_a_reply_of_the_person_concerned(self, client: Client, published: Article):
        post(client, published, wrong="", concerned="yes", reply="我沒有說過。", reply_name="卓嘎")
        assert ErrorReport.objects.get().track == "reply"

    def test_the_missing_is_named_at_its_field(self, client: Client, published: Article):
        response = post(client, published, wrong="", evidence="javascript:alert(1)")
        assert response.status_code == 422
        page = parse(response.content)
        assert [link.element.get("href") for link in page.all(".trouble a")] == ["#wrong", "#evidence"]
        assert page.one("textarea[id=wrong]")["aria-describedby"] == "wrong-error"
        assert page.one("input[id=evidence]")["aria-invalid"] == "true"
        assert kept(response)["evidence"] == "javascript:alert(1)"

    def test_what_is_too_long_is_kept_whole(self, client: Client, published: Article):
        response = post(client, published, wrong="字" * 2001)
        assert response.status_code == 422
        assert kept(response)["wrong"] == "字" * 2001


@on_postgresql
class TestWhereItComesFrom:
    """What browsers say of the page on which a form stood."""

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
    def test_a_form_elsewhere_is_refused_with_the_text(self, site: str, client: Client, published: Article):
        refused(post(client, published, {"Sec-Fetch-Site": site, "Origin": "http://127.0.0.1:8000"}), 403)

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "", "http://127.0.0.1:9", "https://127.0.0.1:8000"]
    )
    def test_so_is_one_of_another_origin(self, origin: str, client: Client, published: Article, settings: LazySettings):
        settings.SITE_ADDRESS = "http://127.0.0.1:8000"
        refused(post(client, published, {"Origin": origin}), 403)

    def test_so_is_one_of_which_nothing_is_said(self, client: Client, published: Article):
        refused(post(client, published, {}), 403)

    @pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
    def test_our_own_origin_is_enough_for_browsers_that_say_no_more(
        self, origin: str, client: Client, published: Article, settings: LazySettings
    ):
        settings.SITE_ADDRESS = "http://127.0.0.1:8000"
        assert post(client, published, {"Origin": origin}).status_code == 303

    def test_in_production_only_the_sites_own_address_is_ours(
        self, client: Client, published: Article, settings: LazySettings
    ):
        settings.SITE_ADDRESS, settings.LOOPBACK = "https://news.example", False
        refused(post(client, published, {"Origin": "http://localhost"}), 403)
        assert post(client, published, {"Origin": "https://news.example"}).status_code == 303

    def test_it_is_refused_before_a_token_is_looked_at_and_after_it_too(self, client: Client, published: Article):
        refused(post(client, published, {"Sec-Fetch-Site": "cross-site"}, token="x"), 403)


@on_postgresql
class TestTheToken:
    def test_of_two_seconds_is_a_machines_and_works_a_moment_later(self, client: Client, published: Article):
        young = token(published, age=1)
        response = post(client, published, token=young)
        refused(response, 422)
        assert kept(response)["token"] == young  # it grows older, and is good then
        assert post(client, published, token=token(published, age=form_token.HASTE + 1)).status_code == 303

    def test_of_yesterday_is_replaced(self, client: Client, published: Article):
        response = post(client, published, token=token(published, age=form_token.LIFE + 2))
        refused(response, 422)
        assert post(client, published, token=kept(response)["token"]).status_code == 303  # at once
        assert post(client, published, token=token(published, age=form_token.LIFE - 60)).status_code == 303

    @pytest.mark.parametrize("value", ["", "x", "1:2", ":", "\x00", "1764000000:AAAA", None, "9" * 5000])
    def test_that_we_did_not_write_is_replaced_by_one_of_ours(
        self, value: str | None, client: Client, published: Article
    ):
        response = post(client, published, token=value)
        refused(response, 422)
        assert form_token.check(kept(response)["token"], "report", published.code, 1, haste=0) == form_token.Token.GOOD

    def test_of_another_story_edition_or_form_is_none(self, client: Client, published: Article, editor: User):
        other = factories.publish_article(editor)
        factories.publish_again(published, by=editor, headline="又一版")
        for one in (token(other), token(published, 2), form_token.issue("status", published.code, 1, at=1)):
            refused(post(client, published, token=one), 422)

    def test_that_was_good_serves_again_after_a_refusal(self, client: Client, published: Article):
        response = post(client, published, wrong="")
        assert response.status_code == 422
        assert post(client, published, token=kept(response)["token"]).status_code == 303

    def test_from_the_future_is_no_free_pass(self, client: Client, published: Article):
        refused(post(client, published, token=token(published, age=-3600)), 422)


class TestMachines:
    def test_who_fill_in_every_field_are_told(self, client: Client, published: Article):
        page = refused(post(client, published, subject="buy"), 422)
        assert "sprung" in page.one(".trap")["class"]

    def test_are_counted_by_address(self, client: Client, published: Article):
        for number in range(A_DAY):
            assert post(client, published, wrong=f"第{number}處").status_code == 303
        response = post(client, published, wrong="再一處")
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 24 * 3600
        assert kept(response)["wrong"] == "再一處"
        assert ErrorReport.objects.count() == A_DAY

    def test_cannot_write_their_own_address(self, client: Client, published: Article):
        for number in range(A_DAY + 3):
            post(client, published, OURS | {"X-Forwarded-For": f"192.0.2.{number}"}, wrong=f"第{number}處")
        assert ErrorReport.objects.count() == A_DAY

    @pytest.mark.parametrize(
        ("remote", "forwarded", "behind", "counted"),
        [
            ("192.0.2.1", "", False, "192.0.2.1"),
            ("192.0.2.1", "198.51.100.9", False, "192.0.2.1"),
            ("", "10.9.8.7, 198.51.100.9", True, "198.51.100.9"),
            ("127.0.0.1", "198.51.100.9", True, "198.51.100.9"),
            ("127.0.0.1", "", True, "127.0.0.1"),
            ("", "2001:db8:1:2:3:4:5:6", True, "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "", False, "2001:db8:1:2::/64"),
            ("::ffff:192.0.2.1", "", False, "192.0.2.1"),
            ("fe80::1%eth0", "", False, "fe80::/64"),
            ("", "", False, "unknown"),
            ("", "evil, x", True, "unknown"),
        ],
    )
    def test_are_known_by_the_last_hop(
        self, remote: str, forwarded: str, behind: bool, counted: str, settings: LazySettings
    ):
        settings.BEHIND_PROXY = behind
        extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        assert sender(RequestFactory().post("/", REMOTE_ADDR=remote, **extra)) == counted


@on_postgresql
class TestHostileInput:
    BODIES: tuple[tuple[str, bytes], ...] = (
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"wrong=%00%ff%fe&token[]=1&token[a]=2&edition=1&edition=x"),
        ("application/x-www-form-urlencoded", b"&&&==;;%%%"),
        ("application/x-www-form-urlencoded; charset=gb2312", "wrong=更正".encode("gb2312")),
        ("application/x-www-form-urlencoded; charset=nonsense", b"wrong=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
        ("application/json", b'{"wrong": ["x"]}'),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"wrong\"\r\n\r\n\xff\x00"),
        ("multipart/form-data; charset=rot13; boundary=x",
         b"--x\r\nContent-Disposition: form-data; name=\"wrong\"\r\n\r\nabc\r\n--x--\r\n"),
        ("application/x-www-form-urlencoded; charset=unicode_escape", rb"wrong=\ud800&right=\x00"),
        ("text/plain", b"\x00" * 100),
        ("", b"wrong=1"),
    )  # fmt: skip

    @pytest.mark.parametrize(("kind", "body"), BODIES)
    def test_is_refused_and_never_breaks_anything(self, kind: str, body: bytes, client: Client, published: Article):
        client.raise_request_exception = False
        response = client.generic("POST", form_path(published), body, kind, headers=OURS)
        assert 400 <= response.status_code < 500
        assert not ErrorReport.objects.exists()

    def test_in_any_field_is_text(self, case: Case, client: Client, published: Article):
        client.raise_request_exception = False
        names = [*TYPED, "edition", "paragraph", "prefix", "suffix", "reply", "concerned", "reply_name"]
        values = ["\x00", "\ud800".encode("utf-8", "surrogatepass"), "\u202e" * 3, "'; DROP--"]
        for name, value in itertools.product(names, values):
            with case(name=name, value=value):
                assert post(client, published, **{name: value}).status_code in {303, 422}

    def test_that_is_huge_is_not_read(self, client: Client, published: Article):
        assert post(client, published, wrong="字" * 100_000).status_code == 413

    def test_is_never_markup(self, client: Client, published: Article):
        evil = '<img src=x onerror=alert(1)> https://evil.example "><script>'
        response = post(client, published, passage=evil, wrong=evil, right=evil, contact=evil, reply="")
        page = read(client, response["Location"])
        assert not page.all("main img")
        assert not [url for _, url in page.one("main").links if "evil" in url]
        assert page.one(".said").words.count("onerror") == 4


class TestWithTheDatabaseAway:
    def test_the_text_is_kept(self, client: Client, published: Article):
        def away(*_: Any) -> None:
            raise OperationalError("connection refused")

        fields = TYPED | {"edition": "1", "token": token(published), "concerned": "yes", "reply": "我的話"}
        with connection.execute_wrapper(away):
            response = client.post(form_path(published), fields, headers=OURS)
        page = refused(response, 503)
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
        assert kept(response)["reply"] == "我的話"
        assert page.one("input[id=concerned]")["checked"] == ""
        again = {name: value for name, value in kept(response).items() if name not in {"reply", "concerned"}}
        assert client.post(form_path(published), again, headers=OURS).status_code == 303


Steps = Callable[[ErrorReport, User, User], Any]
STATES: dict[str, Steps] = {
    "received": lambda report, editor, chief: None,
    "acknowledged": lambda report, editor, chief: acknowledge(report, by=editor),
    "accepted": lambda report, editor, chief: accept(report, by=editor),
    "corrected": lambda report, editor, chief: factories.correct(report.article, by=editor, reports=[report]),
    "declined": lambda report, editor, chief: decline(report, by=editor, reason="記錄上是兩成。\n見附件。"),
    "withdrawn": lambda report, editor, chief: withdraw_by_reader(report),
    "spam": lambda report, editor, chief: set_spam(report, by=editor),
}


class TestTheStatusPage:
    @pytest.mark.parametrize("state", STATES)
    def test_says_where_the_report_stands(
        self, state: str, client: Client, sent: tuple[ErrorReport, str], editor: User, chief: User
    ):
        report, path = sent
        STATES[state](report, editor, chief)
        page = read(client, path)
        outcome = page.one(".outcome")
        assert state in outcome["class"]
        assert outcome.one(".words").words
        assert bool(outcome.all("time")) == (state in {"received", "acknowledged"})
        assert ("記錄上是兩成。" in outcome.words) == (state == "declined")
        notice = [url for _, url in outcome.links]
        assert notice == ([f"/a/{report.article.code}/#notice-2-1"] if state == "corrected" else [])
        assert "不是兩成" in page.one(".said").words
        buttons = {button["value"] for button in page.all("main button")}
        assert buttons == {"received": {"take-back"}, "acknowledged": {"take-back"}, "accepted": {"take-back"},
                           "declined": {"appeal"}}.get(state, set())  # fmt: skip

    def test_links_to_a_notice_that_is_there(
        self, client: Client, sent: tuple[ErrorReport, str], editor: User, published: Article
    ):
        report, path = sent
        factories.correct(published, by=editor, reports=[report])
        address, _, anchor = read(client, path).one(".notice-link")["href"].partition("#")
        assert read(client, address).one(f"[id={anchor}]").words

    def test_of_a_typo_leads_to_what_was_changed(
        self, client: Client, sent: tuple[ErrorReport, str], editor: User, published: Article
    ):
        report, path = sent
        answer_report.put_right(
            report, edition=factories.publish_again(published, by=editor, headline="青稞開鐮了"), by=editor
        )
        page = read(client, path)
        address = page.one(".notice-link")["href"]
        assert address == f"/a/{published.code}/v/2/changes/"
        assert client.get(address).status_code == 200
        assert "corrected" in page.one(".outcome")["class"]
        assert not page.all("main button")

    @pytest.mark.parametrize("how", ["notice", "typo"])
    def test_of_one_merged_with_an_answered_report_leads_there_too(
        self, how: str, client: Client, sent: tuple[ErrorReport, str], editor: User, published: Article
    ):
        late, path = sent
        first = report_error(
            published, number=1, told=Told(wrong="兩成不對。"), sender="192.0.2.9", language="en"
        ).report
        if how == "notice":
            answer_report.answer(first, notice=factories.correct(published, by=editor).corrections.get(), by=editor)
        else:
            answer_report.put_right(
                first, edition=factories.publish_again(published, by=editor, headline="青稞開鐮了"), by=editor
            )
        merge(late, into=first, by=editor)
        expected = {"notice": f"/a/{published.code}/#notice-2-1", "typo": f"/a/{published.code}/v/2/changes/"}
        assert read(client, path).one(".notice-link")["href"] == expected[how]

    @pytest.mark.parametrize("how", ["notice", "typo"])
    def test_leads_nowhere_once_the_story_is_down(
        self, how: str, client: Client, sent: tuple[ErrorReport, str], editor: User, chief: User, published: Article
    ):
        report, path = sent
        if how == "notice":
            answer_report.answer(report, notice=factories.correct(published, by=editor).corrections.get(), by=editor)
        else:
            answer_report.put_right(
                report, edition=factories.publish_again(published, by=editor, headline="青稞開鐮了"), by=editor
            )
        factories.withdraw(published, by=chief, second=editor, act="takedown")
        assert not read(client, path).all(".notice-link")

    def test_is_kept_by_nobody_and_tells_its_address_to_no_other_site(
        self, client: Client, sent: tuple[ErrorReport, str]
    ):
        response = client.get(sent[1])
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"
        assert read(client, sent[1]).one("meta[name=robots]")["content"] == "noindex"
        assert not response.cookies
        assert not [url for _, url in read(client, sent[1]).links if url.startswith("http") and "127.0.0.1" not in url]

    def test_with_a_wrong_key_is_as_if_it_had_never_been(
        self, client: Client, sent: tuple[ErrorReport, str], editor: User
    ):
        report, path = sent
        other = factories.publish_article(editor)
        wrong = path[:-2] + ("2" if path[-2] != "2" else "3") + "/"
        answers = [
            client.get(wrong),
            client.get(path.replace(report.article.code, other.code)),
            client.get("/nowhere/"),
        ]
        answers += [client.post(wrong, {"act": "take-back"}, headers=OURS)]
        for answer in answers:
            assert answer.status_code == 404
            assert answer["Cache-Control"] == "no-store"
        assert len({parse(answer.content).one("main").words for answer in answers}) == 1
        assert {**answers[0].headers} == {**answers[2].headers} | {"Content-Length": answers[0]["Content-Length"]}

    def test_takes_a_report_back(self, client: Client, sent: tuple[ErrorReport, str]):
        report, path = sent
        sent_token = read(client, path).one("form.back input")["value"]
        response = client.post(path, {"token": sent_token, "act": "take-back"}, headers=OURS)
        assert (response.status_code, response["Location"]) == (303, path)
        report.refresh_from_db()
        assert report.state == "withdrawn"
        again = client.post(path, {"token": sent_token, "act": "take-back"}, headers=OURS)
        assert again.status_code == 422

    def test_takes_one_appeal_which_somebody_else_answers(
        self, client: Client, sent: tuple[ErrorReport, str], editor: User, chief: User
    ):
        report, path = sent
        decline(report, by=editor, reason="不對。")
        fields = {"token": read(client, path).one("form.appeal input")["value"], "act": "appeal"}
        empty = client.post(path, fields | {"appeal": " "}, headers=OURS)
        assert empty.status_code == 422
        assert client.post(path, fields | {"appeal": "請看第三頁。"}, headers=OURS).status_code == 303
        page = read(client, path)
        assert "open" in page.one(".outcome")["class"]
        assert page.one(".outcome").all("time")
        assert not page.all("form.appeal")
        decide_appeal(report, by=chief, upheld=False, reason="看過第三頁了。")
        assert "看過第三頁了。" in read(client, path).one(".outcome").words

    def test_no_longer_after_thirty_days(self, client: Client, sent: tuple[ErrorReport, str], editor: User):
        report, path = sent
        decline(report, by=editor, reason="不對。")
        ErrorReport.objects.update(decided_at=timezone.now() - timedelta(days=30, minutes=1))
        assert not read(client, path).all("form.appeal")

    @pytest.mark.parametrize(
        ("headers", "bad"),
        [({"Sec-Fetch-Site": "cross-site"}, False), ({}, False), ({"Origin": "null"}, False), (OURS, True)],
    )
    def test_is_moved_by_nobody_elses_form(
        self, headers: dict[str, str], bad: bool, client: Client, sent: tuple[ErrorReport, str], editor: User
    ):
        report, path = sent
        decline(report, by=editor, reason="不對。")
        good = read(client, path).one("form.appeal input")["value"]
        fields = {"token": "x" if bad else good, "act": "appeal", "appeal": "我的話"}
        response = client.post(path, fields, headers=headers)
        assert response.status_code == (422 if bad else 403)
        assert "我的話" in response.content.decode()  # and nothing typed is lost
        report.refresh_from_db()
        assert report.appeal == ""

    def test_of_one_reported_before_shares_the_other_ones_outcome(
        self, client: Client, sent: tuple[ErrorReport, str], published: Article, editor: User
    ):
        first, _ = sent
        path = post(client, published, wrong="也是這處。")["Location"]
        merge(ErrorReport.objects.get(wrong="也是這處。"), into=first, by=editor)
        assert "duplicate" in read(client, path).one(".outcome")["class"]
        factories.correct(published, by=editor, reports=[first])
        assert read(client, path).one(".notice-link")["href"] == f"/a/{published.code}/#notice-2-1"

    def test_of_a_reply_leads_to_it(self, client: Client, published: Article, chief: User):
        path = post(client, published, wrong="", concerned="yes", reply="我沒有說過。", reply_name="卓嘎")["Location"]
        publish_reply(ErrorReport.objects.get(), by=chief, text="當事人的答辯。")
        address, _, anchor = read(client, path).one(".notice-link")["href"].partition("#")
        assert "我沒有說過。" in read(client, address).one(f"[id={anchor}]").words

    def test_of_a_story_that_was_taken_down_repeats_nothing_of_it(
        self, client: Client, sent: tuple[ErrorReport, str], chief: User, editor: User
    ):
        report, path = sent
        factories.withdraw(report.article, by=chief, second=editor, act="takedown", keep_headline=False)
        words = read(client, path).one("main").words
        assert "青稞開鐮" not in words
        assert "比去年多兩成" not in words
        assert "不是兩成" in words

    def test_speaks_every_language(self, client: Client, sent: tuple[ErrorReport, str]):
        for prefix in ("/en", "/zh-hans", "/bo"):
            assert read(client, f"{prefix}{sent[1]}").one("h1 .code").words == sent[0].reference

    def test_appeals_under_every_state_cost_few_queries(
        self, client: Client, sent: tuple[ErrorReport, str], editor: User
    ):
        appeal(decline(sent[0], by=editor, reason="不對。"), text="請看。")
        with CaptureQueriesContext(connection) as queries:
            client.get(sent[1])
        assert len(queries) <= 6


def test_the_story_carries_its_edition_for_a_selection(client: Client, published: Article, site: Site):
    page = parse_loosely(client.get(f"/a/{published.code}/"))
    assert page.one("p.report a")["data-edition"] == "1"
    assert [one["src"] for one in page.all("script") if "reading" in (one.get("src") or "")]
