from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0026_purges"),
    ]

    operations = [
        migrations.AddField(
            model_name="purge",
            name="left",
            field=models.TextField(blank=True, default=""),
        ),
    ]
