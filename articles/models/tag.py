from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.language import words
from articles.models.checks import check_line, check_tag
from articles.models.names import slug_field
from articles.models.old_address import Addressed
from articles.models.publication import Listing


class Tag(Addressed, TagBase):  # type: ignore[django-manager-missing]
    """A word that stories share. Its slug keeps Chinese and Tibetan readable, which taggit's own would destroy."""

    name = models.CharField(_("name"), max_length=100, unique=True, validators=[check_line, check_tag])
    slug = slug_field(unique=True)

    address_kind = Listing.Kind.TAG

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = words.slugify(tag) or "tag"
        return slug if i is None else f"{slug[: words.MAX_SLUG - 5]}-{i}"


class TaggedArticle(ItemBase):
    """A tag on the working copy of an article."""

    content_object = models.ForeignKey("articles.Article", on_delete=models.CASCADE, db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_articles")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="one_tag_once_on_an_article"),
        ]
