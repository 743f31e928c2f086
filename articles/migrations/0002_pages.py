from django.db import migrations

SLUGS = ["about", "contact", "imprint", "privacy"]


def enter(apps, schema_editor):
    """The four pages of the site about itself are always there; their words are written in the admin."""
    pages = apps.get_model("articles", "Page").objects
    for slug in SLUGS:
        pages.get_or_create(slug=slug)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
