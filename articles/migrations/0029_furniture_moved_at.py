from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0028_duties_by_target"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="furniture_moved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
