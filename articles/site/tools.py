"""What a reader may do with a story: pass its address on, and have it read aloud."""

import functools
from urllib.parse import quote

import qrcode  # type: ignore[import-untyped]
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Language

QUIET = 4  # cells that must stay empty around a code

# Tags of the voices that can read a language, the best first; a voice may add a region to its tag.
_MANDARIN = "cmn zh-CN zh-SG zh"
VOICES = {Language.ZH_HANS: f"zh-CN {_MANDARIN} zh-TW", Language.EN: "en", Language.BO: "bo"}
HANT_VOICES = {"HK": f"zh-HK yue zh-TW {_MANDARIN}", "TW": f"zh-TW cmn-TW {_MANDARIN} zh-HK"}


def voices(language: str) -> str:
    """The tags of voices that can read a story in `language`, by spaces, the best first."""
    if language == Language.ZH_HANT:
        return HANT_VOICES[settings.HANT_REGION]
    return VOICES[Language(language)]


def by_mail(address: str, title: str) -> str:
    """A link that opens a letter with title and address in it, to nobody yet."""
    return f"mailto:?subject={quote(title)}&body={quote(title)}%0D%0A{quote(address)}"


def qr(address: str, words: str) -> SafeString:
    """The QR code of an address as SVG, dark on light in every scheme, with a name for those who do not see it."""
    size, path = _code(address)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path d="{}"/></svg>',
        size, size, words, size, size, path,
    )  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _code(address: str) -> tuple[int, SafeString]:
    """The side of a code in cells, and its dark cells, row by row.

    The mask is always the same one: every reader knows all eight, and to choose would cost four times the work.
    """
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=0)
    code.add_data(address)
    code.make(fit=True)
    steps = []
    for y, row in enumerate(code.get_matrix()):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                steps.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return code.modules_count + 2 * QUIET, mark_safe("".join(steps))  # noqa: S308 - letters and figures
