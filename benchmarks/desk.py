"""The desk's list of stories and its search at one size, beside a view with one indexed query; run by `measure`.

    DJANGO_SETTINGS_MODULE=newsroom.settings python -m benchmarks.desk

Each page is asked for in turn through all middleware, by an administrator and by a reporter who has few stories, in one
process; prints medians and 95th percentiles in milliseconds as JSON.
"""

import json
import statistics
import time
from collections import defaultdict
from typing import Any

import django
from django.http import HttpRequest, HttpResponse
from django.urls import path

LIST = "/admin/articles/article/"
ROUNDS = 20
PAGE = 50
THOUSANDTH = 999 * PAGE


def one(request: HttpRequest) -> HttpResponse:
    """The yardstick: one look by primary key."""
    from articles.models import Article

    return HttpResponse(Article.objects.values_list("code", flat=True).get(pk=1))


def address_map() -> list[Any]:
    from newsroom.urls import urlpatterns as ours

    return [path("one/", one), *ours]


def questions(count: int) -> dict[str, str]:
    """Addresses by what they measure."""
    from articles.desk.keyset import keys_of, written
    from articles.models import Article, Person

    keys = keys_of(["-changed_at", "-pk"])
    place = min(THOUSANDTH, count - PAGE)
    row = Article.objects.order_by("-changed_at", "-pk").only("changed_at")[place]
    rare = Article.objects.values_list("code", flat=True).order_by("pk")[count // 2]
    return {
        "one indexed query": "/one/",
        "list, first page": LIST,
        "list, thousandth page": f"{LIST}?before={written(keys, row)}",
        "list, one stage": f"{LIST}?stage__exact=published",
        "list, one channel": f"{LIST}?channel__id__exact=3",
        "search, common word of two characters": f"{LIST}?q=青稞",
        "search, one character": f"{LIST}?q=湖",
        "search, a person": f"{LIST}?q={Person.objects.order_by('pk')[0].name}",
        "search, found once": f"{LIST}?q={rare}",
        "search, found never": f"{LIST}?q=犛牛",
    }


def main() -> None:
    django.setup()
    from django.test import Client, override_settings

    from articles.models import Article, Desk, Membership, User

    count = Article.objects.count()
    boss = User.objects.create_user("boss", password="x", is_staff=True, is_superuser=True)
    nima = User.objects.create_user("nima", password="x", is_staff=True)
    Membership.objects.create(user=nima, desk=Desk.objects.get(slug="seed"), role="reporter")
    Article.objects.filter(pk__in=range(1, 400, 4)).update(assignee=nima)
    clients = {}
    for name, user in (("administrator", boss), ("reporter", nima)):
        clients[name] = Client(headers={"host": "127.0.0.1"})
        clients[name].force_login(user)
    asked = questions(count)
    times: dict[str, list[float]] = defaultdict(list)
    with override_settings(ROOT_URLCONF=type("Map", (), {"urlpatterns": address_map()})):
        for number in range(ROUNDS + 3):
            for name, address in asked.items():
                for who, client in clients.items():
                    if who == "reporter" and address == "/one/":
                        continue
                    begun = time.perf_counter()
                    response = client.get(address)
                    took = (time.perf_counter() - begun) * 1000
                    assert response.status_code == 200, (address, response.status_code)
                    if number >= 3:  # the first rounds fill caches
                        times[f"{name}|{who}"].append(took)
    print(json.dumps({
        name: [statistics.median(found), sorted(found)[int(len(found) * 0.95) - 1]] for name, found in times.items()
    }))  # fmt: skip


if __name__ == "__main__":
    main()
