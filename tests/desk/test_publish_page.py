"""Publishing from the desk: what is shown before is what readers see after, and it happens once."""

import itertools
import re
from typing import Any, ClassVar

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import (
    Article,
    Correction,
    Decision,
    Desk,
    Edition,
    ErrorReport,
    Publication,
    Site,
    User,
    public_store,
)
from articles.publishing import Told, accept, agree, decline, report_error
from articles.site.addresses import story_path
from tests import factories
from tests.conftest import Case
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql
from tests.harness.threads import at_once


def publish_path(article: Article) -> str:
    return reverse("admin:articles_article_publish", args=[article.pk])


def preview_path(article: Article) -> str:
    return reverse("preview", args=[article.pk])


def publish_form(client: Client, article: Article) -> Form:
    return open_form(client, publish_path(article))


@pytest.fixture
def at_desk(editor: User) -> Client:
    return at_the_desk(editor)


@pytest.fixture
def changed(published: Article, editor: User) -> Article:
    """A public story with changes that are not public."""
    return factories.change(published, by=editor, headline="青稞今天開鐮")


def whole_article(editor: User, **values: Any) -> Article:
    """A story that has everything a story can have."""
    inside, lead = (factories.make_picture(editor) for _ in range(2))
    people = [factories.make_person(name) for name in ("尼瑪", "達珍", "殷小燕")]
    return factories.make_article(
        editor,
        **{
            "kicker": "上朗縣",
            "standfirst": "比去年早五天。",
            "body": "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2>"
            f'<figure data-picture="{inside.pk}"><figcaption>田邊。</figcaption></figure><p>多兩成。</p>',
            "channel": factories.make_channel("青稞", parent=factories.make_channel("農牧")),
            "source": factories.make_source("朗措日報", url="https://daily.example/"),
            "topic": factories.make_topic("秋收", banner="秋收專題"),
            "tags": ["青稞", "秋收"],
            "lead_picture": lead,
            "lead_caption": "開鐮的早晨。",
            "credits": [(people[0].pk, "author"), (people[1].pk, "editor"), (people[2].pk, "editor")],
        }
        | values,
    )


def hand_to(reporter: User, article: Article) -> None:
    """A reporter sees what they began and what is assigned to them."""
    Article.objects.filter(pk=article.pk).update(assignee=reporter)


