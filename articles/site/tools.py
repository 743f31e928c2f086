"""What a reader may do with a story: pass its address on, and have it read aloud."""

from urllib.parse import quote

from django.conf import settings

from articles.models import Language

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
