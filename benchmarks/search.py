"""The readers' search at one size, beside a view with one indexed query; on a seeded database (benchmarks.seed).

    DJANGO_SETTINGS_MODULE=newsroom.settings python -m benchmarks.search

Each question is asked in turn in one process: as a page through all middleware, and of the engine alone, without the
page around what it finds. Prints for each the median and the 95th percentile in milliseconds, and how many times the
yardstick's 95th percentile that is, as a table.
"""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import django
from django.http import HttpRequest, HttpResponse
from django.urls import path

ROUNDS = 40
YARDSTICK = "one indexed query"


def one(request: HttpRequest) -> HttpResponse:
    """The yardstick: one look by primary key."""
    from articles.models import Publication

    return HttpResponse(Publication.objects.values_list("code", flat=True).get(pk=1))


def address_map() -> list[Any]:
    from newsroom.urls import urlpatterns as ours

    return [path("one/", one), *ours]


def questions() -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked, by what it measures: the prefix of its pages, and what its address holds."""
    from articles.models import Article, Channel, Publication

    rare = Publication.objects.order_by("-pk").values_list("code", flat=True)[Publication.objects.count() // 2]
    headline = Article.objects.filter(language="zh-Hant").order_by("pk")[0].headline
    day = Publication.objects.order_by("-first_published_at").values_list("first_published_at", flat=True)[0]
    return {
        "word of two characters": ("", {"q": "青稞"}),
        "word of three characters": ("", {"q": headline[2:5]}),
        "one character": ("", {"q": "湖"}),
        "two words": ("", {"q": f"青稞 {headline[4:6]}"}),
        "name beside the text": ("", {"q": "人物7"}),
        "number": ("", {"q": "2026年"}),
        "found once": ("", {"q": rare}),
        "found never": ("", {"q": "犛牛"}),
        "a date that stands nowhere": ("", {"q": "2月31日"}),
        "beside every text": ("", {"q": "來源"}),
        "found loosely": ("", {"q": "青稞 犛牛"}),
        "English word": ("/en", {"q": "barley"}),
        "two English words": ("/en", {"q": "stone bridge"}),
        "Tibetan word": ("/bo", {"q": "སློབ་གྲྭ"}),
        "one syllable": ("/bo", {"q": "ཆུ"}),
        "in a channel": ("", {"q": "青稞", "channel": Channel.objects.get(slug="c3", parent=None).path}),
        "in a topic": ("", {"q": "青稞", "topic": "t3"}),
        "in a year": ("", {"q": "青稞", "from": f"{day.year - 1}-01-01", "to": f"{day.year - 1}-12-31"}),
        "suggestions": ("suggest", {"q": headline[:2]}),
    }


def main() -> None:
    django.setup()
    from django.test import Client, override_settings

    from articles.search.engine import engine
    from articles.search.question import Question

    client = Client(headers={"host": "127.0.0.1"})
    times: dict[str, list[float]] = defaultdict(list)
    with override_settings(ROOT_URLCONF=type("Map", (), {"urlpatterns": address_map()})):
        calls: list[tuple[str, Callable[[], object]]] = [(YARDSTICK, lambda: _get(client, "/one/"))]
        for name, (prefix, asked) in questions().items():
            if prefix == "suggest":
                address = f"/search/suggest.json?{urlencode(asked)}"
                calls.append((f"{name}|page", lambda address=address: _get(client, address)))
                continue
            address = f"{prefix}/search/?{urlencode(asked)}"
            calls.append((f"{name}|page", lambda address=address: _get(client, address)))
            if set(asked) == {"q"}:
                question = Question(asked["q"], (prefix or "/zh").strip("/"))
                calls.append((f"{name}|engine", lambda question=question: engine().find(question)))
                if after := engine().find(question).after:
                    following = f"{address}&after={after.written()}"
                    calls.append((f"{name}, second page|page", lambda address=following: _get(client, address)))
        for number in range(ROUNDS + 3):
            random.Random(number).shuffle(calls)
            for name, call in calls:
                begun = time.perf_counter()
                call()
                took = (time.perf_counter() - begun) * 1000
                if number >= 3:  # the first rounds fill caches
                    times[name].append(took)
    figures = {name: [statistics.median(all_), sorted(all_)[int(len(all_) * 0.95) - 1]] for name, all_ in times.items()}
    print("| question | p50 ms | p95 ms | × one query |\n|---|---|---|---|")
    for name, (half, most) in sorted(figures.items()):
        print(f"| {name.replace('|', ', ')} | {half:.1f} | {most:.1f} | {most / figures[YARDSTICK][1]:.1f} |")


def _get(client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)


if __name__ == "__main__":
    main()