@on_postgresql
class TestPreview:
    def as_read(self, response: HttpResponse) -> str:
        """The body of a page, without what may differ: where its pictures lie, the moment of publication, and the means
        to pass on what is public."""
        assert response.status_code == 200
        html = response.content.decode()
        html = html[html.index("<body") :]
        html = html.replace("/admin/articles/picture/file/", "/media/pictures/")
        html = re.sub(r'<button type="button" class="copy by-script">.*?</details>\n', "", html, flags=re.DOTALL)
        return re.sub("<time .*?</time>", "<time>", html)

    def without_bar(self, html: str) -> str:
        shown, bars = re.subn(r'<p class="preview-bar".*?</p>\n?', "", html)
        assert bars == 1
        return shown

    @pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en", "bo"])
    def test_shows_exactly_what_readers_then_see(
        self, language: str, at_desk: Client, editor: User, desk: Desk, site: Site
    ):
        article = whole_article(editor, language=language)
        scripts = {"zh-Hant": ["zh-Hant", "zh-Hans"], "zh-Hans": ["zh-Hans", "zh-Hant"]}.get(language, [language])
        before = {
            script: self.without_bar(self.as_read(at_desk.get(f"{preview_path(article)}?script={script}")))
            for script in scripts
        }
        assert publish_form(at_desk, article).send().status_code == 302
        for script in scripts:
            after = self.as_read(Client().get(story_path(article.code, script)))
            assert lines(before[script]) == lines(after)

    def test_shows_the_next_edition_of_a_public_story(
        self, at_desk: Client, changed: Article, editor: User, site: Site
    ):
        factories.publish_again(changed, by=editor, kind="update", note="補入收成。", body="<p>多兩成。</p>")
        article = factories.change(changed, by=editor, headline="青稞開鐮了！")
        before = self.without_bar(self.as_read(at_desk.get(preview_path(article))))
        assert "青稞開鐮了！" in before
        assert "補入收成。" in before
        publish_form(at_desk, article).send(kind="typo")
        after = self.as_read(Client().get(reverse("permalink", args=[article.code])))
        assert lines(before) == lines(after)

    def test_shows_what_is_typed_and_not_saved(self, at_desk: Client, editor: User, desk: Desk, site: Site):
        """The page of the story form's fields is the page that saving and publishing them would make."""
        article = whole_article(editor)
        other = factories.make_picture(editor)
        form = open_form(at_desk, f"/admin/articles/article/{article.pk}/change/", "article_form")
        typed = {
            "headline": "打了一半",
            "kicker": "",
            "body": f'<p>新的。</p><figure data-picture="{other.pk}"></figure>',
            "tags": "青稞, 秋收",
            "topic": "",
            "lead_caption": "換了說明。",
            "credits-1-DELETE": "on",
        }
        before = self.without_bar(self.as_read(at_desk.post(preview_path(article), form.values | typed)))
        assert "打了一半" in before
        article.refresh_from_db()
        assert article.version == 1
        assert form.send("_continue", **typed).status_code == 302
        assert lines(before) == lines(self.without_bar(self.as_read(at_desk.get(preview_path(article)))))

    def test_shows_something_whatever_is_typed(self, case: Case, at_desk: Client, article: Article, site: Site):
        form = open_form(at_desk, f"/admin/articles/article/{article.pk}/change/", "article_form")
        names = ["headline", "body", "tags", "channel", "lead_picture", "language", "credits-0-person"]
        for name, value in itertools.product(names, ("\x00", "9" * 40, "-1", "<script>alert(1)</script>", "")):
            with case(name=name, value=value):
                page = at_desk.post(preview_path(article), form.values | {name: value})
                assert page.status_code == 200
                assert b"<script>alert" not in page.content

    def test_says_when_it_would_be_published_in_the_zone_of_the_desk(self, editor: User, site: Site):
        desk = factories.make_desk(time_zone="Asia/Kathmandu")
        factories.Membership.objects.create(user=editor, desk=desk, role="editor")
        article = factories.make_article(editor, desk=desk)
        page = parse(at_the_desk(editor).get(preview_path(article)))
        assert page.one("article .fact-time time")["datetime"].endswith("+05:45")

    @pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en", "bo"])
    def test_shows_a_story_that_is_only_begun(self, language: str, at_desk: Client, editor: User, desk: Desk):
        article = factories.begin_draft(by=editor, draft=factories.Draft(desk=desk, headline="青稞", language=language))
        page = parse(at_desk.get(preview_path(article)))
        assert page.one("article h1").words == "青稞"
        assert page.all("p.preview-bar")

    def test_puts_nothing_out(self, at_desk: Client, editor: User, desk: Desk):
        article = whole_article(editor)
        page = parse(at_desk.get(preview_path(article)))
        for image in page.all("article img"):
            assert at_desk.get(image["src"]).getvalue()
        assert not any(public_store().exists(name) for name in article.lead_picture.files)
        assert not Publication.objects.exists()

    def test_is_for_the_desk_alone(self, article: Article, stranger: User):
        assert at_the_desk(stranger).get(preview_path(article)).status_code == 404
        assert at_the_desk(factories.make_user()).get(preview_path(article)).status_code == 404
        anonymous = Client().get(preview_path(article))
        assert anonymous.status_code == 302
        assert anonymous["Location"].startswith(reverse("admin:login"))

    def test_is_shown_to_the_reporter_who_has_it(self, article: Article, reporter: User):
        hand_to(reporter, article)
        assert at_the_desk(reporter).get(preview_path(article)).status_code == 200

    def test_is_kept_by_nobody_and_found_by_nobody(self, at_desk: Client, article: Article):
        response = at_desk.get(preview_path(article))
        assert "no-store" in response["Cache-Control"].split(", ")
        assert b'<meta name="robots" content="noindex">' in response.content
        assert b"application/ld+json" not in response.content

    def test_may_stand_in_a_frame_of_the_desk_and_runs_nothing_foreign(self, at_desk: Client, article: Article):
        response = at_desk.get(preview_path(article))
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert "unsafe" not in response["Content-Security-Policy"]


def lines(html: str) -> list[str]:
    return [line.strip() for line in html.splitlines() if line.strip()]


