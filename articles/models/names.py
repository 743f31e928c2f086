"""What bears a name that readers see: one in the site's own language, others where the desk has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.language.words import MAX_SLUG
from articles.models.checks import check_line, check_slug
from articles.models.languages import site_language


class Named(models.Model):
    name = models.CharField(
        _("name"), max_length=100, validators=[check_line], help_text=_("As it stands in the site's own language.")
    )
    name_zh_hant = models.CharField(
        _("name in Traditional Chinese"), max_length=100, blank=True, validators=[check_line]
    )
    name_zh_hans = models.CharField(
        _("name in Simplified Chinese"), max_length=100, blank=True, validators=[check_line]
    )
    name_en = models.CharField(_("name in English"), max_length=100, blank=True, validators=[check_line])
    name_bo = models.CharField(_("name in Tibetan"), max_length=100, blank=True, validators=[check_line])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def named(self, language: str) -> tuple[str, str]:
        """The name as readers of `language` (BCP 47) see it, and the language that this name is in."""
        own = getattr(self, f"name_{language.lower().replace('-', '_')}", "")
        if own:
            return own, language
        return self.name, site_language().value

    def name_in(self, language: str) -> str:
        return self.named(language)[0]


NAME_FIELDS = ["name", "name_zh_hant", "name_zh_hans", "name_en", "name_bo"]


def slug_field(*, unique: bool = False) -> models.CharField:
    """A slug that keeps Chinese and Tibetan readable (articles.language.words.slugify)."""
    return models.CharField(_("address word"), max_length=MAX_SLUG, validators=[check_slug], unique=unique)
