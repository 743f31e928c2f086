"""Validators: each says what is wrong and what to do."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.language import words

# The first words of permanent addresses (docs/architecture.md), so that no channel can take one of them.
RESERVED_SLUGS = [
    "a", "about", "admin", "archive", "bo", "contact", "corrections", "en", "feed", "health", "history", "imprint",
    "media", "news-sitemap", "page", "people", "places", "preview", "privacy", "robots", "search", "sitemap", "static",
    "tag", "topic", "v", "zh-hans", "zh-hant",
]  # fmt: skip


def check_slug(value: str) -> None:
    """Refuse what `slugify` would not have made."""
    if value != words.slugify(value):
        raise ValidationError(
            _("Use letters, digits and hyphens only; for example “%(example)s”."),
            code="slug",
            params={"example": words.slugify(value) or "roads"},
        )


def check_slug_is_free(value: str) -> None:
    if value in RESERVED_SLUGS or value.isdigit():
        raise ValidationError(_("“%(word)s” is used by the site's own addresses; choose another word."),
                              code="reserved", params={"word": value})  # fmt: skip


def check_tag(value: str) -> None:
    """Refuse what the story form would read as several tags, or as none."""
    if words.split_tags(value) != [value] or not words.slugify(value):
        raise ValidationError(_("A tag is one short term without commas. Delete the commas, or make several tags."))


def check_line(value: str) -> None:
    """Refuse characters that no reader could see in one line of text."""
    found = words.unusable_characters(value)
    if found:
        raise ValidationError(
            _("This contains characters that cannot be shown (%(found)s). Delete them, or type the text anew."),
            code="characters",
            params={"found": ", ".join(found)},
        )


def check_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(zone)s” is no time zone; write for example Asia/Shanghai."), params={"zone": value})
