"""Indexes that nothing asks, and that every publication wrote: those of one key alone where another begins with it, and
PostgreSQL's for LIKE on what is never looked for by its beginning. And a faster compression where the server has it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEYS = [
    ("article", "assignee"),
    ("article", "channel"),
    ("article", "created_by"),
    ("article", "desk"),
    ("credit", "article"),
    ("edition", "article"),
    ("event", "article"),
    ("event", "by"),
    ("event", "desk"),
    ("taggedarticle", "content_object"),
]
EXACT = [
    ("article", "begun_key"),
    ("article", "code"),
    ("publication", "code"),
    ("edition", "digest"),
    ("correction", "digest"),
    ("conversion", "digest"),
    ("erasure", "digest"),
    ("ledgerentry", "digest"),
    ("previewlink", "key_digest"),
]
LZ4 = """
DO $$ BEGIN
    ALTER TABLE articles_public_search ALTER tokens SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL; -- a server built without it keeps its own
END $$
"""


def _keys(apps):
    for name, field in KEYS:
        model = apps.get_model("articles", name)
        yield model, model._meta.get_field(field)


def _exact(apps):
    for name, field in EXACT:
        model = apps.get_model("articles", name)
        yield model, model._meta.get_field(field)


def drop(apps, schema_editor):
    names = [schema_editor._create_index_name(model._meta.db_table, [field.column]) for model, field in _keys(apps)]
    if schema_editor.connection.vendor == "postgresql":
        names += [
            schema_editor._create_index_name(model._meta.db_table, [field.column], suffix="_like")
            for model, field in _exact(apps)
        ]
        schema_editor.execute(LZ4)
    for name in names:
        schema_editor.execute(f'DROP INDEX IF EXISTS "{name}"')


def make(apps, schema_editor):
    for model, field in _keys(apps):
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))
    if schema_editor.connection.vendor == "postgresql":
        for model, field in _exact(apps):
            schema_editor.execute(schema_editor._create_like_index_sql(model, field))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0029_furniture_moved_at"),
    ]

    operations = [
        migrations.RunPython(drop, make, elidable=False),
        # Of the state alone: on SQLite, Django would make each table anew, without its triggers.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="article",
                    name="assignee",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="channel",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="articles.channel",
                        verbose_name="channel",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="created_by",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                migrations.AlterField(
                    model_name="article",
                    name="desk",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="articles.desk",
                        verbose_name="desk",
                    ),
                ),
                migrations.AlterField(
                    model_name="credit",
                    name="article",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credits",
                        to="articles.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="edition",
                    name="article",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="articles.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="article",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="articles.article",
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="desk",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.desk",
                        verbose_name="desk",
                    ),
                ),
                migrations.AlterField(
                    model_name="taggedarticle",
                    name="content_object",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="articles.article"
                    ),
                ),
            ],
        ),
    ]
