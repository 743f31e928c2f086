"""A newsroom in which every kind of public act has happened, for the checks of the whole record."""

from dataclasses import dataclass
from typing import Any

from articles.models import Article, Correction, Desk, Edition, User
from articles.publishing import Note, agree, propose, publish
from tests import factories


@dataclass
class Acts:
    corrected: Article  # typo, update, corrections (one of a correction), clarification, a reply; with pictures
    retracted: Article
    down: Article
    back: Article  # taken down, and returned to the public
    erased: Article  # its first edition and a notice


def give_notice(article: Article, *, by: User, **note: Any) -> Edition:
    article.refresh_from_db()
    return publish(article, seen=article.version, by=by, noted=[Note(**note)])


def erase(article: Article, *, by: User, second: User, **wanted: list[int]) -> None:
    agree(propose(article, act="erasure", by=by, text="依法刪除。", reason="judgement 7/2026", erase=wanted), by=second)


def everything(*, editor: User, chief: User, desk: Desk) -> Acts:
    first, second = factories.make_picture(editor), factories.make_picture(editor)
    tag = {"tags": ["青稞"]}
    body = f'<p>上朗縣的青稞開鐮了。</p><figure data-picture="{second.pk}"><figcaption>收割</figcaption></figure>'
    corrected = factories.publish_article(editor, desk=desk, lead_picture=first, body=body, **tag)
    factories.publish_again(corrected, by=editor, kind="typo", headline="青稞開鐮啦")
    factories.publish_again(
        corrected, by=editor, kind="update", note="補充產量。", body="<p>青稞今天開鐮，增產兩成。</p>"
    )
    factories.correct(corrected, by=editor, body="<p>青稞昨天開鐮，增產兩成。</p>", passage="今天開鐮")
    wrong = Correction.objects.get(right__number=4, article=corrected)
    factories.correct(corrected, by=editor, body="<p>青稞前天開鐮，增產兩成。</p>", supersedes=wrong, weight="serious")
    give_notice(corrected, by=chief, kind="clarification", text="指上朗縣。")
    give_notice(corrected, by=chief, kind="editors-note", text="當事人答覆。", reply=("央金", "我沒有說過這句話。"))

    retracted = factories.publish_article(editor, desk=desk, headline="撤回的稿")
    factories.withdraw(retracted, by=chief, second=editor)
    down = factories.publish_article(editor, desk=desk, headline="下架的稿", lead_picture=first)
    factories.correct(down, by=editor)
    factories.withdraw(down, by=chief, second=editor, act="takedown")
    back = factories.publish_article(editor, desk=desk, headline="回來的稿")
    factories.withdraw(back, by=chief, second=editor, act="takedown", ground="safety")
    back.refresh_from_db()
    factories.withdraw(back, by=chief, second=editor, act="restoration", text="重新刊出。")

    erased = factories.publish_article(editor, desk=desk, headline="刪去的話")
    edition = factories.correct(erased, by=editor)
    factories.publish_again(erased, by=editor, headline="剩下的話")
    erase(erased, by=chief, second=editor, editions=[1, 2], notices=[edition.corrections.get().pk])
    return Acts(corrected, retracted, down, back, erased)
