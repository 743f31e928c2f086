"""What is written already can be found."""

from django.db import migrations


def fill(apps, schema_editor):
    """By the state of the tables at this point: later columns of a story are not there yet."""
    from articles.language import tokens
    from articles.search.indexing import write
    from articles.search.scope import Share

    Article = apps.get_model("articles", "Article")
    Tag = apps.get_model("articles", "TaggedArticle")
    names = ("name", "name_zh_hant", "name_zh_hans", "name_en", "name_bo")
    last = 0
    while stories := list(Article.objects.filter(pk__gt=last).order_by("pk").prefetch_related("credits__person")[:200]):
        tags = Tag.objects.filter(content_object__in=stories).values_list("content_object_id", "tag__name")
        write([
            (story.pk, [
                Share(story.desk_id).mark, Share(story.desk_id, story.created_by_id).mark,
                *tokens.tokens("\n".join([
                    story.code, story.headline, story.kicker, story.standfirst, story.lead_caption,
                    *(name for key, name in tags if key == story.pk),
                    *(getattr(credit.person, name) for credit in story.credits.all() for name in names),
                    tokens.plain(story.body),
                ])),
            ])
            for story in stories
        ])  # fmt: skip
        last = stories[-1].pk


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_search")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
