"""Publishing from the desk: what is shown before is what readers see after, and it happens once."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import Article, Desk, Edition, Publication, Site, User, public_store
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
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


class TestPreview:
    def as_read(self, response: HttpResponse) -> str:
        """The body of a page, without what may differ: where its pictures lie, and the moment of publication."""
        assert response.status_code == 200
        html = response.content.decode()
        html = html[html.index("<body") :]
        html = html.replace("/admin/articles/picture/file/", "/media/pictures/")
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
        before = self.without_bar(self.as_read(at_desk.get(preview_path(article))))
        assert publish_form(at_desk, article).send().status_code == 302
        after = self.as_read(Client().get(reverse("permalink", args=[article.code]), follow=True))
        assert lines(before) == lines(after)

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

    def test_is_shown_to_the_reporter_who_wrote_it(self, article: Article, reporter: User):
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
        form = publish_form(at_the_desk(reporter), article)
        assert form.part.none("button")
        assert "An editor of this desk publishes it." in form.part.words

    def test_is_refused_to_a_reporter_who_forges_it(self, reporter: User, article: Article, changed: Article):
        for story, more in ((article, {}), (changed, {"kind": "typo"})):
            form = publish_form(at_the_desk(reporter), story)
            again = shown_again(form, form.send(**more))
            assert "Your role at this desk does not allow this." in again.part.words
        assert Edition.objects.count() == 1

    def test_of_another_desks_story_is_not_found(self, stranger: User, article: Article):
        client = at_the_desk(stranger)
        assert client.get(publish_path(article)).status_code == 404
        assert client.post(publish_path(article), {"seen": 1}).status_code == 404
        assert not Edition.objects.exists()

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


class TestTheNextEdition:
    def test_asks_what_kind_of_change_it_is(self, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        assert {radio["value"] for radio in form.part.all("input[name=kind]")} == {"typo", "update"}
        again = shown_again(form, form.send(note="補入收成。"))
        assert "Say what kind of change this is." in again.part.words
        assert again["note"] == "補入收成。"
        assert Edition.objects.count() == 1

    def test_asks_for_a_note_and_keeps_the_kind(self, at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        again = shown_again(form, form.send(kind="update", note="  "))
        assert "Readers must be told what changed." in again.part.words
        assert again["kind"] == "update"
        assert Edition.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong", [{"note": "長" * 1001}, {"note": "青\x00稞"}, {"kind": "initial"}, {"kind": "retraction"}]
    )
    def test_refuses_what_cannot_be_and_keeps_the_note(self, wrong: dict[str, str], at_desk: Client, changed: Article):
        form = publish_form(at_desk, changed)
        values = {"kind": "update", "note": "補入收成。"} | wrong
        again = shown_again(form, form.send(**values))
        assert again.page.all(".errorlist")
        assert again["note"] == values["note"].replace("\x00", "\ufffd")
        assert Edition.objects.count() == 1

    def test_carries_the_note_to_readers(self, at_desk: Client, changed: Article, site: Site):
        assert publish_form(at_desk, changed).send(kind="update", note="補入收成。").status_code == 302
        page = parse(Client().get(f"/a/{changed.code}/"))
        assert "補入收成。" in page.one(".notice").words
        assert page.one("article h1").words == "青稞今天開鐮"

    def test_corrects_a_typo_without_a_note(self, at_desk: Client, changed: Article):
        assert publish_form(at_desk, changed).send(kind="typo").status_code == 302
        assert Edition.objects.filter(article=changed).count() == 2

    def test_is_not_offered_while_nothing_has_changed(self, at_desk: Client, published: Article):
        form = publish_form(at_desk, published)
        assert form.part.none("button")
        assert "Nothing has changed since the public edition." in form.part.words
        again = shown_again(form, form.send(kind="update", note="什麼都沒變。"))
        assert "There is nothing to publish." in again.part.words
        assert Edition.objects.count() == 1

    def test_tells_when_something_that_follows_has_failed(self, at_desk: Client, article: Article, settings: Any):
        settings.AFTER_COMMIT = ["tests.desk.test_publish_page.power_failure"]
        response = publish_form(at_desk, article).send()
        assert "it is tried again by itself" in parse(at_desk.get(response["Location"])).one(".messagelist").words
        assert Edition.objects.count() == 1


def power_failure(edition: Edition) -> None:
    raise RuntimeError("the power failed")
