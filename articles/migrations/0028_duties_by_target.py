from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0027_purges_left"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["target", "place", "state"], name="duty_by_target"),
        ),
    ]
