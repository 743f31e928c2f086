"""What the editions so far need to be part of the ledger: their pictures by digest, their notices as rows."""

import hashlib
import json
import secrets
from datetime import datetime

import rfc8785
from django.db import migrations


def digest(thing):
    return hashlib.sha256(rfc8785.dumps(thing)).hexdigest()


def enter(apps, schema_editor):
    model = lambda name: apps.get_model("articles", name)  # noqa: E731
    model("Ledger").objects.get_or_create(pk=1)
    model("Page").objects.get_or_create(slug="policy")
    unsealed = model("Unsealed").objects
    for edition in model("Edition").objects.select_related("text", "article").order_by("pk").iterator():
        content = json.loads(edition.text.content)
        model("EditionPicture").objects.bulk_create(
            model("EditionPicture")(edition=edition, digest=digest)
            for digest in sorted({picture["digest"] for picture in content["pictures"].values()})
        )
        unsealed.create(kind="edition", target=edition.pk, at=edition.published_at)
        for told in content["notices"]:
            if told["number"] == edition.number:
                notice = as_row(model, edition, content, told)
                unsealed.create(kind="notice", target=notice.pk, at=edition.published_at)
    for publication in model("Publication").objects.select_related("edition__text").iterator():
        content = json.loads(publication.edition.text.content)
        moved = content["notices"][0]["at"] if content["notices"] else content["first_published_at"]
        publication.changed_at = datetime.fromisoformat(moved)
        publication.notice = model("Correction").objects.filter(right=publication.edition).first()
        publication.card = rfc8785.dumps(json.loads(publication.card) | {"mark": ""}).decode()
        publication.save()


def leave(apps, schema_editor):
    """The page that the release before does not know goes, unless somebody has written it."""
    apps.get_model("articles", "Page").objects.filter(slug="policy", versions=None).delete()


def as_row(model, edition, content, told):
    """Format 1 kept a note's words in the edition alone; later editions refer to notices by digest."""
    words = {"text": told["text"], "was": "", "now": "", "passage": None, "passage_now": None, "reply": None}
    text, salt = rfc8785.dumps(words).decode(), secrets.token_hex(32)
    before = model("Edition").objects.get(article=edition.article, number=edition.number - 1)
    record = {
        "act": "notice", "code": edition.article.code, "edition": edition.number, "place": 1, "kind": told["kind"],
        "weight": "ordinary", "field": "other", "ground": "", "wrong": before.number,
        "corrects": before.digest, "channel": content["trail"][-1]["id"], "readers": content["language"].split("-")[0],
        "supersedes": "", "at": told["at"], "text": digest({"salt": salt, "text": text}),
    }
    notice = model("Correction").objects.create(
        article=edition.article, right=edition, wrong=before, place=1, kind=told["kind"], weight="ordinary",
        field="other", readers=record["readers"], channel_id=record["channel"],
        at=edition.published_at, by_id=edition.by_id, text_digest=record["text"], digest=digest(record),
    )
    model("CorrectionText").objects.create(correction=notice, content=text, salt=salt)
    return notice


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_corrections")]

    operations = [migrations.RunPython(enter, leave)]
