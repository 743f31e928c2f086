"""Written Chinese from one script to the other, by OpenCC and dictionaries of our own. Pure, and safe for threads."""

from articles.language.scripts.doubts import Doubt, doubtful, doubtful_html
from articles.language.scripts.engine import version
from articles.language.scripts.pages import convert_html
from articles.language.scripts.text import convert

VERSION = version()  # to be kept beside each text that was converted

__all__ = ["VERSION", "Doubt", "convert", "convert_html", "doubtful", "doubtful_html"]
