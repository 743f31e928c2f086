"""Many public stories at once, by the rows that a publication leaves: where publishing each would take too long."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from articles.models import Article, Desk, Edition, EditionText, Language, Publication, User
from articles.models.codes import new_code
from articles.publishing import freeze, records
from articles.search import public_index
from tests import factories

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


class Words(NamedTuple):
    language: str
    headline: str
    body: str  # HTML


def publish_all(stories: Iterable[Words], *, by: User, desk: Desk) -> list[int]:
    """Each an hour older than the one before; their keys, in order. All are in the readers' index then."""
    channel, source = factories.make_channel("消息"), factories.make_source("本報")
    said = list(stories)
    common = {"desk": desk, "channel": channel, "source": source, "created_by": by, "changed_by": by,
              "created_at": NOW, "changed_at": NOW, "stage": "published"}  # fmt: skip
    begun = Article.objects.bulk_create(
        Article(code=new_code(), headline=one.headline, body=one.body, language=one.language, **common) for one in said
    )
    whole = Article.objects.with_parts().in_bulk([one.pk for one in begun])
    articles = [whole[one.pk] for one in begun]
    texts, editions, rows = [], [], []
    for number, article in enumerate(articles):
        at = NOW - timedelta(hours=number)
        content = freeze.as_edition(freeze.freeze(article), number=1, kind="initial", at=at, first=at)
        text = records.canonical(content)
        digest = records.sha256(text)
        editions.append(Edition(article=article, number=1, kind="initial", published_at=at, by=by, digest=digest,
                                content_digest=digest))  # fmt: skip
        texts.append(text)
        rows.append(
            Publication(
                article=article,
                code=article.code,
                language=article.language,
                original=article,
                readers=Language(article.language).readers,
                channel=channel,
                source=source,
                first_published_at=at,
                published_at=at,
                changed_at=at,
                card=records.canonical(freeze.card_of(content)),
            )
        )
    for row, edition in zip(rows, Edition.objects.bulk_create(editions), strict=True):
        row.edition = edition
    EditionText.objects.bulk_create(
        EditionText(edition=row.edition, content=text, salt="") for row, text in zip(rows, texts, strict=True)
    )
    Publication.objects.bulk_create(rows)
    for _ in public_index.rebuild(Publication.objects.all()):
        pass
    return [article.pk for article in articles]
