"""Keys of things, as addresses and forms bring them: any text at all."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


def key_of(text: str) -> int:
    """A key as a database can hold it; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class KeysField(forms.ModelMultipleChoiceField):
    """Some of what is offered. A key that no database can hold is refused like any other that is not offered."""

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if not key_of(str(one)):
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice",
                                      params={"value": one})  # fmt: skip
        return super().clean(value)
