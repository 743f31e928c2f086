"""The steps of a story's way to the public, and handing stories over, for many at once (bulk_acts.py)."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.bulk_acts import Act, Change
from articles.models import Article, User
from articles.publishing import PublishingError, approve, assign, restore, send_back, spike, submit
from articles.publishing.errors import NotAMember, WrongStage
from articles.publishing.steps import FROM, Step, refusal, require_text


class StepAct(Act):
    """A step of review, or the spike."""

    step: ClassVar[Step]
    told: ClassVar[Any]

    def hindrance(self, article: Article) -> str:
        if error := refusal(article, self.step, self.user):
            return str(error)
        return "" if article.stage in FROM[self.step] else str(WrongStage(article.get_stage_display()))

    def foreseen(self, article: Article) -> str:
        return str(self.told)


class Submit(StepAct):
    title = _("Submit for review")
    button = _("Submit these stories")
    step = Step.SUBMIT
    told = _("It goes into review, and those who may publish at its desk are told.")

    def hindrance(self, article: Article) -> str:
        try:
            require_text(article)
        except PublishingError as error:
            return super().hindrance(article) or str(error)
        return super().hindrance(article)

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        submit(article, seen=seen, by=self.user)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("What is to be done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands as a comment at each of these stories."),
    )  # fmt: skip


class SendBack(StepAct):
    title = _("Send back")
    button = _("Send these stories back")
    form = CommentForm
    step = Step.SEND_BACK
    told = _("It goes back to who wrote it, with your comment.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        send_back(article, seen=seen, by=self.user, text=answers["text"])


class Approve(StepAct):
    title = _("Approve")
    button = _("Approve these stories")
    step = Step.APPROVE
    told = _("This version is approved; who wrote it is told.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        approve(article, seen=seen, by=self.user)


class Spike(StepAct):
    title = _("Spike")
    button = _("Spike these stories")
    step = Step.SPIKE
    told = _("It is put aside, and what was scheduled of it does not happen. Nothing of it is lost.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        spike(article, seen=seen, by=self.user)


class Restore(StepAct):
    title = _("Take off the spike")
    button = _("Take these stories off the spike")
    step = Step.RESTORE
    told = _("It is a draft again.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        restore(article, by=self.user)


class HandForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("To"), required=False, empty_label=_("nobody"))


class Assign(Change):
    """Handing over; what it is due by stays."""

    title = _("Assign")
    button = _("Assign these stories")

    def ask(self, data: Any) -> forms.Form:
        """With the colleagues of the desks of these stories."""
        form = HandForm(data)
        desks = {article.desk_id for article in self.stories}
        people = User.objects.filter(is_active=True, memberships__desk__in=desks).select_related("person")
        field: Any = form.fields["to"]
        field.queryset = people.order_by("username").distinct()
        return form

    def foreseen(self, article: Article) -> str:
        if article.assignee:
            return now("It goes out of the hands of %(who)s, and whoever gets it is told.") % {"who": article.assignee}
        return now("Whoever gets it is told.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        to = answers["to"]
        if to and not to.memberships.filter(desk=article.desk_id).exists():
            raise NotAMember
        assign(article, by=self.user, to=to, due=article.due_at)


STEPS: dict[str, type[Act]] = {
    "assign": Assign, "submit": Submit, "send-back": SendBack, "approve": Approve, "spike": Spike, "restore": Restore,
}  # fmt: skip
