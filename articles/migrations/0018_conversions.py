import articles.models.checks
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_passkey_tries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("converter", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("content_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "text in the other script",
                "verbose_name_plural": "texts in the other script",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="script_forms",
            field=models.TextField(
                blank=True,
                help_text="One in a line, as word = word; the same word twice keeps it as it is.",
                max_length=2000,
                verbose_name="words in the other Chinese script",
            ),
        ),
        migrations.AddField(
            model_name="glossaryentry",
            name="other_script",
            field=models.CharField(
                blank=True,
                help_text="How it must stand there; the same form keeps it as it is. Empty: it is converted like other words.",
                max_length=100,
                validators=[articles.models.checks.check_line],
                verbose_name="in the other Chinese script",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="converted_card",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="original",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.article"
            ),
        ),
        migrations.CreateModel(
            name="ConversionText",
            fields=[
                (
                    "conversion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="articles.conversion",
                    ),
                ),
                ("content", models.TextField()),
                ("salt", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "words in the other script",
                "verbose_name_plural": "words in the other script",
            },
        ),
        migrations.AddField(
            model_name="conversion",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="conversions", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="conversion",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversions",
                to="articles.edition",
            ),
        ),
        migrations.AddField(
            model_name="conversion",
            name="notice",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversions",
                to="articles.correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversion",
            constraint=models.UniqueConstraint(fields=("edition", "language"), name="one_conversion_of_an_edition"),
        ),
        migrations.AddConstraint(
            model_name="conversion",
            constraint=models.UniqueConstraint(fields=("notice", "language"), name="one_conversion_of_a_notice"),
        ),
        migrations.AddConstraint(
            model_name="conversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("edition__isnull", False), ("notice__isnull", True)),
                    models.Q(("edition__isnull", True), ("notice__isnull", False)),
                    _connector="OR",
                ),
                name="a_conversion_is_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["zh-Hant", "zh-Hans"])), name="converted_to_a_chinese_script"
            ),
        ),
    ]
