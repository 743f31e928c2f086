"""PostgreSQL: what an edition is found by is sorted into the readers' index by the worker, not while somebody waits."""

from django.db import migrations

NAME = "articles_public_search_tokens"


def at_once(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {NAME} SET (fastupdate = off)")
        schema_editor.execute(f"ALTER INDEX {NAME} RESET (gin_pending_list_limit)")
        schema_editor.execute(f"SELECT gin_clean_pending_list('{NAME}')")


def later(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {NAME} SET (fastupdate = on, gin_pending_list_limit = 512)")


class Migration(migrations.Migration):
    dependencies = [("articles", "0031_suggestion_in_order")]

    operations = [migrations.RunPython(later, at_once, elidable=False)]
