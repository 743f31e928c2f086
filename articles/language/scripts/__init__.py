"""Written Chinese from one script to another, by OpenCC and dictionaries of our own."""

from articles.language.scripts.engine import version
from articles.language.scripts.pages import convert_html
from articles.language.scripts.text import convert

VERSION = version()  # to be kept beside each text that was converted

__all__ = ["VERSION", "convert", "convert_html"]
