"""The index behind the desk's search: an FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

import articles.models.search_entry

MAKE = {
    # Our own tokens, parted by spaces: “ascii” takes every character beyond ASCII for a letter, and knows no language.
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_search USING fts5(tokens, tokenize = 'ascii', columnsize = 0, prefix = '1')",
    ],
    "postgresql": [
        "CREATE TABLE articles_search ("
        "rowid bigint PRIMARY KEY REFERENCES articles_article (id) DEFERRABLE INITIALLY DEFERRED, "
        "tokens tsvector NOT NULL)",
        "CREATE INDEX articles_search_tokens ON articles_search USING gin (tokens) "
        "WITH (gin_pending_list_limit = 512)",
        "ALTER TABLE articles_search ALTER tokens SET STATISTICS 1000",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_search")


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_desk")]

    operations = [
        migrations.RunPython(make, drop, elidable=False),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("tokens", articles.models.search_entry.TokensField()),
            ],
            options={"db_table": "articles_search", "managed": False},
        ),
        migrations.DeleteModel("HeadlineGram"),
        migrations.AddIndex(
            "article",
            models.Index(fields=["desk", "stage", "-changed_at", "-id"], name="article_by_desk_stage"),
        ),
        migrations.AddIndex(
            "article",
            models.Index(fields=["desk", "channel", "-changed_at", "-id"], name="article_by_desk_channel"),
        ),
        migrations.AddIndex(
            "article",
            models.Index(fields=["desk", "language", "-changed_at", "-id"], name="article_by_desk_language"),
        ),
        migrations.AddIndex(
            "article",
            models.Index(fields=["desk", "assignee", "-changed_at", "-id"], name="article_by_desk_assignee"),
        ),
        migrations.AddIndex(
            "article",
            models.Index(fields=["desk", "created_by", "-changed_at", "-id"], name="article_by_desk_beginner"),
        ),
        migrations.AddIndex(
            "article",
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(due_at__isnull=False),
                name="article_by_desk_due",
            ),
        ),
    ]