class TestPublishing:
    def test_is_one_button(self, at_desk: Client, article: Article, editor: User):
        response = publish_form(at_desk, article).send()
        assert response["Location"] == reverse("admin:articles_article_change", args=[article.pk])
        edition = Edition.objects.get(article=article)
        assert (edition.number, edition.kind, edition.by) == (1, "initial", editor)
        page = parse(at_desk.get(response["Location"]))
        assert reverse("permalink", args=[article.code]) in dict(map(reversed, page.one(".messagelist").links))

    def test_asks_for_no_kind_and_no_note_the_first_time(self, at_desk: Client, article: Article):
        form = publish_form(at_desk, article)
        assert "note" not in form
        assert form.part.none("input[name=kind]")

    def test_happens_by_no_link(self, at_desk: Client, article: Article):
        for ask in (at_desk.get, at_desk.head):
            assert ask(f"{publish_path(article)}?seen=1&_save=1").status_code == 200
        assert not Edition.objects.exists()

    def test_needs_the_token_of_the_page(self, editor: User, article: Article):
        client = at_the_desk(editor, enforce_csrf_checks=True)
        form = publish_form(client, article)
        assert form.send(csrfmiddlewaretoken=None).status_code == 403
        assert form.send(csrfmiddlewaretoken="x" * 64).status_code == 403
        assert not Edition.objects.exists()
        assert form.send().status_code == 302
        assert Edition.objects.count() == 1

    def test_is_not_offered_to_a_reporter(self, reporter: User, article: Article):
        hand_to(reporter, article)
        form = publish_form(at_the_desk(reporter), article)
        assert form.part.none("button")
        assert "An editor of this desk publishes it." in form.part.words

    def test_is_refused_to_a_reporter_who_forges_it(self, reporter: User, article: Article, changed: Article):
        for story, more in ((article, {}), (changed, {"kind": "typo"})):
            hand_to(reporter, story)
            form = publish_form(at_the_desk(reporter), story)
            again = shown_again(form, form.send(**more))
            assert "Your role at this desk does not allow this." in again.part.words
        assert Edition.objects.count() == 1

    def test_of_another_desks_story_is_not_found(self, stranger: User, article: Article):
        client = at_the_desk(stranger)
        assert client.get(publish_path(article)).status_code == 404
        assert client.post(publish_path(article), {"seen": 1}).status_code == 404
        assert not Edition.objects.exists()

    @on_postgresql
    @pytest.mark.parametrize(
        ("lacks", "named"),
        [
            ({"body": ""}, "body"),
            ({"body": "<p> </p>"}, "body"),
            ({"channel": None}, "channel"),
            ({"source": None}, "source"),
            ({"credits": []}, "a responsible editor"),
        ],
    )
    def test_names_what_is_missing(self, lacks: dict[str, Any], named: str, at_desk: Client, editor: User, desk: Desk):
        article = factories.make_article(editor, **lacks)
        form = publish_form(at_desk, article)
        assert [part.words for part in form.part.all(".missing li")] == [named]
        assert form.part.none("button")
        again = shown_again(form, form.send())
        assert f"Before this can be published it needs: {named}." in again.part.words
        assert not Edition.objects.exists()

    @on_postgresql
    @pytest.mark.parametrize("seen", [None, "", "0", "-1", "2", "x", "99999999999999999999999"])
    def test_must_say_which_version_was_looked_at(self, seen: str | None, at_desk: Client, article: Article):
        form = publish_form(at_desk, article)
        assert shown_again(form, form.send(seen=seen)).response.status_code == 200
        assert not Edition.objects.exists()

    def test_of_a_text_that_somebody_changed_meanwhile_is_refused(self, at_desk: Client, article: Article, chief: User):
        form = publish_form(at_desk, article)
        factories.change(article, by=chief, headline="她的標題")
        again = shown_again(form, form.send())
        assert "Somebody has saved this story since you opened it." in again.part.words
        assert "Somebody has saved" in shown_again(again, again.send()).part.words  # also on a second try
        assert not Edition.objects.exists()

    def test_by_a_double_click_happens_once(self, at_desk: Client, article: Article):
        form = publish_form(at_desk, article)
        assert form.send().status_code == 302
        assert shown_again(form, form.send()).response.status_code == 200
        assert Edition.objects.count() == 1

    def test_by_two_at_once_happens_once(self, committed_db: object, article: Article, editor: User, chief: User):
        forms = [publish_form(at_the_desk(user), article) for user in (editor, chief)]
        answers = at_once(*[form.send for form in (*forms, *forms)])
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]  # type: ignore[union-attr]
        assert Edition.objects.count() == 1


