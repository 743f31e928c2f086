"""What a decision of two asks of the one who proposes it, what it says, and what follows from it, in words."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.erasure_form import OF_ERASURE, ErasureFields, erased_parts
from articles.desk.notice_form import ReportsField, reports_to_answer
from articles.models import Correction, Decision, ErrorReport, Publication
from articles.models.checks import check_line
from articles.publishing.notes import MAX_NOTE

Act = Decision.Act


class ProposeForm(ErasureFields):
    """What is proposed. Each act has its own fields; the others are taken out."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Correction.Ground.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the public"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_NOTE,
        validators=[check_line],
        help_text=_("What readers are told, in one or two sentences. It stays public."),
    )
    reason = forms.CharField(
        label=_("Reason, kept at the desk"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_NOTE,
        validators=[check_line],
        help_text=_(
            "For example which court, which demand, whose safety, which contract. Only this desk’s editors see it."
        ),
    )
    keep_headline = forms.BooleanField(
        label=_("The headline may stay public"),
        required=False,
        help_text=_("Only where it is lawful and harms nobody."),
    )
    cause = forms.ChoiceField(
        label=_("How it came about"),
        choices=[("", _("not said")), *Correction.Cause.choices],
        required=False,
        help_text=_("For the desk’s own figures. Never whose fault it was."),
    )
    reports = ReportsField()  # not of an erasure, which brings no edition that could answer them

    OF: ClassVar[dict[str, list[str]]] = {
        Act.RETRACTION: ["note", "reason", "cause", "reports"],
        Act.TAKEDOWN: ["ground", "note", "reason", "keep_headline", "cause", "reports"],
        Act.RESTORATION: ["note", "reason", "reports"],
        Act.ERASURE: ["editions", "notices", "note", "reason", "shown"],
    }

    def __init__(self, *args: Any, act: str, publication: Publication, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        article = publication.article
        fields: dict[str, Any] = self.fields
        fields["note"].widget.attrs["lang"] = article.language
        fields["reason"].required = act in {Act.TAKEDOWN, Act.ERASURE}
        self.offer(publication)
        for name in set(fields) - set(self.OF[act]):
            del fields[name]
        if "reports" in fields:
            self.initial.setdefault("reports", [report.pk for report in reports_to_answer(article)])
            if not fields["reports"].offer(article, self):
                del fields["reports"]
        self.order_fields(self.OF[act])

    def terms(self) -> dict[str, Any]:
        """As `propose` takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in OF_ERASURE}
        given["text"] = given.pop("note")
        if "reports" in given:
            given["reports"] = tuple(report.pk for report in given["reports"])
        return given | self.erase()


@dataclass(frozen=True)
class Terms:
    """What a decision says, as its page shows it."""

    text: str
    reason: str
    ground: str  # a Correction.Ground, and in words
    ground_words: str
    keep_headline: bool
    cause: str
    parts: tuple[str, ...]  # what an erasure destroys
    reports: tuple[ErrorReport, ...]  # that it answers
    seen: int  # the version of the working copy when it was proposed
    zone: str  # in which the time was named at which it takes effect


def terms_of(decision: Decision) -> Terms:
    terms = json.loads(decision.terms)
    return Terms(
        text=terms["text"],
        reason=decision.reason,
        ground=terms["ground"],
        ground_words=str(dict(Correction.Ground.choices).get(terms["ground"], "")),
        keep_headline=terms["keep_headline"],
        cause=str(dict(Correction.Cause.choices).get(terms["cause"], "")),
        parts=tuple(erased_parts(decision.article, terms["erase"])) if "erase" in terms else (),
        reports=tuple(decision.article.reports.filter(pk__in=terms["reports"]).order_by("received_at")),
        seen=terms["seen"],
        zone=terms.get("zone", ""),
    )


def consequences(act: str, *, keep_headline: bool | None = None) -> list[str]:
    """What readers, feeds and pictures will show, in sentences. keep_headline: None while it is not decided."""
    if act == Act.RETRACTION:
        return [
            now("The page stays at its address. The headline is marked as retracted, and the note stands in place of "
                "the text and the pictures."),
            now("What was retracted stays readable at its past edition, marked as such."),
            now("The story leaves fronts and related lists. Archives, searches and feeds show it, marked."),
        ]  # fmt: skip
    if act == Act.TAKEDOWN:
        headline = {
            True: [now("The headline stays.")],
            False: [now("The headline goes as well.")],
            None: [],
        }[keep_headline]
        return [
            now("The page, all past editions and all comparisons show nothing but date, kind and note."),
            *headline,
            now("Its pictures are no longer public, unless another public story shows them."),
            now("For 30 days feeds show the note in place of the story, so that readers’ copies are overwritten."),
            now("Nothing is destroyed: the desk keeps everything, and the story can be brought back by two."),
        ]
    if act == Act.RESTORATION:
        return [
            now("Readers see the working copy as it stands now, with the note above the text."),
            now(
                "The past editions and their pictures can be seen again, word for word. What must stay away has to be "
                "erased before."
            ),
            now("If somebody saves the story before a second person agrees, this must be proposed anew."),
        ]
    return [
        now("What is chosen is destroyed, with every copy that the newsroom keeps. Nobody can bring it back."),
        now("The history says that it was erased, when, and this note. Digests and times stay, and still verify."),
        now("The working copy becomes what readers see now; changes that are not public yet are lost."),
        now("What readers’ reports and earlier decisions quote of it goes as well."),
    ]
