"""The kinds of change, and what each asks of the person who publishes it."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.keys import KeysField, key_of
from articles.language import markup, passages
from articles.models import Article, Correction, Edition, EditionText, ErrorReport, User
from articles.models.checks import check_line
from articles.publishing import (
    KindMissing,
    Note,
    NoteMissing,
    NoteUnusable,
    PassageNotFound,
    PublishingError,
    RightMissing,
    WrongMissing,
)
from articles.publishing.issue import NEW_WORDS, SILENT_KINDS
from articles.publishing.notes import MAX_NOTE
from articles.publishing.publish import right_for
from articles.publishing.rights import Right, may

Kind = Edition.Kind
PUBLISHED = [Kind.TYPO, Kind.CORRECTION, Kind.CLARIFICATION, Kind.UPDATE, Kind.EDITORS_NOTE]  # by one person
BY_TWO = [Kind.RETRACTION, Kind.TAKEDOWN]
WHEN = {
    Kind.TYPO: _("Spelling or a tag; nobody could have understood it differently. Readers find it in the history."),
    Kind.CORRECTION: _("Something was wrong. A notice says what was wrong and what is right."),
    Kind.CLARIFICATION: _("True, but it could be misunderstood, or lacked something. A notice says so."),
    Kind.UPDATE: _("Something has happened since; what stood there was right. A dated note stands below the text."),
    Kind.EDITORS_NOTE: _("What readers should know about the story itself: a dispute, a reply. It stands on top."),
    Kind.RETRACTION: _("Its core does not hold. A notice takes the place of the text, which stays in the history."),
    Kind.TAKEDOWN: _("By law or for somebody’s safety it cannot stay public. Its pages say that, and why."),
}
# What each kind asks for; anything else that stands in the form does not count.
ASKS: dict[str, list[str]] = {
    Kind.TYPO: [],
    Kind.UPDATE: ["note", "weight", "reports"],
    Kind.CLARIFICATION: ["note", "field", "passage", "wrong", "weight", "cause", "supersedes", "reports"],
    Kind.CORRECTION: ["was", "now", "note", "field", "passage", "wrong", "weight", "cause", "supersedes", "reports"],
    Kind.EDITORS_NOTE: ["note", "supersedes", "reports"],
}
AT_FIELD: dict[type[PublishingError], str] = {
    NoteMissing: "note",
    NoteUnusable: "note",
    WrongMissing: "was",
    RightMissing: "now",
    PassageNotFound: "passage",
}


@dataclass(frozen=True)
class KindChoice:
    """A kind of change as the page offers it. `refused`: why this person cannot use it now; `url`: where it is done."""

    value: str
    label: str
    when: str
    who: str
    refused: str = ""
    url: str = ""
    checked: bool = False


def kinds(
    article: Article, user: User, *, unchanged: bool, other_script: bool = False, chosen: str = ""
) -> list[KindChoice]:
    """All kinds there are, those that this person may not use with the reason.

    other_script: the text in the other script changes all the same, which is a typo put right.
    """
    found = []
    for kind in PUBLISHED:
        right = right_for(kind)
        refused = "" if may(user, right, article.desk_id) else now("Only the chief of the desk may do this.")
        if unchanged and kind in NEW_WORDS and not (other_script and kind in SILENT_KINDS):
            refused = now("Nothing in the story has changed.")
        who = now("the chief") if right == Right.DECIDE else now("an editor")
        found.append(KindChoice(kind.value, str(kind.label), str(WHEN[kind]), who, refused, checked=kind == chosen))
    for kind in BY_TWO:
        may_propose = may(user, Right.DECIDE, article.desk_id)
        found.append(
            KindChoice(
                kind.value,
                str(kind.label),
                str(WHEN[kind]),
                now("the chief and a second person"),
                "" if may_propose else now("Only the chief of the desk may propose this."),
                reverse("admin:articles_article_propose", args=[article.pk, kind.value]) if may_propose else "",
            )
        )
    return found


class ReportsField(KeysField):
    """The upheld reports of a story that are to be answered."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        name: _("A report that was ticked has been decided meanwhile. Look at it, or go on without it.")
        for name in ("invalid_choice", "invalid_pk_value")
    }

    def __init__(self) -> None:
        label = _("Answers these reports, and closes them")
        super().__init__(ErrorReport.objects.none(), label=label, widget=forms.CheckboxSelectMultiple, required=False)

    def offer(self, article: Article, form: forms.Form) -> bool:
        """Whether there is anything to ask, or anything to say of what was ticked before."""
        self.queryset = reports_to_answer(article)
        self.label_from_instance = report_name  # type: ignore[assignment]
        ticked = form.is_bound and self.widget.value_from_datadict(form.data, form.files, form.add_prefix("reports"))
        return bool(ticked or self.queryset)


