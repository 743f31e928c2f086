"""The readers' index of public stories, beside the desk's own, and what is suggested to who types."""

import django.db.models.deletion
from django.db import migrations, models

import articles.models.search_entry

MAKE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_public_search USING fts5(tokens, tokenize = 'ascii', columnsize = 0)",
    ],
    "postgresql": [
        "CREATE TABLE articles_public_search (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL) "
        "WITH (toast_tuple_target = 128)",  # narrow rows: what was found is sorted by time before its tokens are read
        # Stories appear a few times an hour and are sought all day: nothing waits to be put into the index.
        "CREATE INDEX articles_public_search_tokens ON articles_public_search USING gin (tokens) "
        "WITH (fastupdate = off)",
        "ALTER TABLE articles_public_search ALTER tokens SET STATISTICS 0",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_public_search")


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_old_addresses")]

    operations = [
        migrations.RunPython(make, drop, elidable=False),
        migrations.CreateModel(
            name="PublicTokens",
            fields=[
                ("moment", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)),
                ("tokens", articles.models.search_entry.TokensField()),
            ],
            options={"db_table": "articles_public_search", "managed": False},
        ),
        migrations.CreateModel(
            name="PublicEntry",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="found_as",
                        serialize=False,
                        to="articles.publication",
                    ),
                ),
                ("moment", models.BigIntegerField(unique=True)),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("channel", "Channel"),
                            ("topic", "Topic"),
                            ("tag", "Tag"),
                            ("person", "Person"),
                            ("place", "Place"),
                            ("headline", "Headline"),
                        ],
                        max_length=10,
                    ),
                ),
                ("target", models.BigIntegerField()),
                ("readers", models.CharField(blank=True, max_length=5)),
                ("key", models.BinaryField(max_length=240)),
            ],
            options={
                "indexes": [models.Index(fields=["readers", "key"], name="suggestion_by_key")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "target", "key"), name="one_suggestion_once"),
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["channel", "topic", "tag", "person", "place", "headline"]),
                        name="known_suggestion_kind",
                    ),
                ],
            },
        ),
    ]
