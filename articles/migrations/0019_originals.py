"""Stories that are public already know from now on what they translate."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    article = apps.get_model("articles", "Article").objects.filter(pk=OuterRef("article_id"))
    apps.get_model("articles", "Publication").objects.update(
        original_id=Coalesce(Subquery(article.values("translation_of_id")[:1]), F("article_id"))
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_conversions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
