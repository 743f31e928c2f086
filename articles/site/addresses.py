"""Addresses of public pages, in the language that they are read in."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from articles.models import Language, site_language
from articles.models.codes import LENGTH
from articles.site.remembered import remembered
from newsroom.middleware import language_of

KNOWN = 4096  # addresses
A_CODE = "2" * LENGTH  # stands for any; none has a character that is written otherwise in an address


def page_language() -> Language:
    """The language of the page being made."""
    return Language.of_interface(translation.get_language() or settings.LANGUAGE_CODE)


@remembered(KNOWN)
def of(name: str, *words: object) -> str:
    """As Django's `reverse`, of the site's own pages."""
    return reverse(f"site:{name}", args=words)


def of_story(name: str, code: str, language: str, *more: object) -> str:
    """An address of a story, below the prefix of `language`: `article`, `edition` with a number, `history` …"""
    return _form(name, language, *more).replace(A_CODE, code, 1)


@remembered(KNOWN)
def _form(name: str, language: str, *more: object) -> str:
    """What all stories' addresses of a kind have in common."""
    with translation.override(Language(language).interface):
        return reverse(f"site:{name}", args=[A_CODE, *more])


def story_path(code: str, language: str) -> str:
    """Where a story stands: below the prefix of the language that it is written in."""
    return of_story("article", code, language)


def in_language(path: str, language: Language) -> str:
    """The same page, as `language` has it."""
    return bare(path) if language == site_language() else f"/{language.interface}{bare(path)}"


def bare(path: str) -> str:
    """Without the prefix of a language."""
    current = language_of(path)
    return path.removeprefix(f"/{current}") if current else path


def in_languages(path: str, languages: Iterable[Language]) -> dict[Language, str]:
    return {language: in_language(path, language) for language in languages}


def absolute(path: str) -> str:
    return path if path.startswith(("http://", "https://")) else settings.SITE_ADDRESS + path
