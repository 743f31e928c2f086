"""Addresses of public pages, in the language that they are read in."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from articles.models import Language, site_language
from newsroom.middleware import language_of


def page_language() -> Language:
    """The language of the page being made."""
    return Language.of_interface(translation.get_language() or settings.LANGUAGE_CODE)


def story_path(code: str, language: str) -> str:
    """Where a story stands: below the prefix of the language that it is written in."""
    with translation.override(Language(language).interface):
        return reverse("site:article", args=[code])


def in_language(path: str, language: Language) -> str:
    """The same page, as `language` has it."""
    current = language_of(path)
    bare = path.removeprefix(f"/{current}") if current else path
    return bare if language == site_language() else f"/{language.interface}{bare}"


def in_languages(path: str, languages: Iterable[Language]) -> dict[Language, str]:
    return {language: in_language(path, language) for language in languages}


def absolute(path: str) -> str:
    return path if path.startswith(("http://", "https://")) else settings.SITE_ADDRESS + path
