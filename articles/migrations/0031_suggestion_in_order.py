"""What begins alike is found, with what it names, in the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0030_fewer_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="suggestion", name="suggestion_by_key"),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["readers", "key", "kind", "target"], name="suggestion_in_order"),
        ),
    ]