def radios(form: Form) -> dict[str, bool]:
    """The kinds that can be chosen by a radio button, and whether this person may."""
    return {radio["value"]: radio.get("disabled") is None for radio in form.part.all("input[name=kind]")}


@on_postgresql
class TestTheNextEdition:
    def test_asks_what_kind_of_change_it_is(self, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        assert "kind" not in form  # none is chosen beforehand
        again = shown_again(form, form.send(note="補入收成。"))
        assert "Say what kind of change this is." in again.part.one("fieldset.kind").words
        assert again["note"] == "補入收成。"
        assert Edition.objects.count() == 1

    def test_shows_an_editor_all_kinds_and_says_which_are_the_chiefs(self, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        assert radios(form) == {
            "typo": True, "correction": True, "clarification": False, "update": True, "editors-note": False,
            "retraction": False, "takedown": False,
        }  # fmt: skip
        refused = [row.words for row in form.part.all("div.refused")]
        assert len(refused) == 4
        assert all("Only the chief of the desk may" in words for words in refused)

    def test_leads_a_chief_on_to_what_takes_two(self, chief: User, changed: Article):
        form = publish_form(at_the_desk(chief), changed)
        assert set(radios(form)) == {"typo", "correction", "clarification", "update", "editors-note"}
        assert all(radios(form).values())
        urls = {link for _, link in form.part.one("fieldset.kind").links}
        path = f"/admin/articles/article/{changed.pk}/propose"
        assert urls == {f"{path}/retraction/", f"{path}/takedown/"}
        assert [link for _, link in form.part.one(".by-two").links] == [f"{path}/erasure/"]

    def test_asks_for_a_note_and_keeps_the_kind(self, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        again = shown_again(form, form.send(kind="update", note="  "))
        assert "Readers must be told what changed." in again.errors("note")
        assert again["kind"] == "update"
        assert Edition.objects.count() == 1

    WRONG: tuple[dict[str, str], ...] = (
        {"note": "長" * 1001}, {"note": "青\x00稞"}, {"kind": "initial"}, {"kind": "retraction"},
        {"kind": "correction", "was": "長" * 1001}, {"field": "nonsense"}, {"cause": "x"}, {"weight": "9"},
        {"reports": str(2**63)}, {"reports": "9" * 5000},
        {"kind": "correction", "was": "甲", "now": "乙", "wrong": "2"},
        {"kind": "correction", "was": "甲", "now": "乙", "wrong": "99999999999999999999"},
    )  # fmt: skip

    def test_refuses_what_cannot_be_and_keeps_the_note(self, case: Case, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        for wrong in self.WRONG:
            with case(wrong=wrong):
                values = {"kind": "update", "note": "補入收成。"} | wrong
                again = shown_again(form, form.send(**values))
                assert again.page.all(".errorlist")
                assert again["note"] == values["note"].replace("\x00", "\ufffd")
                assert Edition.objects.count() == 1

    def test_carries_the_note_to_readers(self, at_desk: Client, changed: Article, site: Site):
        assert publish_form(at_desk, changed).send(kind="update", note="補入收成。").status_code == 302
        page = parse(Client().get(f"/a/{changed.code}/"))
        assert "補入收成。" in page.one(".update-note").words
        assert page.one("article h1").words == "青稞今天開鐮"

    def test_corrects_a_typo_without_a_note(self, at_desk: Client, changed: Article):
        assert publish_form(at_desk, changed).send(kind="typo").status_code == 302
        assert Edition.objects.filter(article=changed).count() == 2

    @pytest.mark.parametrize("kind", ["clarification", "editors-note"])
    def test_is_refused_to_an_editor_who_forges_a_chiefs_kind(self, kind: str, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        again = shown_again(form, form.send(kind=kind, note="說明。"))
        assert "Your role at this desk does not allow this." in again.part.words
        assert again["note"] == "說明。"
        assert Edition.objects.count() == 1

    @pytest.mark.parametrize("kind", ["typo", "update"])
    def test_has_no_typo_and_no_update_while_nothing_has_changed(self, kind: str, at_desk: Client, published: Article):
        form = publish_form(at_desk, published)
        assert not radios(form)[kind]
        assert radios(form)["correction"]
        assert "Nothing has changed since the public edition." in form.part.words
        again = shown_again(form, form.send(kind=kind, note="什麼都沒變。"))
        assert "There is nothing to publish." in again.part.words
        assert Edition.objects.count() == 1

    def test_of_a_clarification_needs_no_new_words(self, chief: User, published: Article):
        form = publish_form(at_the_desk(chief), published)
        assert form.send(kind="clarification", note="指的是上朗縣。").status_code == 302
        assert factories.public(published).edition.kind == "clarification"

    def test_tells_when_something_that_follows_has_failed(self, at_desk: Client, article: Article, settings: Any):
        settings.AFTER_COMMIT = ["tests.desk.test_publish_page.power_failure"]
        response = publish_form(at_desk, article).send()
        assert "it is tried again by itself" in parse(at_desk.get(response["Location"])).one(".messagelist").words
        assert Edition.objects.count() == 1

    def test_of_a_withdrawn_story_is_a_decision_of_two(self, published: Article, editor: User, chief: User):
        factories.withdraw(published, by=chief, second=editor)
        form = publish_form(at_the_desk(chief), published)
        assert "This story was retracted" in form.part.words
        assert form.part.none("button")
        links = dict(form.part.one(".by-two").links)
        assert set(links) == {"Return to the public", "Erasure", "Takedown"}
        again = shown_again(form, form.send(kind="typo"))
        assert "This story was withdrawn." in again.part.words
        assert published.editions.count() == 2


@on_postgresql
class TestAPageThatIsOpenedTwice:
    """A second click, the Back button, a tab of this morning."""

    SAID: ClassVar[dict[str, str]] = {"kind": "correction", "was": "今天開鐮", "now": "昨天開鐮"}

    def test_publishes_a_notice_once_and_again_only_when_it_is_meant(self, at_desk: Client, published: Article):
        form = publish_form(at_desk, published)
        assert form["after"] == "1"
        assert form.send(**self.SAID).status_code == 302
        again = shown_again(form, form.send(**self.SAID))
        assert "Edition 2 has gone out since you opened this page" in again.part.words
        assert "Readers see edition 2." in again.part.words
        assert (again["was"], again["now"], again["kind"]) == ("今天開鐮", "昨天開鐮", "correction")
        assert published.editions.count() == 2
        assert again.send().status_code == 302
        assert published.editions.count() == 3

    def test_publishes_the_first_edition_once(self, at_desk: Client, article: Article):
        form = publish_form(at_desk, article)
        assert form["after"] == "0"
        assert form.send().status_code == 302
        assert "Edition 1 has gone out" in shown_again(form, form.send()).part.words
        assert article.editions.count() == 1

    @pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
    def test_takes_no_forged_number(self, after: str, at_desk: Client, published: Article):
        form = publish_form(at_desk, published)
        assert form.send(**self.SAID, after=after).status_code == 200
        assert published.editions.count() == 1


@on_postgresql
class TestACorrection:
    SAID: ClassVar[dict[str, str]] = {"kind": "correction", "was": "今天開鐮", "now": "昨天開鐮"}

    @pytest.fixture
    def corrected(self, published: Article, editor: User) -> Article:
        """A public story with a correction of its text that is not public."""
        body = "<p>上朗縣的青稞昨天開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>"
        return factories.change(published, by=editor, body=body)

    def sent(self, article: Article) -> Correction:
        return Correction.objects.select_related("text", "right", "wrong").get(article=article)

    def test_says_all_that_it_was_told(self, at_desk: Client, corrected: Article):
        response = publish_form(at_desk, corrected).send(
            **self.SAID, note="謹此更正。", field="body", passage="青稞開鐮了", weight="serious", cause="numbers"
        )
        assert response.status_code == 302
        sent = self.sent(corrected)
        words = sent.text.read()
        assert (words["was"], words["now"], words["text"]) == ("今天開鐮", "昨天開鐮", "謹此更正。")
        assert words["passage"][0]["exact"] == "青稞開鐮了"
        assert (sent.weight, sent.cause, sent.field) == ("serious", "numbers", "body")
        assert (sent.wrong.number, sent.right.number) == (1, 2)

    @pytest.mark.parametrize(
        ("typed", "at", "told"),
        [
            ({"was": " "}, "was", "says what was wrong"),
            ({"now": ""}, "now", "says what is right"),
            ({"passage": "不在文中的話"}, "passage", "Copy it from there, word by word."),
        ],
    )
    def test_is_told_at_the_field_what_it_lacks(
        self, typed: dict[str, str], at: str, told: str, at_desk: Client, corrected: Article
    ):
        form = publish_form(at_desk, corrected)
        values = self.SAID | {"note": "謹此更正。", "cause": "names"} | typed
        again = shown_again(form, form.send(**values))
        assert told in again.errors(at)
        assert {name: again[name] for name in values} == values
        assert Edition.objects.count() == 1

    def test_counts_only_what_its_kind_asks_for(self, at_desk: Client, corrected: Article):
        form = publish_form(at_desk, corrected)
        assert form.send(**self.SAID | {"kind": "update", "note": "補入。", "cause": "names"}).status_code == 302
        sent = self.sent(corrected)
        assert (sent.text.read()["was"], sent.cause) == ("", "")

    def test_may_bring_more_than_one_notice(self, at_desk: Client, corrected: Article):
        form = publish_form(at_desk, corrected)
        more = {
            "n2__kind": "update",
            "n2__note": "補入收成。",
            "n3__kind": "correction",
            "n3__was": "丙",
            "n3__now": "丁",
        }
        assert form.send(**self.SAID, **more).status_code == 302
        kinds = Correction.objects.filter(article=corrected).order_by("place").values_list("kind", flat=True)
        assert list(kinds) == ["correction", "update", "correction"]

    @pytest.mark.parametrize("more", [{"n2__note": "補入收成。"}, {"n3__note": "補入收成。", "n3__kind": "update"}])
    def test_is_not_published_unseen_with_a_typo(self, more: dict[str, str], at_desk: Client, corrected: Article):
        form = publish_form(at_desk, corrected)
        again = shown_again(form, form.send(kind="typo", **{"n2__kind": "update", "n2__note": "補入。"} | more))
        assert "A typo brings no notice." in again.errors("kind")
        assert Edition.objects.count() == 1

    def test_says_of_which_notice_something_is_missing(self, at_desk: Client, corrected: Article):
        form = publish_form(at_desk, corrected)
        again = shown_again(form, form.send(**self.SAID, n2__kind="correction", n2__was="丙", n3__note="沒有種類。"))
        assert again.errors("n2-now")
        assert again.errors("n3-kind")
        assert not again.errors("now")
        assert [part.get("open") is not None for part in again.part.all("details.further")] == [True, True]
        assert Edition.objects.count() == 1

    def test_takes_the_place_of_an_earlier_notice(self, at_desk: Client, corrected: Article, editor: User):
        form = publish_form(at_desk, corrected)
        assert "supersedes" not in form
        form.send(**self.SAID)
        first = self.sent(corrected)
        article = factories.change(corrected, by=editor, body="<p>上朗縣的青稞前天開鐮了。</p>")
        form = publish_form(at_desk, article)
        assert form.choices("supersedes") == ["", str(first.pk)]
        assert form.send(**self.SAID | {"now": "前天開鐮"}, supersedes=first.pk).status_code == 302
        assert Correction.objects.get(right__number=3).supersedes == first
        second = Correction.objects.get(right__number=3)
        assert publish_form(at_desk, article).choices("supersedes") == ["", str(second.pk)]

    def test_is_shown_before_as_it_is_read_after(self, at_desk: Client, corrected: Article, editor: User, site: Site):
        publish_form(at_desk, corrected).send(**self.SAID)
        first = self.sent(corrected)
        article = factories.change(corrected, by=editor, body="<p>上朗縣的青稞前天開鐮了。</p>")
        form = publish_form(at_desk, article)
        values = form.values | self.SAID | {
            "now": "前天開鐮", "supersedes": first.pk, "weight": "serious", "passage": "青稞昨天開鐮了",
            "n2-kind": "update", "n2-note": "補入收成。", "n2-was": "不算數的話",
            "n3-kind": "correction", "n3-was": "丙", "n3-now": "丁",
        }  # fmt: skip
        form.values = values
        shown = parse(at_desk.post(preview_path(article), values))
        assert form.send().status_code == 302
        read = parse(Client().get(f"/a/{article.code}/"))
        before, after = ([(one.get("id"), one["class"], one.words.split("\n")[0][:40]) for one in page.all(".notice")]
                         for page in (shown, read))  # fmt: skip
        assert [one[:2] for one in before] == [one[:2] for one in after]
        assert len(before) == 4
        assert "不算數的話" not in shown.one("main").words
        assert ("superseded" in str(before)) == ("superseded" in str(after))

    def test_shows_what_changes_and_offers_it_for_the_notice(self, at_desk: Client, corrected: Article):
        page = publish_form(at_desk, corrected).page
        changes = page.one(".changes")
        assert changes.one("dl ins").words == "new:昨天"
        offer = changes.one(".suggestions button")
        assert (offer["data-was"], offer["data-now"]) == ("上朗縣的青稞開鐮了", "上朗縣的青稞昨天開鐮了")
        assert offer["data-passage"] == offer["data-was"]

    def test_is_made_from_an_offer_without_typing(self, at_desk: Client, corrected: Article):
        form = publish_form(at_desk, corrected)
        offer = form.page.one(".suggestions button")
        values = {name: offer[f"data-{name}"] for name in ("was", "now", "passage", "field")}
        assert form.send(kind="correction", **values).status_code == 302
        assert self.sent(corrected).text.read()["passage_now"][0]["exact"] == "上朗縣的青稞昨天開鐮了"

    def test_tells_where_else_the_error_stands(self, at_desk: Client, corrected: Article, editor: User):
        assert publish_form(at_desk, corrected).part.none(".also")
        factories.publish_article(editor, headline="Harvest begins", language="en", translation_of=corrected)
        form = publish_form(at_desk, corrected)
        assert "Harvest begins" in form.part.one(".also").words
        page = parse(at_desk.get(form.send(**self.SAID)["Location"]))
        assert f"/admin/articles/article/{corrected.pk}/places/" in {link for _, link in page.one(".messagelist").links}

    def test_the_public_text_can_be_copied_from(self, at_desk: Client, corrected: Article):
        assert [line.words for line in publish_form(at_desk, corrected).part.all(".public-text p")] == [
            "上朗縣的青稞開鐮了。", "收成", "比去年多兩成。",
        ]  # fmt: skip


@on_postgresql
class TestAReportThatWasUpheld:
    @pytest.fixture
    def report(self, published: Article, editor: User) -> ErrorReport:
        told = Told(wrong="不是今天。", right="是昨天。", passage="青稞開鐮了")
        sent = report_error(published, number=1, told=told, sender="192.0.2.1", language="zh-hant").report
        accept(sent, by=editor)
        return sent

    def form(self, client: Client, report: ErrorReport) -> Form:
        return open_form(client, f"{publish_path(report.article)}?report={report.pk}")

    def test_is_the_beginning_of_the_notice(self, at_desk: Client, report: ErrorReport):
        form = self.form(at_desk, report)
        assert (form["was"], form["now"], form["passage"]) == ("不是今天。", "是昨天。", "青稞開鐮了")
        assert form["reports"] == str(report.pk)
        assert form["kind"] == "correction"

    def test_fills_the_correction_also_after_the_text_was_put_right_in_the_form(
        self, at_desk: Client, report: ErrorReport, editor: User
    ):
        unchanged = open_form(at_desk, publish_path(report.article))
        assert unchanged.part.one(".missing a")["href"].endswith("/change/")
        factories.change(report.article, by=editor, body="<p>上朗縣的青稞昨天開鐮了。</p>")
        form = open_form(at_desk, publish_path(report.article))
        assert (form["kind"], form["reports"]) == ("correction", str(report.pk))

    def test_stands_above_the_text_in_the_form_of_the_story(self, at_desk: Client, report: ErrorReport):
        page = at_desk.get(reverse("admin:articles_article_change", args=[report.article_id])).content.decode()
        assert report.reference in page
        assert report.wrong in page

    def test_goes_along_to_what_takes_two(self, chief: User, editor: User, report: ErrorReport, published: Article):
        client = at_the_desk(chief)
        links = {link for _, link in self.form(client, report).part.one("fieldset.kind").links}
        path = f"/admin/articles/article/{published.pk}/propose"
        assert links == {f"{path}/{act}/?report={report.pk}" for act in ("retraction", "takedown")}
        form = open_form(client, f"{path}/retraction/?report={report.pk}")
        assert form["reports"] == str(report.pk)
        form.send(note="核心事實不成立。")
        agree(Decision.objects.get(), by=editor)
        report.refresh_from_db()
        assert report.state == "corrected"

    def test_is_closed_by_it(self, at_desk: Client, report: ErrorReport, published: Article, editor: User):
        factories.change(published, by=editor, body="<p>上朗縣的青稞昨天開鐮了。</p>")
        assert self.form(at_desk, report).send(kind="correction").status_code == 302
        report.refresh_from_db()
        assert (report.state, report.correction.article) == ("corrected", published)  # type: ignore[union-attr]

    def test_stays_open_where_the_box_is_cleared(self, at_desk: Client, report: ErrorReport, published: Article):
        assert self.form(at_desk, report).send(kind="correction", reports=None).status_code == 302
        report.refresh_from_db()
        assert report.state == "accepted"

    def test_says_so_where_it_was_decided_meanwhile(
        self, at_desk: Client, report: ErrorReport, published: Article, editor: User
    ):
        form = self.form(at_desk, report)
        decline(report, by=editor, reason="查無此事。")
        again = shown_again(form, form.send(was="今天開鐮"))
        assert "decided meanwhile" in again.errors("reports")
        assert (again["was"], again["kind"]) == ("今天開鐮", "correction")
        assert Edition.objects.count() == 1
        assert again.send().status_code == 302

    def test_is_told_of_after_publishing_what_still_waits_and_what_was_answered(
        self, at_desk: Client, report: ErrorReport, published: Article, editor: User
    ):
        other = report_error(published, number=1, told=Told(wrong="不是青稞。", right="是小麥。"), sender="192.0.2.2",
                             language="zh-hant").report  # fmt: skip
        accept(other, by=editor)
        form = self.form(at_desk, report)
        told = parse(at_desk.get(form.send()["Location"])).one(".messagelist")
        assert "Whoever reported it sees the answer." in told.words
        assert (other.reference, reverse("admin:articles_errorreport_change", args=[other.pk])) in told.links
        assert report.reference not in told.words

    def test_asks_to_be_said_in_the_desks_own_words(self, at_desk: Client, report: ErrorReport):
        page = self.form(at_desk, report).page
        for name in ("was", "now"):
            assert "in your own words" in page.one(f"p[id=id_{name}_helptext]").words

    def test_of_another_story_or_not_upheld_is_nothing(self, at_desk: Client, report: ErrorReport, editor: User):
        other = factories.publish_article(editor, headline="別的稿子")
        for key in (report.pk, "0", "x", "", "9" * 30, "²"):
            form = open_form(at_desk, f"{publish_path(other)}?report={key}")
            assert form["was"] == ""
            assert "reports" not in form


def power_failure(edition: Edition) -> None:
    raise RuntimeError("the power failed")


@on_postgresql
class TestTheOtherScript:
    """What deserves a look before it is converted, and how to decide it."""

    def test_names_the_characters_that_could_be_another_one(self, at_desk: Client, editor: User, desk: Desk):
        article = factories.make_article(editor, desk=desk, language="zh-Hans", body="<p>他说<em>发</em>，就是发。</p>")
        page = parse(at_desk.get(publish_path(article)))
        places = page.all(".script-found li")
        assert places
        assert all("發" in place.words and "髮" in place.words for place in places)
        assert places[0].one("mark").words == "发"

    def test_looks_at_pictures_and_tags_too(self, at_desk: Client, editor: User, desk: Desk):
        lead = factories.make_picture(editor, language="zh-Hans", alt="他说发", caption="他说发", credit="发摄")
        values = {"lead_picture": lead, "lead_credit": "就是发", "tags": ["说发"]}
        article = factories.make_article(editor, desk=desk, language="zh-Hans", body="<p>青稞。</p>", **values)
        found = [place.words for place in parse(at_desk.get(publish_path(article))).all(".script-found li")]
        for field in ("caption", "credit", "description of a picture", "tag"):
            assert any(words.lower().startswith(field) for words in found), (field, found)

    def test_is_silent_where_there_is_no_doubt_and_where_the_story_decides(
        self, at_desk: Client, editor: User, desk: Desk
    ):
        body = "<p>他说发，就是发。</p>"
        clear = factories.make_article(editor, desk=desk, language="zh-Hans", body="<p>青稞开镰了。</p>")
        own = factories.make_article(editor, desk=desk, language="zh-Hans", body=body, script_forms="发 = 發")
        english = factories.make_article(editor, desk=desk, language="en", body=body)
        for article in (clear, own, english):
            assert parse(at_desk.get(publish_path(article))).none(".script-found")
