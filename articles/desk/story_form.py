"""The form of a story: what is typed, in order before it is saved."""

import re
import secrets
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.desk.body_editor import BodyField
from articles.desk.hand_form import HandForm
from articles.desk.merge import Merge
from articles.desk.place_field import PlacesField
from articles.desk.story_code import StoryCodeField
from articles.language import words
from articles.models import MAX_BODY, Article, Language, Topic
from articles.publishing import Draft, Spiked, StaleDraft
from articles.publishing.save_draft import check_tags, too_long
from articles.publishing.script_forms import tidy_forms

BEGUN_KEY = re.compile("[0-9a-f]{32}")


class TagsField(forms.CharField):
    """Tags in one line, divided by commas of any script."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        names = words.split_tags(super().clean(value))
        check_tags(names)
        return names


class OneLine(forms.Textarea):
    """A line of text that may break on the screen, so that all of a headline is seen; typed breaks become spaces."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", " ").replace("\n", " ").replace("\r", " ") if isinstance(value, str) else value


class ArticleForm(HandForm, forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    begun = forms.CharField(widget=forms.HiddenInput, required=False)
    body = BodyField(label=_("Body"), required=False)
    tags = TagsField(label=_("Tags"), required=False, max_length=2000, help_text=_("Divided by commas; up to twelve."))
    places = PlacesField(
        label=_("Places"), help_text=_("What the story tells of: name or code, divided by commas; up to twelve.")
    )
    translation_of = StoryCodeField(label=_("Translation of"), required=False)

    class Meta:
        model = Article
        fields = [
            "headline", "kicker", "standfirst", "desk", "language", "channel", "source", "topic", "lead_picture",
            "lead_caption", "lead_credit", "translation_of", "script_forms",
        ]  # fmt: skip
        widgets = {
            "headline": OneLine(attrs={"class": "headline", "rows": 2}),
            "kicker": forms.TextInput(attrs={"class": "kicker", "autocomplete": "off"}),
            "standfirst": OneLine(attrs={"class": "standfirst", "rows": 3}),
            "lead_caption": OneLine(attrs={"rows": 2}),
            "lead_credit": forms.TextInput(attrs={"autocomplete": "off"}),
            "script_forms": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version if self.instance.pk else 0
        self.initial["begun"] = "" if self.instance.pk else secrets.token_hex(16)
        if self.instance.pk:
            self.initial.setdefault("body", self.instance.body)
            self.initial["tags"] = [tag.name for tag in self.instance.tags.order_by("pk")]
            self.initial["places"] = list(self.instance.places.all())
        if "topic" in self.fields:
            topics: Any = self.fields["topic"]
            topics.queryset = Topic.objects.filter(Q(ended_on=None) | Q(pk=self.instance.topic_id))
        if "translation_of" in self.fields:
            field: Any = self.fields["translation_of"]
            field.own, field.user = self.instance, self.user
        if "assignee" in self.fields:
            self.offer(self.instance, self.user, self.desks)
        language = self["language"].value() if "language" in self.fields else self.instance.language
        if language in Language.values:
            for name in {"headline", "kicker", "standfirst", "lead_caption", "lead_credit", "body"} & set(self.fields):
                self.fields[name].widget.attrs["lang"] = language  # fonts, line height, kind of emphasis

    def clean_script_forms(self) -> str:
        try:
            return tidy_forms(self.cleaned_data["script_forms"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if len(body) > MAX_BODY:
            raise ValidationError(too_long(len(body)))
        return body

    user: ClassVar[Any] = None  # who fills it in
    desks: ClassVar[Any] = ()  # where they may write
    refused: ClassVar[ValidationError | None] = None  # what the verb found wrong that this form had let pass

    merging: ClassVar[Merge | None] = None  # where it came too late: both sides' changes as one

    def clean_begun(self) -> str:
        key: str = self.cleaned_data["begun"]
        return key if BEGUN_KEY.fullmatch(key) else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in {"headline", "kicker", "standfirst", "lead_caption", "lead_credit"} & set(cleaned):
            cleaned[line] = words.one_line(cleaned[line])  # as it will be stored, before its length is checked
        if self.refused:
            for name, errors in self.refused.message_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        if self.merging and self.merging.hold:
            raise ValidationError(self.merging.hold, code="stale")
        self.check_hand(cleaned)
        if self.instance.stage == Article.Stage.SPIKED:
            raise ValidationError(str(Spiked()), code="spiked")
        if self.instance.pk and cleaned.get("seen") != self.instance.version:
            raise ValidationError(str(StaleDraft(seen=cleaned.get("seen") or 0, now=self.instance.version)),
                                  code="stale")  # fmt: skip
        return cleaned

    def draft(self, credits: list[tuple[int, str]]) -> Draft:
        values = {name: value for name, value in self.cleaned_data.items() if name in Draft.__dataclass_fields__}
        return Draft(**values, credits=credits)


class CreditForm(forms.ModelForm):
    """Counts from one, puts a row without a number last, and passes over a row without a person.

    Every save writes the rows anew, so that none of them is checked against the one that it takes the place of.
    """

    order = forms.IntegerField(label=_("order"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["order"] = self.instance.order + 1 if self.instance.pk else None

    def has_changed(self) -> bool:
        return bool(self.instance.pk or self.data.get(self.add_prefix("person"))) and super().has_changed()

    def validate_unique(self) -> None:
        pass  # two rows alike are told by the formset

    def validate_constraints(self) -> None:
        pass


class CreditFormSet(forms.models.BaseInlineFormSet):
    """What is sent are rows, whichever they once were: after an autosave, the keys that the page knew are gone."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.is_bound:
            form.fields["id"] = forms.CharField(required=False, widget=forms.HiddenInput)


def drafted(form: ArticleForm, formsets: Any) -> Draft:
    """What a valid form says, with its credits in their order."""
    kept = [one.cleaned_data for formset in formsets for one in formset.forms
            if one.cleaned_data.get("person") and not one.cleaned_data.get("DELETE")]  # fmt: skip
    kept.sort(key=lambda credit: (credit.get("order") is None, credit.get("order") or 0))
    return form.draft([(credit["person"].pk, credit["role"]) for credit in kept])
