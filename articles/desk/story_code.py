"""A story chosen by its content code, as it is read out or copied from an address."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.models import Article, User
from articles.publishing.rights import articles_of

CODE = re.compile(r"(?:.*/a/)?([2-9a-z]{8,12})/?", re.IGNORECASE)


class StoryCodeField(forms.CharField):
    """`user` may name the stories of their desks and all public ones; `own` is the story that the form is about."""

    user: User | None = None
    own: Article | None = None
    default_error_messages = {
        "unknown": _("No story has this code. Copy it from the story’s own form or its public address."),
        "itself": _("A story cannot translate itself."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=300,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            help_text=_("The content code of the story in another language, or its public address."),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """The code, where the form knows the story by its key."""
        if isinstance(value, int):
            return Article.objects.filter(pk=value).values_list("code", flat=True).first() or ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Article | None:
        typed = super().clean(value)
        if not typed:
            return None
        code = CODE.fullmatch(typed)
        found = Article.objects.filter(code=code[1].lower()).first() if code else None
        if not found or not self._may_name(found):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if self.own and self.own.pk == found.pk:
            raise ValidationError(self.error_messages["itself"], code="itself")
        return found

    def _may_name(self, article: Article) -> bool:
        if hasattr(article, "publication"):
            return True
        return bool(self.user and articles_of(self.user).filter(pk=article.pk).exists())
