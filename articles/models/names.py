"""What bears a name that readers see: one in the site's own language, others where the desk has them."""

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.language import scripts
from articles.language.words import MAX_SLUG
from articles.models.checks import check_line, check_slug
from articles.models.languages import Language, site_language


@lru_cache(maxsize=4096)
def other_script(text: str, source: Language, target: Language) -> str:
    """Furniture of pages (a name, a tagline) in the other Chinese script."""
    return scripts.convert(text, source.tag, target.tag)


@lru_cache(maxsize=64)
def other_script_html(html: str, source: Language, target: Language) -> str:
    """A page of the site about itself in the other Chinese script."""
    return scripts.convert_html(html, source.tag, target.tag)


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
        """The name as readers of `language` (BCP 47) see it, and the language that this name is in.

        Where nobody gave one in a Chinese script, it is the one in the other script, converted.
        """
        if found := self.said("name", language):
            return found, language
        return self.name, site_language().value

    def name_in(self, language: str) -> str:
        return self.named(language)[0]

    def said(self, field: str, language: str) -> str:
        """What `field` says to readers of `language`: as the desk wrote it for them, or in the other Chinese script;
        nothing where they could not read what there is."""
        site, wanted = site_language(), Language(language)

        def written(one: Language) -> str:
            own: str = getattr(self, in_language(field, one), "")
            return own or (getattr(self, field) if one == site else "")

        if own := written(wanted):
            return own
        other = wanted.other_script
        found = written(other) if other else ""
        return other_script(found, other, wanted) if other and found else ""


def in_language(field: str, language: str) -> str:
    """The column in which a text that stands in several languages stands in one of them."""
    return f"{field}_{language.lower().replace('-', '_')}"


def in_languages(field: str) -> list[str]:
    """The columns of a text that stands in several languages, the site's own first."""
    return [field, *(in_language(field, language) for language in Language.values)]


NAME_FIELDS = in_languages("name")


def slug_field(*, unique: bool = False) -> models.CharField:
    """A slug that keeps Chinese and Tibetan readable (articles.language.words.slugify)."""
    return models.CharField(_("address word"), max_length=MAX_SLUG, validators=[check_slug], unique=unique)
