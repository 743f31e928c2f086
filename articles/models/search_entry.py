from typing import Any

from django.db import models

from articles.models.article import Article


class TokensField(models.TextField):
    """Tokens as each database searches them: FTS5's text on SQLite, a tsvector on PostgreSQL."""


@TokensField.register_lookup
class Match(models.Lookup):
    """`tokens__match=expression`, in the language of the database at hand (search.query makes it)."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        sign = "{} @@ %s::tsquery" if connection.vendor == "postgresql" else "{} MATCH %s"
        return sign.format(column), [*params, self.rhs]


class SearchEntry(models.Model):
    """What a working copy can be found by. Written by `search.indexing` alone; one beside each article.

    An FTS5 table on SQLite, which knows its rows by `rowid`; on PostgreSQL a table with that column.
    """

    article = models.OneToOneField(
        Article, on_delete=models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="search_entry"
    )
    tokens = TokensField()

    class Meta:
        managed = False
        db_table = "articles_search"

    def __str__(self) -> str:
        return f"{self.pk}"
