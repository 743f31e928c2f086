"""Publishing on a seeded newsroom, as an editor does; run by rows 4 and 5, in a process of its own.

python -m benchmarks.publishing time ACTS PORT     how long each takes, and a look at the yardstick on PORT between
python -m benchmarks.publishing steadily PORT      one a second until its input is closed; each is looked for on PORT
"""

import json
import random
import select
import sys
import time
from typing import Any

import django

from benchmarks.running import get, timed

EVERY = 1.0  # seconds


class Publisher:
    def __init__(self) -> None:
        from articles.models import Article, Channel, Desk, Person, Source, User

        self.boss = User.objects.get(username="boss")
        self.desk, self.channel = Desk.objects.get(slug="seed"), Channel.objects.get(slug="c1", parent=None)
        self.source, self.person = Source.objects.order_by("pk")[0], Person.objects.order_by("pk")[0]
        self.random, self.body = (
            random.Random(),
            "".join(f"<p>{'青稞公路天氣學校石橋水位' * 8}。</p>" for _ in range(3)),
        )
        self.last = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def first(self) -> tuple[Any, str]:
        """A story that was never public; and its headline, which is no other one's."""
        from articles.publishing import Draft, begin_draft

        headline = self._headline()
        draft = Draft(
            desk=self.desk, headline=headline, language="zh-Hant", standfirst=headline, body=self.body,
            channel=self.channel, source=self.source, credits=((self.person.pk, "editor"),),
        )  # fmt: skip
        return begin_draft(draft=draft, by=self.boss), headline

    def second(self, key: int) -> tuple[Any, str]:
        """A public story with another headline."""
        from articles.models import Article
        from articles.publishing import Draft, save_draft

        article, headline = Article.objects.with_parts().get(pk=key), self._headline()
        draft = Draft(
            desk=article.desk, headline=headline, language=article.language, standfirst=article.standfirst,
            body=article.body, channel=article.channel, source=article.source, topic=article.topic,
            tags=[tag.name for tag in article.tags.all()], places=[place.pk for place in article.places.all()],
            credits=[(credit.person_id, credit.role) for credit in article.credits.all()],
        )  # fmt: skip
        return save_draft(article, seen=article.version, by=self.boss, draft=draft), headline

    def publish(self, article: Any, kind: str | None) -> float:
        """Milliseconds until it is acknowledged."""
        from articles.publishing import publish

        begun = time.perf_counter()
        publish(article, seen=article.version, by=self.boss, kind=kind)
        return (time.perf_counter() - begun) * 1000

    def _headline(self) -> str:
        return f"刊出 {self.random.getrandbits(60)}"


def time_acts(acts: int, yardstick: int) -> None:
    from articles.models import Publication

    publisher, times = Publisher(), {"first": list[float](), "second": list[float](), "one": list[float]()}
    keys = publisher.random.sample(range(1, publisher.last + 1), min(acts + 1, publisher.last))
    looks = dict(Publication.objects.filter(pk__in=keys).values_list("pk", "edition"))
    for number in range(acts + 1):
        key = keys[number % len(keys)]
        took = {
            "first": publisher.publish(publisher.first()[0], None),
            "second": publisher.publish(publisher.second(key)[0], "typo"),
            "one": timed(yardstick, f"/one/{looks[key]}/"),
        }
        if number:  # the first one fills caches
            for name, one in took.items():
                times[name].append(one)
    print(json.dumps(times))


def steadily(port: int) -> None:
    """Each act is a first or a second edition in turn, of the stories that are being read."""
    from articles.models import Publication
    from benchmarks.facts import rotated

    publisher, seen = Publisher(), {"acts": 0, "reads": 0, "stale": 0}
    codes = [address.split("/")[2] for address in rotated(_seeded())["stories"]]
    keys = dict(Publication.objects.filter(code__in=codes).values_list("pk", "code"))
    while True:
        begun = time.monotonic()
        if seen["acts"] % 2:
            key = publisher.random.choice([*keys])
            (article, headline), kind, places = publisher.second(key), "typo", [f"/a/{keys[key]}/"]
        else:
            (article, headline), kind = publisher.first(), None
            places = [f"/a/{article.code}/", "/", "/c1/", "/feed.rss"]
        publisher.publish(article, kind)
        seen["acts"] += 1
        for place in places:  # acknowledged: whoever asks from now on must see it
            status, body = get(port, place)
            seen["reads"] += 1
            seen["stale"] += status != 200 or headline.encode() not in body
        if seen["acts"] == 1:
            print("publishing", flush=True)
        left = max(EVERY - (time.monotonic() - begun), 0)
        if select.select([sys.stdin], [], [], left)[0]:  # closed
            break
    print(json.dumps(seen))


def _seeded() -> int:
    """How many stories were seeded: those that came since are of other people."""
    from articles.models import Article

    return int(Article.objects.filter(created_by__username="seed").order_by("-pk").values_list("pk", flat=True)[0])


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "time":
        time_acts(int(sys.argv[2]), int(sys.argv[3]))
    else:
        steadily(int(sys.argv[2]))
