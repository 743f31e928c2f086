"""What is to be measured of a seeded newsroom: addresses by kind of page, and a colleague who is logged in; as JSON.

DJANGO_SETTINGS_MODULE=newsroom.settings python -m benchmarks.facts
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import django

ROTATED = 200  # stories that are asked for in turn
MANY_MORE = 1_500  # stories: more than a process remembers anything of
DIFFERENT = 40  # addresses of a kind, where there are so many
A_MONTH = 25  # days
LIST = "/admin/articles/article/"
PAGE, THOUSANDTH = 50, 999 * 50  # rows


def main() -> None:
    django.setup()
    from articles.models import Article

    count = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
    print(json.dumps({"rotated": rotated(count), "kinds": kinds(count), "desk": desk(), "cookie": cookie(),
                      "count": count}))  # fmt: skip


def rotated(count: int) -> dict[str, Any]:
    """The newest long stories in the site's own language, which are as long as the pages of the references."""
    from articles.models import Publication
    from benchmarks.seeding.stories import language_of
    from benchmarks.seeding.texts import is_long

    own = [one for one in range(count, 0, -1) if language_of(one) == "zh-Hant"]
    long = [one for one in own if is_long(one)] or own  # a few dozen have no long one
    chosen = long[:ROTATED]
    others = long[ROTATED:][:MANY_MORE] or chosen
    found = Publication.objects.in_bulk([*chosen, *others])
    return {
        "strangers": [f"/a/{found[one].code}/" for one in others],
        "stories": [f"/a/{found[one].code}/" for one in chosen],
        "editions": [found[one].edition_id for one in chosen],
    }


def kinds(count: int) -> dict[str, list[str]]:
    """Addresses of every kind of public page, spread over the whole archive."""
    from django.utils import timezone

    from articles.models import Channel, Person, Place, Publication, Tag, Topic
    from articles.site import keys
    from benchmarks.seeding.stories import MANY, WHICH, language_of

    spread = lambda numbers: numbers[:: max(len(numbers) // DIFFERENT, 1)][:DIFFERENT]  # noqa: E731
    plain = spread([one for one in range(1, count + 1) if one % MANY != WHICH and language_of(one) == "zh-Hant"])
    many = spread([one for one in range(WHICH, count + 1, MANY) if language_of(one) == "zh-Hant"])
    rows = Publication.objects.select_related("channel__parent__parent").in_bulk([*plain, *many])
    codes, corrected = [rows[one].code for one in plain], [rows[one].code for one in many]
    days = [timezone.localtime(rows[one].first_published_at) for one in plain[1:-1]]
    full = in_full_months(days, Publication.objects.order_by("first_published_at"))
    months = list(dict.fromkeys(f"{day:%Y/%m}" for day in full))
    channels = [f"/{quote(channel.path)}/" for channel in Channel.objects.order_by("pk")]
    each = lambda form, things: [form.format(thing) for thing in things]  # noqa: E731
    words = [row.read_card()["headline"][:2] for row in rows.values()][:DIFFERENT]
    search = lambda texts, address="/search/": [f"{address}?{urlencode({'q': text})}" for text in texts]  # noqa: E731
    return {
        "story": each("/a/{}/", codes),
        "story in the other script": each("/zh-hans/a/{}/", codes),
        "story with notices": each("/a/{}/", corrected),
        "past edition": each("/a/{}/v/2/", corrected),
        "changes": each("/a/{}/v/3/changes/", corrected),
        "history": each("/a/{}/history/", corrected),
        "history as JSON": each("/a/{}/history.json", corrected),
        "timemap": each("/a/{}/timemap/", corrected),
        "report form": each("/a/{}/report/", codes),
        "front": ["/", "/zh-hans/"],
        "front in English": ["/en/"],
        "channel": channels,
        "topic": each("/topic/{}/", named(plain, "topic", Topic, "slug")),
        "tag": each("/tag/{}/", named(plain, "tag", Tag, "slug")),
        "person": each("/people/{}/", named(plain, "person", Person, "slug")),
        "places": ["/places/"],
        "place": each("/places/{}/", named(plain, "place", Place, "code")),
        "years": ["/archive/"],
        "year": list(dict.fromkeys(f"/archive/{day:%Y}/" for day in days)),
        "month": each("/archive/{}/", months),
        "day": list(dict.fromkeys(f"/archive/{day:%Y/%m/%d}/" for day in days)),
        "month of a channel": list(
            dict.fromkeys(
                f"/{quote(rows[one].channel.path)}/archive/{day:%Y/%m}/"
                for one, day in zip(plain[1:-1], days, strict=True)
                if day in full
            )
        ),
        "log of notices": ["/corrections/"],
        "month of notices": each("/corrections/archive/{}/", months),
        "figures of accuracy": ["/corrections/accuracy/"],
        "feed (RSS)": ["/feed.rss", "/zh-hans/feed.rss"],
        "feed (Atom)": ["/feed.atom"],
        "feed (JSON)": ["/feed.json"],
        "feed of a channel": [f"{channel}feed.rss" for channel in channels],
        "feed of notices": ["/corrections/feed.rss"],
        "sitemap: index": ["/sitemap.xml"],
        "sitemap: a file": each("/sitemap-{}.xml", spread([*range(1, max(count // keys.FILE, 1) + 1)])),
        "sitemap: news": ["/news-sitemap.xml"],
        "search: common word": search(["青稞", "湖邊", "公路", "天氣", "學校"]),
        "search: other words": search(words),
        "search: found once": search(codes),
        "search: found never": search(["犛牛", "森林", "火車"]),
        "suggestions": search(words, "/search/suggest.json"),
    }


def in_full_months(days: list[datetime], stories: Any) -> list[datetime]:
    """Those of months in which stories came on nearly every day, so that pages of a month are as long at every size; of
    a small archive that has none, those of its longest one. stories: in order."""
    from articles.site import dates

    first, last = stories[0].first_published_at, stories.reverse()[0].first_published_at

    def covered(day: datetime) -> int:
        month = dates.period(f"{day:%Y}", f"{day:%m}")
        return (min(month.until, last) - max(month.start, first)).days

    most = min(max(map(covered, days), default=0), A_MONTH)
    return [day for day in days if covered(day) >= most]


def named(stories: list[int], kind: str, model: Any, word: str) -> list[str]:
    """The words in addresses of what these stories name."""
    from articles.models import Listing

    keys = Listing.objects.filter(publication__in=stories, kind=kind).values("target")
    return list(model.objects.filter(pk__in=keys).order_by("pk").values_list(word, flat=True)[:DIFFERENT])


def desk() -> dict[str, list[str]]:
    """Addresses at the desk."""
    from articles.desk.keyset import keys_of, written
    from articles.models import Article

    keys = keys_of(["-changed_at", "-pk"])
    count = Article.objects.count()
    row = Article.objects.order_by("-changed_at", "-pk").only("changed_at")[max(min(THOUSANDTH, count - PAGE), 0)]
    forms = range(1, count + 1, max(count // DIFFERENT, 1))
    return {
        "list": [LIST],
        "list, thousandth page": [f"{LIST}?before={written(keys, row)}"],
        "form of a story": [f"{LIST}{pk}/change/" for pk in [*forms][:DIFFERENT]],
        "form of a new story": [f"{LIST}add/"],
    }


def cookie() -> str:
    from django.conf import settings
    from django.test import Client

    from articles.models import User

    boss, _ = User.objects.get_or_create(username="boss", defaults={"is_staff": True, "is_superuser": True})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(boss)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