class NoticeForm(forms.Form):
    """One notice in the making. The further ones of an edition may stay empty."""

    kind = forms.ChoiceField(label=_("Kind of change"), required=False)
    was = forms.CharField(label=_("What was wrong"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_NOTE,
                          validators=[check_line], required=False)  # fmt: skip
    now = forms.CharField(label=_("What is right"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_NOTE,
                          validators=[check_line], required=False)  # fmt: skip
    note = forms.CharField(
        label=_("Note to readers"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_NOTE,
        validators=[check_line],
        required=False,
        help_text=_("One or two sentences. A correction may do without; all else but a typo needs it."),
    )
    field = forms.ChoiceField(label=_("Where"), choices=Correction.Field.choices, required=False)
    passage = forms.CharField(
        label=_("The passage"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=passages.MAX_WORDS,
        required=False,
        help_text=_("Words of the text, copied from the edition that was wrong. Readers find a mark there."),
    )
    weight = forms.ChoiceField(
        label=_("Weight"),
        choices=Correction.Weight.choices,
        widget=forms.RadioSelect,
        initial=Correction.Weight.ORDINARY,
        required=False,
    )
    wrong = forms.IntegerField(label=_("The edition that was wrong"), min_value=1, required=False)
    cause = forms.ChoiceField(
        label=_("How it came about"),
        choices=[("", _("not said")), *Correction.Cause.choices],
        required=False,
        help_text=_("For the desk’s own figures. Never whose fault it was."),
    )
    supersedes = forms.ModelChoiceField(
        label=_("Takes the place of"), queryset=Correction.objects.none(), required=False, empty_label=_("no notice")
    )
    reports = ReportsField()

    LINES: ClassVar[list[str]] = ["was", "now", "note", "passage"]

    def __init__(self, *args: Any, article: Article, public: Edition, first: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.article, self.public, self.first = article, public, first
        fields: dict[str, Any] = self.fields
        offered = [kind for kind in PUBLISHED if first or kind not in SILENT_KINDS]
        fields["kind"].choices = [("", _("none")), *((kind.value, kind.label) for kind in offered)]
        fields["kind"].error_messages["invalid_choice"] = str(KindMissing())
        for name in self.LINES:
            fields[name].widget.attrs["lang"] = article.language
        fields["wrong"].initial = public.number
        fields["wrong"].validators.append(MaxValueValidator(public.number))
        fields["wrong"].widget.attrs["max"] = public.number
        fields["supersedes"].queryset = (
            article.corrections.filter(superseded_by=None).select_related("right", "text").order_by("-pk")
        )
        fields["supersedes"].label_from_instance = notice_name
        for name in {"was", "now"} & {name for name, value in self.initial.items() if value}:
            fields[name].help_text = _("From the reader’s report. Say it in your own words.")
        if not first or not fields["reports"].offer(article, self):
            del fields["reports"]
        if not fields["supersedes"].queryset:
            del fields["supersedes"]

    @property
    def shown(self) -> list[tuple[forms.BoundField, str]]:
        """The fields below the choice of the kind, each with the kinds that ask for it."""
        names = [name for name in ASKS[Kind.CORRECTION] if name in self.fields]
        return [(self[name], " ".join(kind for kind, asks in ASKS.items() if name in asks)) for name in names]

    @property
    def empty(self) -> bool:
        """Whether nothing is said in it: of a further notice, that there is none."""
        return not self.cleaned_data.get("kind") and not any(self.cleaned_data.get(name) for name in self.LINES)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = given.get("kind", "")
        if not kind:
            if "kind" not in self.errors and (self.first or any(given.get(name) for name in self.LINES)):
                self.add_error("kind", str(KindMissing()))
            return given
        if kind in SILENT_KINDS or self.errors:
            return given
        note = self.as_note()
        for check in (note.checked, lambda: self._check_passage(note)):
            try:
                check()
            except PublishingError as error:
                self.add_error(AT_FIELD.get(type(error)), str(error))
        return given

    def _check_passage(self, note: Note) -> None:
        """That the verb will find it; said here, it stands at the field."""
        if not note.passage or not isinstance(note.passage, str):
            return
        wrong = EditionText.objects.filter(edition__article=self.article, edition__number=note.wrong or 0).first()
        if not wrong or not passages.quote(passages.text_layer(markup.clean(wrong.read()["body"])), note.passage):
            raise PassageNotFound

    def as_note(self) -> Note:
        given = self.cleaned_data
        kind = given["kind"]
        said = {name: given[name] for name in ASKS[kind] if name != "note" and given.get(name)}
        if "reports" in said:
            said["reports"] = list(said["reports"])
        return Note(kind=kind, text=given.get("note", ""), **{"wrong": self.public.number} | said)


def reports_to_answer(article: Article) -> "QuerySet[ErrorReport]":
    """The upheld reports of errors that wait for an edition; a reply is published from its own page."""
    waiting = article.reports.filter(state=ErrorReport.State.ACCEPTED, track=ErrorReport.Track.ERROR)
    return waiting.select_related("edition").order_by("received_at")


def from_report(article: Article, key: str) -> dict[str, Any]:
    """What an upheld report says already, as the beginning of a correction: of the one named, else of the oldest."""
    waiting = reports_to_answer(article)
    named = key_of(key)
    report = (waiting.filter(pk=named).first() if named else None) or waiting.first()
    if not report:
        return {}
    passage = passages.Passage.from_selectors(json.loads(report.passage)) if report.passage else None
    return {
        "kind": Kind.CORRECTION.value,
        "was": report.wrong[:MAX_NOTE],
        "now": report.right[:MAX_NOTE],
        "passage": passage.exact if passage else "",
        "wrong": report.edition.number,
        "reports": [report.pk],
    }


def notice_name(notice: Correction) -> str:
    """A notice in a list of choices."""
    text = getattr(notice, "text", None)
    words = text.read() if text else {}
    begins = words.get("text") or words.get("was") or now("erased")
    return f"{notice.right.number}: {notice.get_kind_display()}: {begins[:60]}"


def report_name(report: ErrorReport) -> str:
    return f"{report.reference}: {report.wrong[:60]}"
