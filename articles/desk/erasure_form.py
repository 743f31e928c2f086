"""What an erasure may destroy, by name, before anybody destroys it."""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.keys import KeysField
from articles.desk.notice_form import notice_name
from articles.models import Article, Correction, Edition, Publication
from articles.publishing.erase import Wanted, check_erasure, only_shown_by
from articles.publishing.errors import PublishingError

OF_ERASURE = ["editions", "notices", "shown"]
# A Han character, a Tibetan syllable, or a word of any other script.
_HAN, _TIBETAN = r"\u3400-\u9fff\U00020000-\U0003ffff", r"\u0f40-\u0fbc"
_PIECE = re.compile(rf"(?P<short>[{_HAN}]|[{_TIBETAN}]+)|[^\W_{_HAN}{_TIBETAN}]+")
TELLING = 3  # Han characters or Tibetan syllables in a row that say where they come from; of other scripts, two words


class ErasureFields(forms.Form):
    editions = KeysField(
        label=_("Editions whose texts are destroyed"),
        queryset=Edition.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What readers see now cannot be chosen: publish a corrected edition, or take the story down, before. "
            "Pictures that nothing else shows are destroyed with their editions."
        ),
    )
    notices = KeysField(
        label=_("Notices whose words are destroyed"),
        queryset=Correction.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    destroyed: Sequence[str] = ()  # all that would go, where it is more than was chosen
    repeated = ""  # words of erased headlines that would stay

    def offer(self, publication: Publication) -> None:
        self.article = article = publication.article
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
        elif "editions" in self.fields and not self.errors:
            self._look(given)
        return given

    def _look(self, given: dict[str, Any]) -> None:
        """What goes along with the chosen, and what would stay of it, is shown before it can be proposed."""
        chosen = self.erase()["erase"]
        try:
            whole = check_erasure(self.article, chosen)
        except PublishingError as error:
            self.add_error("editions", str(error))
            return
        texts = [edition.text.read()["headline"] for edition in self.article.editions.filter(
            number__in=whole["editions"]).select_related("text")]  # fmt: skip
        repeated = " · ".join(dict.fromkeys(
            piece for text in texts for piece in repeats(text, [given.get("note", ""), given.get("reason", "")])
        ))  # fmt: skip
        mark = sha256(json.dumps([whole, repeated]).encode()).hexdigest()
        if (whole == {name: sorted(keys) for name, keys in chosen.items()} and not repeated) or given["shown"] == mark:
            return
        self.destroyed, self.repeated = list(erased_parts(self.article, whole)), repeated
        renewed: Any = self.data.copy()  # type: ignore[attr-defined]
        renewed["shown"] = mark
        self.data = renewed
        self.add_error(None, now("Look at what this destroys, then propose it once more."))

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


def repeats(headline: str, texts: Iterable[str]) -> list[str]:
    """The words of a headline that these texts repeat, as far as one would recognise it by them."""
    pieces = list(_PIECE.finditer(headline))
    names = [piece[0].casefold() for piece in pieces]
    said = [[piece[0].casefold() for piece in _PIECE.finditer(text)] for text in texts]
    found: list[tuple[int, int]] = []
    for at, piece in enumerate(pieces):
        size = TELLING if piece["short"] else 2
        run = names[at : at + size]
        if len(run) == size and any(run == one[i : i + size] for one in said for i in range(len(one))):
            start, end = pieces[at].start(), pieces[at + size - 1].end()
            if found and start <= found[-1][1]:
                start = found.pop()[0]
            found.append((start, end))
    return [headline[start:end] for start, end in found]
