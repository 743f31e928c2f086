"""The site's own name and its pages about itself: for administrators, and every version stays."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Event, Page, PageVersion, Site, User, public_store
from articles.publishing import save_page
from tests import factories
from tests.desk.forms import Form, at_the_desk, open_form, parse, shown_again
from tests.harness.once import on_postgresql

pytestmark = on_postgresql

SITE = "/admin/articles/site/1/change/"
PAGES = "/admin/articles/page/"


def page_path(slug: str = "about") -> str:
    return reverse("admin:articles_page_change", args=[Page.objects.get(slug=slug).pk])


@pytest.fixture
def house(administrator: User, site: Site) -> Client:
    return at_the_desk(administrator)


class TestSite:
    def test_its_name_and_contact_are_changed_here(self, house: Client):
        form = open_form(house, SITE, "site_form")
        names = {"name": "朗措日報", "name_en": "Langtso Daily", "tagline": "湖邊的消息"}
        assert form.send(**names, contact_email="desk@daily.example").status_code == 302
        page = parse(Client().get("/"))
        assert "朗措日報" in page.one("header .name").words
        assert "湖邊的消息" in page.one("header").words
        assert "Langtso Daily" in parse(Client().get("/en/")).one("header .name").words

    def test_its_logo_is_put_out_for_readers(self, house: Client, administrator: User):
        logo = factories.make_picture(administrator)
        assert open_form(house, SITE, "site_form").send(logo=logo.pk).status_code == 302
        assert all(public_store().exists(name) for name in logo.files)

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("name", ""), ("name", "長" * 101), ("name", "青\x00稞"), ("contact_email", "nobody"), ("logo", "999999"),
         ("logo", "x"), ("tagline", "長" * 201)],
    )  # fmt: skip
    def test_what_cannot_be_is_told_at_the_field(self, field: str, typed: str, house: Client):
        form = open_form(house, SITE, "site_form")
        again = shown_again(form, form.send(**{"tagline": "湖邊的消息"} | {field: typed}))
        assert again.errors(field)
        assert again["tagline"] == (typed if field == "tagline" else "湖邊的消息")
        assert Site.objects.get().name == "朗措新聞"

    def test_the_terms_of_readers_reports_are_changed_here(self, house: Client):
        terms = {"acknowledge_hours": 12, "decide_hours": 48, "reply_hours": 72, "contact_days": 30}
        form = open_form(house, SITE, "site_form")
        assert {name: form[name] for name in terms} == {
            "acknowledge_hours": "24", "decide_hours": "72", "reply_hours": "120", "contact_days": "90",
        }  # fmt: skip
        assert form.send(**terms).status_code == 302
        site = Site.objects.get()
        assert {name: getattr(site, name) for name in terms} == terms

    @pytest.mark.parametrize("field", ["acknowledge_hours", "decide_hours", "reply_hours", "contact_days"])
    @pytest.mark.parametrize("typed", ["", "0", "-1", "99999", "x"])
    def test_a_term_that_nobody_could_keep_or_check_is_refused(self, field: str, typed: str, house: Client):
        form = open_form(house, SITE, "site_form")
        assert shown_again(form, form.send(**{field: typed})).errors(field)

    def test_a_new_name_is_in_the_audit_trail(self, house: Client, administrator: User):
        open_form(house, SITE, "site_form").send(contact_email="desk@daily.example")
        assert not Event.objects.exists()
        open_form(house, SITE, "site_form").send(name="朗措日報")
        assert Event.objects.values_list("verb", "thing", "by").get() == ("renamed", "site 1", administrator.pk)

    def test_there_is_one_of_it(self, house: Client):
        assert house.get("/admin/articles/site/")["Location"] == SITE
        assert house.get("/admin/articles/site/add/").status_code == 403
        assert house.post("/admin/articles/site/1/delete/", {"post": "yes"}).status_code == 403
        assert Site.objects.count() == 1

    def test_a_new_newsroom_begins_it_here(self, administrator: User):
        house = at_the_desk(administrator)
        assert house.get("/admin/articles/site/")["Location"] == "/admin/articles/site/add/"
        open_form(house, "/admin/articles/site/add/", "site_form").send(name="朗措新聞")
        assert Site.objects.get().pk == 1


class TestPages:
    def form(self, client: Client) -> Form:
        return open_form(client, page_path(), "page_form")

    def test_a_saved_page_is_a_new_public_version_and_the_old_one_stays(self, house: Client):
        for number, title in ((1, "關於我們"), (2, "關於朗措新聞")):
            assert self.form(house).send(title=title, body=f"<p>第{number}版。</p>").status_code == 302
            page = parse(Client().get("/about/"))
            assert (page.one("h1").words, page.one("main .body").words) == (title, f"第{number}版。")
        assert "第1版。" in parse(Client().get("/about/v/1/")).one("main").words
        assert PageVersion.objects.count() == 2

    def test_an_unchanged_text_makes_no_version(self, house: Client):
        self.form(house).send(title="關於我們", body="<p>我們。</p>")
        assert self.form(house).send().status_code == 302
        assert PageVersion.objects.count() == 1

    def test_the_second_of_two_administrators_is_refused_and_keeps_the_text(self, house: Client, administrator: User):
        form = self.form(house)
        page = Page.objects.get(slug="about")
        save_page(page, seen=0, by=administrator, language="zh-Hant", title="她的", body="<p>她的。</p>")
        again = shown_again(form, form.send(title="我的", body="<p>我的。</p>"))
        assert "Somebody has published a new version since you opened this page." in again.part.words
        assert (again["title"], again["body"]) == ("我的", "<p>我的。</p>")
        assert shown_again(again, again.send())["title"] == "我的"
        assert PageVersion.objects.get().title == "她的"

    @pytest.mark.parametrize("seen", [None, "", "-1", "1", "x", "99999999999999999999"])
    def test_a_save_must_say_which_version_it_saw(self, seen: str | None, house: Client):
        form = self.form(house)
        again = shown_again(form, form.send(seen=seen, title="我的", body="<p>我的。</p>"))
        assert again["title"] == "我的"
        assert not PageVersion.objects.exists()

    def test_its_html_is_sanitised(self, house: Client):
        self.form(house).send(title="關於我們", body='<p onclick="x()">我們</p><script>alert(1)</script>')
        assert PageVersion.objects.get().body == "<p>我們</p>"

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("title", ""), ("title", "長" * 201), ("title", "青\x00稞"), ("body", ""), ("body", "青\x00稞"),
         ("body", "b" * 2 * 2**20), ("language", "xx")],
    )  # fmt: skip
    def test_what_cannot_be_is_told_at_the_field(self, field: str, typed: str, house: Client):
        form = self.form(house)
        again = shown_again(form, form.send(**{"title": "關於我們", "body": "<p>我們。</p>"} | {field: typed}))
        assert again.errors(field)
        assert again["title"] == (typed.replace("\x00", "\ufffd") if field == "title" else "關於我們")
        assert not PageVersion.objects.exists()

    @pytest.mark.parametrize("body", ["<p></p>", "<script>x</script>", "<p> </p>", "<img src=x>"])
    def test_a_text_of_which_nothing_is_left_is_told_at_the_field(self, body: str, house: Client):
        form = self.form(house)
        assert shown_again(form, form.send(title="關於我們", body=body)).errors("body")
        assert not PageVersion.objects.exists()

    def test_none_is_added_or_deleted(self, house: Client):
        assert house.get(f"{PAGES}add/").status_code == 403
        assert house.post(page_path().replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert set(Page.objects.values_list("slug", flat=True)) == {"about", "contact", "imprint", "privacy", "policy"}

    def test_the_corrections_policy_is_one_of_them_with_an_address_of_its_own(self, house: Client):
        form = open_form(house, page_path("policy"), "page_form")
        assert "/en/corrections/policy/" in {link for _, link in form.page.one("main").links}
        response = form.send(title="更正政策", body="<p>有錯就改，並且說明。</p>")
        told = parse(house.get(response["Location"])).one(".messagelist")
        assert ("Look at it", "/en/corrections/policy/") in told.links
        page = parse(Client().get("/corrections/policy/"))
        assert (page.one("h1").words, page.one("main .body").words) == ("更正政策", "有錯就改，並且說明。")


@pytest.mark.parametrize("who", ["reporter", "editor", "chief"])
def test_both_are_for_administrators_alone(who: str, site: Site, request: pytest.FixtureRequest):
    client = at_the_desk(request.getfixturevalue(who))
    for path in (SITE, PAGES, page_path()):
        assert client.get(path).status_code == 403, path
        assert client.post(path, {"name": "x", "title": "x", "body": "<p>x</p>", "seen": 0}).status_code == 403, path
    assert Site.objects.get().name == "朗措新聞"
    assert not PageVersion.objects.exists()
    home = client.get("/admin/").content.decode()
    assert SITE not in home
    assert PAGES not in home
