"""The languages that stories are written in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """A story's language and script (BCP 47)."""

    ZH_HANT = "zh-Hant", _("Chinese, Traditional")
    ZH_HANS = "zh-Hans", _("Chinese, Simplified")
    EN = "en", _("English")
    BO = "bo", _("Tibetan")

    @property
    def interface(self) -> str:
        """Django's code of the pages around a text in this language."""
        return self.value.lower()

    @property
    def readers(self) -> str:
        """Who can read it: a list shows both Chinese scripts together, Tibetan and English each by itself."""
        return self.value.split("-")[0]

    @property
    def other_script(self) -> "Language | None":
        """The script that a Chinese text is also offered in; None for other languages."""
        return {Language.ZH_HANT: Language.ZH_HANS, Language.ZH_HANS: Language.ZH_HANT}.get(self)

    @property
    def tag(self) -> str:
        """BCP 47, with the region that this newsroom means by Traditional Chinese (settings.HANT_REGION)."""
        return f"{self.value}-{settings.HANT_REGION}" if self == Language.ZH_HANT else self.value

    @property
    def page_tag(self) -> str:
        """BCP 47, as pages say it: Hong Kong's forms want a face of their own."""
        return self.tag if self.tag.endswith("-HK") else self.value

    @classmethod
    def of_interface(cls, code: str) -> "Language":
        """The language whose pages carry Django's `code`; raises ValueError for another."""
        for language in cls:
            if language.interface == code:
                return language
        raise ValueError(code)


def site_language() -> Language:
    """The language whose pages have no prefix."""
    return Language.of_interface(settings.LANGUAGE_CODE)
