"""The yardsticks: plain Django with its own default middleware, over the tables of a seeded newsroom.

/             a constant, the page in the file PAGE
/one/<key>/   one look by primary key, and the page around what it found; no template
/list/        the thirty newest stories: one query, one template
"""

import json
import os
from pathlib import Path

import dj_database_url
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

HERE = Path(__file__).parent

if not settings.configured:
    database = dj_database_url.parse(os.environ.get("DATABASE_URL", "sqlite://:memory:"), conn_max_age=60)
    settings.configure(
        SECRET_KEY="constant-constant-constant-constant-constant-constant",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": database},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    )
    django.setup()

from django.db import models  # noqa: E402 - behind the settings

PAGE = Path(os.environ["PAGE"]).read_bytes() if "PAGE" in os.environ else ("字" * 2000).encode()
AROUND = "<!doctype html><html lang=zh><title>{headline}</title><h1>{headline}</h1><p>{standfirst}</p>{body}</html>"


class Text(models.Model):  # noqa: DJ008
    edition = models.BigIntegerField(primary_key=True, db_column="edition_id")
    content = models.TextField()

    class Meta:
        app_label = "yardstick"
        managed = False
        db_table = "articles_editiontext"


class Story(models.Model):  # noqa: DJ008
    code = models.CharField(max_length=12)
    headline = models.CharField(max_length=200)
    standfirst = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "yardstick"
        managed = False
        db_table = "articles_article"


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


def one(request: HttpRequest, key: int) -> HttpResponse:
    return HttpResponse(AROUND.format(**json.loads(Text.objects.get(pk=key).content)))


def newest(request: HttpRequest) -> HttpResponse:
    stories = Story.objects.only("code", "headline", "standfirst", "created_at").order_by("-id")[:30]
    return render(request, "yardstick.html", {"stories": stories})


urlpatterns = [path("", constant), path("one/<int:key>/", one), path("list/", newest)]
application = get_wsgi_application()
