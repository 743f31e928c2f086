"""Articles in eight channels, by rows that Wagtail itself would have written one by one: python fill.py COUNT."""

import random
import sys
from datetime import UTC, datetime, timedelta

import django
from django.db import connection, transaction

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from peer.models import Article, Channel, Home  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

CHANNELS, PIECE, PIECES, BATCH = 8, 100, 20, 1000
CHARACTERS = "高原青稞湖邊公路天氣學校圖書館早市騎行博物館氣象站牧場溫室木碗石橋水位班車收成田裡今年去年每天上午下午"


def main(count):
    chance = random.Random(7)
    pool = ["".join(chance.choices(CHARACTERS, k=PIECE)) for _ in range(2000)]
    root = Page.objects.get(depth=1)
    for page in root.get_children():
        page.delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Home(title="home", slug="home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    channels = [home.add_child(instance=Channel(title=f"頻道{n}", slug=f"c{n}")) for n in range(CHANNELS)]
    get_user_model().objects.create_superuser("boss", "boss@example.com", "boss")
    kind, locale = ContentType.objects.get_for_model(Article), Locale.get_default()
    newest, made = datetime.now(UTC), 0
    children = [0] * CHANNELS
    while made < count:
        pages, bodies = [], []
        for number in range(made, min(made + BATCH, count)):
            which = number % CHANNELS
            children[which] += 1
            channel, at = channels[which], newest - timedelta(minutes=48 * (count - number))
            title = "".join(chance.choices(CHARACTERS, k=18))
            pages.append(Page(
                path=Page._get_path(channel.path, channel.depth + 1, children[which]), depth=channel.depth + 1,
                title=title, draft_title=title, slug=f"a{number}", url_path=f"{channel.url_path}a{number}/",
                content_type=kind, locale=locale, live=True, first_published_at=at, last_published_at=at,
                latest_revision_created_at=at,
            ))  # fmt: skip
            bodies.append((title[:10] * 3, "".join(f"<p>{chance.choice(pool)}</p>" for _ in range(PIECES))))
        with transaction.atomic():
            Page.objects.bulk_create(pages)
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO peer_article (page_ptr_id, intro, body) VALUES (%s, %s, %s)",
                    [(page.pk, *body) for page, body in zip(pages, bodies, strict=True)],
                )
        made += len(pages)
    for channel, number in zip(channels, children, strict=True):
        Page.objects.filter(pk=channel.pk).update(numchild=number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    problems = [len(found) for found in Page.find_problems()]
    assert not any(problems), f"the tree is not sound: {problems}"


main(int(sys.argv[1]))
