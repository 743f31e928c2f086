"""What an erasure may destroy, by name, before anybody destroys it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.notice_form import notice_name
from articles.models import Article, Correction, Edition, Publication
from articles.publishing.erase import Wanted, only_shown_by


class ErasureFields(forms.Form):
    editions = forms.ModelMultipleChoiceField(
        label=_("Editions whose texts are destroyed"),
        queryset=Edition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What readers see now cannot be chosen: publish a corrected edition, or take the story down, before. "
            "Pictures that nothing else shows are destroyed with their editions."
        ),
    )
    notices = forms.ModelMultipleChoiceField(
        label=_("Notices whose words are destroyed"),
        queryset=Correction.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def offer(self, publication: Publication) -> None:
        article = publication.article
        fields: dict[str, Any] = self.fields
        fields["editions"].queryset = (
            article.editions.filter(text__isnull=False)
            .exclude(pk=publication.edition_id)
            .select_related("text", "article__desk")
            .prefetch_related("shown_pictures")
            .order_by("number")
        )
        fields["editions"].label_from_instance = edition_name
        fields["notices"].queryset = (
            article.corrections.filter(text__isnull=False).select_related("text", "right").order_by("right__number")
        )
        fields["notices"].label_from_instance = notice_name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "editions" in self.fields and not given.get("editions") and not given.get("notices") and not self.errors:
            self.add_error("editions", now("Choose what is to be erased."))
        return given

    def erase(self) -> dict[str, Wanted]:
        """As `propose` takes it, where this is the form of an erasure."""
        if "editions" not in self.fields:
            return {}
        editions = [edition.number for edition in self.cleaned_data["editions"]]
        return {"erase": {"editions": editions, "notices": [notice.pk for notice in self.cleaned_data["notices"]]}}


def edition_name(edition: Edition) -> str:
    """An edition in a list of choices: number, kind, time, headline, and its pictures in words."""
    content = edition.text.read()
    at = timezone.localtime(edition.published_at, edition.article.desk.zone)
    alts = [picture["alt"] for picture in content["pictures"].values()]
    name = f"{edition.number}: {edition.get_kind_display()}, {at:%Y-%m-%d %H:%M}: {content['headline'][:60]}"
    return f"{name} ({'; '.join(alts)})" if alts else name


def erased_parts(article: Article, wanted: Wanted) -> Iterable[str]:
    """What the terms of an erasure name, one line each: also what is gone already, by its number."""
    editions = list(article.editions.filter(number__in=wanted["editions"]).select_related("text", "article__desk"))
    for edition in sorted(editions, key=lambda one: one.number):
        gone = now("Edition %(number)d: erased") % {"number": edition.number}
        yield now("Edition %(name)s") % {"name": edition_name(edition)} if hasattr(edition, "text") else gone
    notices = article.corrections.filter(pk__in=wanted["notices"]).select_related("text", "right").order_by("pk")
    for notice in notices:
        yield now("Notice of edition %(name)s") % {"name": notice_name(notice)}
    if any(hasattr(edition, "text") for edition in editions):
        for picture in only_shown_by(article, editions):
            yield now("Picture %(number)d: %(alt)s") % {"number": picture.pk, "alt": picture.alt}
