"""Decisions of two: somebody proposes, what would follow is said in words, and a second person agrees or refuses."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ReadOnlyAdmin, desk_page, short_time
from articles.desk.decision_form import ProposeForm, consequences, terms_of
from articles.desk.moment_form import OptionalMoment
from articles.desk.publish_view import state_word, tell_published
from articles.desk.report_marks import state_mark
from articles.desk.timing_view import shown, when
from articles.models import Article, Decision, Edition, Membership, Publication, Schedule, User
from articles.models.checks import check_line
from articles.publishing import PublishingError, agree, propose, refuse, withdraw_proposal
from articles.publishing.errors import DecisionOutdated, NotAllowed
from articles.publishing.notes import MAX_NOTE
from articles.publishing.rights import Right, articles_of, desks_where, may
from articles.publishing.withdraw import KINDS, STATES, may_second

Act = Decision.Act
TITLES = {
    Act.RETRACTION: _("Propose a retraction"),
    Act.TAKEDOWN: _("Propose a takedown"),
    Act.RESTORATION: _("Propose a return to the public"),
    Act.ERASURE: _("Propose an erasure"),
}


def _article(request: HttpRequest, pk: int) -> Article:
    article = articles_of(request.user).select_related("desk").filter(pk=pk).first()  # type: ignore[arg-type]
    if not article:
        raise Http404
    return article


def propose_page(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """What is proposed to a second person. Nothing public changes here."""
    article = _article(request, pk)
    publication = Publication.objects.select_related("edition__text", "article").filter(article=article).first()
    if act not in Act.values or not publication:
        raise Http404
    user: Any = request.user
    if not may(user, Right.DECIDE, article.desk_id):
        hindrance = str(NotAllowed())
    elif publication.state not in STATES[Act(act)]:
        hindrance = now("As the story stands now, this cannot be proposed.")
    else:
        hindrance = ""
    waiting = article.decisions.filter(state=Decision.State.OPEN).first()
    form = ProposeForm(request.POST or None, act=act, publication=publication)
    effect = OptionalMoment(request.POST or None, prefix="at", desk=article.desk) if act == Act.TAKEDOWN else None
    if request.method == "POST" and form.is_valid() & (not effect or effect.is_valid()):
        try:
            decision = propose(article, act=act, by=user, **form.terms(), **_effect(effect))
        except PublishingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, now("Proposed. Nothing changes until a second person agrees."))
            return HttpResponseRedirect(reverse("admin:articles_decision_change", args=[decision.pk]))
    return desk_page(
        request,
        "desk/propose.html",
        title=str(TITLES[Act(act)]),
        article=article,
        state_word=state_word(publication),
        form=form,
        effect=effect,
        act=act,
        hindrance=hindrance,
        waiting=waiting,
        consequences=consequences(act),
        shown_as=KINDS.get(Act(act), ""),
        seconds=seconds(article, user),
    )


def _effect(form: OptionalMoment | None) -> dict[str, Any]:
    """When it takes effect, as `propose` takes it: at once where nothing is said."""
    if not form or "moment" not in form.cleaned_data:
        return {}
    return {"due_at": form.cleaned_data["moment"], "zone": form.cleaned_data["zone"]}


def seconds(article: Article, first: User) -> list[str]:
    """Who at the desk can be the second person; where nobody can, an administrator."""
    roles = [Membership.Role.EDITOR, Membership.Role.CHIEF]
    found = User.objects.filter(memberships__desk=article.desk_id, memberships__role__in=roles, is_active=True)
    return [str(user) for user in found.exclude(pk=first.pk).select_related("person").order_by("pk")[:20]]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Why not"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_NOTE, validators=[check_line],
        required=False,
    )  # fmt: skip


def decision_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    """What somebody proposed. POST agrees, refuses with an answer, or takes it back."""
    user: Any = request.user
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, decision, user, form.cleaned_data["answer"])
        except PublishingError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(request.path)
    article = decision.article
    publication = Publication.objects.select_related("edition").get(article=article)
    terms = terms_of(decision)
    waits = decision.state == Decision.State.OPEN
    outdated = waits and (
        publication.edition_id != decision.edition_id
        or (decision.act == Act.RESTORATION and article.version != terms.seen)
    )
    return desk_page(
        request,
        "desk/decision.html",
        title=str(decision.get_act_display()),
        article=article,
        decision=decision,
        terms=terms,
        form=form,
        state_mark=decision_mark(decision),
        state_word=state_word(publication),
        consequences=consequences(decision.act, keep_headline=terms.keep_headline),
        proposed=short_time(decision.at, article.desk.zone),
        decided=short_time(decision.decided_at, article.desk.zone) if decision.decided_at else "",
        waits=waits,
        outdated=str(DecisionOutdated()) if outdated else "",
        reports=[(report, state_mark(report)) for report in terms.reports] if waits else [],
        may_agree=waits and may_second(user, decision),
        may_take_back=waits and (decision.by_id == user.pk or may(user, Right.DECIDE, article.desk_id)),
        mine=decision.by_id == user.pk,
        seconds=seconds(article, decision.by),
        followed=_followed(decision),
        effect=when(decision.due_at, terms.zone) if decision.due_at else "",
        waits_for_time=shown(Schedule.objects.filter(decision=decision).select_related("version"), user),
        shown_as=KINDS.get(Act(decision.act), "") if waits and not outdated else "",
    )


def _decide(request: HttpRequest, decision: Decision, user: User, answer: str) -> None:
    if "agree" in request.POST:
        edition = agree(decision, by=user)
        waits = Schedule.objects.filter(decision=decision).exists()
        messages.success(request, now("Agreed. It happens at its time.") if waits else now("Agreed and done."))
        if edition:
            tell_published(request, edition)
    elif "refuse" in request.POST:
        refuse(decision, by=user, answer=answer)
        messages.success(request, now("Refused. The proposal stays in the list, with your answer."))
    elif "take-back" in request.POST:
        withdraw_proposal(decision, by=user)
        messages.success(request, now("Taken back. Nothing public has changed."))


def _followed(decision: Decision) -> Edition | None:
    """The edition that came of it."""
    if decision.state != Decision.State.AGREED or decision.act == Act.ERASURE:
        return None
    if schedule := Schedule.objects.select_related("edition").filter(decision=decision).first():
        return schedule.edition
    return decision.article.editions.filter(number=decision.edition.number + 1).first()


def decision_mark(decision: Decision) -> SafeString:
    shape = {
        Decision.State.OPEN: "changed",
        Decision.State.AGREED: "published",
        Decision.State.REFUSED: "off",
        Decision.State.WITHDRAWN: "off",
    }[Decision.State(decision.state)]
    return format_html('<span class="stage {}">{}</span>', shape, decision.get_state_display())


def waiting_decisions(user: User) -> QuerySet[Decision]:
    """What waits at the desks where this person could agree, or proposed."""
    return decisions_of(user).filter(state=Decision.State.OPEN)


def decisions_of(user: User) -> QuerySet[Decision]:
    """Those of the desks where this person is an editor or above: a stored reason is not for all."""
    found = Decision.objects.select_related("article__desk", "by__person", "second__person", "edition")
    if not user.is_superuser:
        found = found.filter(article__desk__in=desks_where(user, Right.PUBLISH))
    return found.order_by("-at", "-pk")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """The list; each row is a page of its own, on which it is agreed to or refused."""

    to_look = Right.PUBLISH
    list_display = ["what", "state_mark", "proposed", "answered"]
    list_display_links = ["what"]
    list_filter = ["state", "act"]
    empty_hint = _("Nothing has been proposed. Retractions, takedowns and erasures begin on a story’s publishing page.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return decisions_of(request.user)  # type: ignore[arg-type]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        decision = self.get_object(request, object_id) if object_id.isdecimal() else None
        if not decision:
            raise Http404
        return decision_page(request, decision)

    @admin.display(description=_("decision"))
    def what(self, decision: Decision) -> str:
        article = decision.article
        return format_html(
            '{} <span class="headline" lang="{}">{}</span>',
            decision.get_act_display(), article.language, article.headline,
        )  # fmt: skip

    @admin.display(description=_("state"))
    def state_mark(self, decision: Decision) -> str:
        return decision_mark(decision)

    @admin.display(description=_("proposed"))
    def proposed(self, decision: Decision) -> str:
        when = short_time(decision.at, decision.article.desk.zone)
        return format_html('{} <span class="by">{}</span>', when, decision.by)

    @admin.display(description=_("decided"))
    def answered(self, decision: Decision) -> str:
        if not decision.decided_at:
            return ""
        when = short_time(decision.decided_at, decision.article.desk.zone)
        return format_html('{} <span class="by">{}</span>', when, decision.second or "")
