"""The people of the tests, by role. 達珍 runs the desk, 殷小燕 edits, 尼瑪 reports; the stranger works elsewhere."""

import pytest

from articles.models import Article, Desk, Site, User
from tests import factories


@pytest.fixture
def site(db: None) -> Site:
    return factories.make_site()


@pytest.fixture
def desk(db: None) -> Desk:
    return factories.make_desk(name="朗措編輯部", slug="langtso")


@pytest.fixture
def reporter(desk: Desk) -> User:
    return factories.make_user("nima", role="reporter", desk=desk)


@pytest.fixture
def editor(desk: Desk) -> User:
    return factories.make_user("yinxiaoyan", role="editor", desk=desk)


@pytest.fixture
def chief(desk: Desk) -> User:
    return factories.make_user("dazhen", role="chief", desk=desk)


@pytest.fixture
def administrator(desk: Desk) -> User:
    return factories.make_user("admin", is_superuser=True)


@pytest.fixture
def stranger(desk: Desk) -> User:
    """An editor of another desk."""
    return factories.make_user("stranger", role="editor", desk=factories.make_desk(name="鄰縣編輯部"))


@pytest.fixture
def article(editor: User, desk: Desk) -> Article:
    """A working copy, ready to be published."""
    return factories.make_article(editor, desk=desk)


@pytest.fixture
def published(editor: User, desk: Desk) -> Article:
    """A story with one edition."""
    return factories.publish_article(editor, desk=desk)
