"""Things to test with. Each maker gives a whole, usable thing; name only what the test is about."""

import io
import itertools
from datetime import datetime
from typing import Any

from PIL import Image

from articles.models import (
    Article,
    AuthenticatorApp,
    Channel,
    Correction,
    Credit,
    Desk,
    Edition,
    Membership,
    Person,
    Picture,
    Place,
    Publication,
    Site,
    Source,
    Topic,
    User,
)
from articles.publishing import (
    Draft,
    Note,
    add_picture,
    agree,
    begin_draft,
    issue_as_of,
    propose,
    publish,
    save_draft,
)
from articles.publishing.clock import database_now
from articles.publishing.door import totp
from articles.publishing.draft import SETS

_numbers = itertools.count(1)
_colors = itertools.cycle(f"#{number * 0x3F1D2B % 0xFFFFFF:06x}" for number in range(1, 65))  # so many in one test
PASSWORD = "青稞 and barley 7"


def make_site(**values: Any) -> Site:
    return Site.objects.update_or_create(pk=1, defaults={"name": "朗措新聞", "name_en": "Langtso News"} | values)[0]


def make_desk(**values: Any) -> Desk:
    number = next(_numbers)
    return Desk.objects.create(
        **{"name": f"編輯部{number}", "slug": f"desk-{number}", "time_zone": "Asia/Shanghai"} | values
    )


def make_user(username: str = "", *, role: str | None = None, desk: Desk | None = None, **values: Any) -> User:
    """A colleague; with a role, at `desk`."""
    values = {"is_staff": True} | values
    user = User.objects.create_user(username or f"user{next(_numbers)}", password=PASSWORD, **values)
    if role:
        Membership.objects.create(user=user, desk=desk or Desk.objects.first() or make_desk(), role=role)
    return user


def make_person(name: str = "", **values: Any) -> Person:
    number = next(_numbers)
    return Person.objects.create(**{"name": name or f"人物{number}", "slug": f"person-{number}"} | values)


def make_channel(name: str = "", **values: Any) -> Channel:
    number = next(_numbers)
    return Channel.objects.create(**{"name": name or f"頻道{number}", "slug": f"channel-{number}"} | values)


def make_source(name: str = "", **values: Any) -> Source:
    number = next(_numbers)
    return Source.objects.create(**{"name": name or f"來源{number}", "slug": f"source-{number}"} | values)


def make_topic(name: str = "", **values: Any) -> Topic:
    number = next(_numbers)
    return Topic.objects.create(**{"name": name or f"專題{number}", "slug": f"topic-{number}"} | values)


def make_place(code: str, name: str = "", **values: Any) -> Place:
    return Place.objects.create(code=code, name=name or f"地方{next(_numbers)}", **values)


def image_bytes(width: int = 700, height: int = 400, kind: str = "JPEG", color: str = "#b5882f", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind, **save)
    return out.getvalue()


def make_picture(by: User, **values: Any) -> Picture:
    texts = {"language": "zh-Hant", "alt": "一片青稞田", "caption": "收割前的青稞田。", "credit": "白瑪拉姆攝"}
    upload = values.pop("upload", None) or image_bytes(color=next(_colors))
    return add_picture(upload, by=by, **texts | values)


def draft_of(article: Article) -> Draft:
    """The working copy as it stands, as a form would give it back."""
    return Draft(
        **{name: getattr(article, name) for name in Draft.__dataclass_fields__ if name not in SETS},
        tags=[tag.name for tag in article.tags.order_by("pk")],
        places=list(article.places.values_list("pk", flat=True)),
        credits=list(article.credits.values_list("person_id", "role")),
    )


def make_draft(**values: Any) -> Draft:
    """A complete draft, ready to be published."""
    if "credits" not in values:
        values["credits"] = [(make_person("達珍").pk, Credit.Role.EDITOR.value)]
    return Draft(
        **{
            "desk": values.get("desk") or Desk.objects.first() or make_desk(),
            "language": "zh-Hant",
            "headline": "青稞開鐮",
            "body": "<p>上朗縣的青稞開鐮了。</p><h2>收成</h2><p>比去年多兩成。</p>",
            "channel": Channel.objects.first() or make_channel("農牧"),
            "source": Source.objects.first() or make_source("朗措新聞"),
        }
        | values
    )


def make_article(by: User, **values: Any) -> Article:
    """A working copy that is ready to be published."""
    return begin_draft(by=by, draft=make_draft(**values))


def publish_article(by: User, *, at: datetime | None = None, **values: Any) -> Article:
    """A published story. `at`: the time of an imported archive (then `by` must be an administrator), before which all
    that it names was there."""
    article = make_article(by, **values)
    if at:
        issue_as_of(article, at=at, by=by, loaded_by=by)
        Site.objects.update(furniture_moved_at=None)
    else:
        publish(article, seen=article.version, by=by)
    article.refresh_from_db()
    return article


def change(article: Article, *, by: User, **values: Any) -> Article:
    """Save the working copy with some values changed."""
    article = Article.objects.get(pk=article.pk)
    draft = draft_of(article)
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__} | values
    return save_draft(article, seen=article.version, by=by, draft=Draft(**fields))


def publish_again(article: Article, *, by: User, kind: str = "typo", note: str = "", **values: Any) -> Edition:
    """Change the working copy and make it the next edition."""
    article = change(article, by=by, **values)
    return publish(article, seen=article.version, by=by, kind=kind, note=note)


def correct(article: Article, *, by: User, body: str = "<p>上朗縣的青稞昨天開鐮了。</p>", **note: Any) -> Edition:
    """Publish a correction of the body; `note`: what its Note says."""
    note = {"kind": "correction", "text": "日期有誤，謹此更正。", "was": "今天開鐮", "now": "昨天開鐮"} | note
    article = change(article, by=by, body=body)
    return publish(article, seen=article.version, by=by, noted=[Note(**note)])


def withdraw(article: Article, *, by: User, second: User, act: str = "retraction", **terms: Any) -> Edition:
    """Have a story withdrawn by two: retraction, takedown, or restoration."""
    terms = {"text": "核心事實不成立。", "reason": "法院命令", "ground": "legal"} | terms
    edition = agree(propose(article, act=act, by=by, **terms), by=second)
    assert edition
    return edition


def notices(edition: Edition) -> list[str]:
    """What the notices of an edition say, newest first."""
    digests = [entry["digest"] for entry in edition.text.read()["notices"]]
    texts = {notice.digest: notice.text.read() for notice in Correction.objects.filter(digest__in=digests)}
    return [texts[digest]["text"] for digest in digests]


def public(article: Article) -> Publication:
    return Publication.objects.select_related("edition__text").get(article=article)


def give_app(user: User) -> str:
    """Have a colleague set up an authenticator app a while ago. Returns its secret; `code_now` shows its code."""
    secret = totp.new_secret()
    AuthenticatorApp.objects.create(user=user, secret=totp.seal(secret), added_at=database_now())
    return secret


def code_now(secret: str, *, steps: int = 0) -> str:
    """What the app shows; `steps` half minutes later."""
    return totp.code_at(secret, int(database_now().timestamp()) // totp.STEP + steps)
