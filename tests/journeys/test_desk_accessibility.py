"""The desk for everybody."""

from collections.abc import Callable

from articles.models import Site, User
from tests import factories
from tests.harness.browser import WatchedPage
from tests.harness.server import Server
from tests.journeys.accessibility import findings
from tests.journeys.hands import Hands


def test_axe_finds_nothing_at_the_desk(
    server: Server, new_page: Callable[..., WatchedPage], administrator: User, editor: User, site: Site
):
    administrator.language = "en"
    administrator.save()
    picture = factories.make_picture(editor)
    body = f'<p>正文。</p><h2>小標</h2><figure data-picture="{picture.pk}"><figcaption>田裡。</figcaption></figure>'
    article = factories.publish_article(editor, body=body, lead_picture=picture)
    factories.change(article, by=editor, headline="青稞今天開鐮")
    factories.make_article(editor, headline="上朗小學開學")
    page = new_page(reduced_motion="reduce")
    found = {}

    def look(name: str) -> None:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                if broken := findings(page):
                    found[f"{name} {width} {scheme}"] = broken

    page.goto("/admin/login/")
    look("login")
    hands = Hands(page)
    hands.come_in(administrator, server)
    story = f"/admin/articles/article/{article.pk}/"
    for name, path in {
        "home": "/admin/",
        "story list": "/admin/articles/article/",
        "publish page": f"{story}publish/",
        "picture list": "/admin/articles/picture/",
        "picture form": "/admin/articles/picture/add/",
        "colleague form": f"/admin/articles/user/{editor.pk}/change/",
    }.items():
        page.goto(path)
        look(name)

    hands.open_story(article.pk)
    look("story form")
    page.fill("#id_headline", " ")
    page.click("[name=_continue]")
    page.wait_for_selector(".error-summary")
    look("story form with an error")
    hands.tool("picture").click()
    page.wait_for_selector(".desk-chooser__card")
    look("chooser")
    assert found == {}
    assert page.trouble == []
