"""A story that somebody wrote in both Chinese scripts is shown in each as it was written there, and once."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

SCRIPTS = {"zh-Hant": "zh-Hans", "zh-Hans": "zh-Hant"}


def fill(apps, schema_editor):
    stories = apps.get_model("articles", "Publication").objects.filter(state="standing")
    for script, other in SCRIPTS.items():
        beside = stories.filter(original=OuterRef("original"), language=other)
        stories.filter(Exists(beside), language=script).update(only_in=script)
        shown = stories.filter(only_in=script).values("pk")
        apps.get_model("articles", "Listing").objects.filter(publication__in=shown).update(only_in=script)


class Migration(migrations.Migration):
    dependencies = [("articles", "0024_public_search")]

    operations = [
        *(
            migrations.AddField(
                model_name=model, name="only_in", field=models.CharField(blank=True, default="", max_length=10)
            )
            for model in ("publication", "listing")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
