from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_ledger")]

    operations = [
        migrations.AlterField("publication", "changed_at", models.DateTimeField()),
        migrations.RemoveField("publication", "changed_note"),
    ]
