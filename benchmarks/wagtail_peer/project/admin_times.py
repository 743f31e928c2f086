"""Medians in milliseconds of what editors do, one request at a time, as JSON: publish an article, list, new form."""

import json
import statistics
import time

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from peer.models import Article, Channel  # noqa: E402
from wagtail.test.utils.form_data import nested_form_data, rich_text  # noqa: E402

ROUNDS = 10
client = Client(headers={"host": "127.0.0.1"})
client.force_login(get_user_model().objects.get(username="boss"))


def took(call):
    begun = time.perf_counter()
    answer = call()
    lasted = (time.perf_counter() - begun) * 1000
    assert answer.status_code in {200, 302}, answer.status_code
    return lasted, answer


def publish(article, number):
    """As the form of an article is sent."""
    data = nested_form_data({
        "title": f"{article.title} {number}", "slug": article.slug, "intro": article.intro,
        "body": rich_text("<p>青稞公路</p>" * 20), "seo_title": "", "search_description": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
        "action-publish": "action-publish",
    })  # fmt: skip
    lasted, answer = took(lambda: client.post(f"/admin/pages/{article.pk}/edit/", data))
    assert answer.status_code == 302, "the form was refused"
    article.refresh_from_db()
    assert article.title.endswith(f" {number}"), "it was not published"
    return lasted


times = {"publish": [], "admin list": [], "admin form": []}
channel = Channel.objects.order_by("pk")[0]
for number, article in enumerate(Article.objects.child_of(channel).order_by("-pk")[: ROUNDS + 2]):
    found = {
        "publish": publish(article, number),
        "admin list": took(lambda: client.get(f"/admin/pages/{channel.pk}/"))[0],
        "admin form": took(lambda: client.get(f"/admin/pages/add/peer/article/{channel.pk}/"))[0],
    }
    if number >= 2:
        for name, one in found.items():
            times[name].append(one)
print(json.dumps({name: statistics.median(all_) for name, all_ in times.items()}))
