"""Who has a story in hand, and by when: the two fields of the story form that are no part of the words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desk.moment_form import moments
from articles.models import Article, Desk, User
from articles.publishing import assign
from articles.publishing.assign import is_member
from articles.publishing.errors import NotAMember

YEARS = range(2000, 2200)


class DeskTimeField(forms.DateTimeField):
    """A moment to the minute, told and typed in a desk's zone. A time that its clocks show twice is the first of the
    two: who asks for more asks `moments`."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    zone: Any = None

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            try:
                moment = super().to_python(value)
            except OverflowError:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
            except ValidationError as error:
                if error.code != "ambiguous_timezone" or not error.params:
                    raise
                moment = error.params["datetime"].replace(tzinfo=timezone.get_current_timezone())
        if moment and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment.replace(second=0, microsecond=0) if moment else None

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)


class Colleagues(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), required=False, **kwargs)


class HandForm(forms.Form):
    """Mixed into the story's form. What stood there when the page was opened is sent along, so that somebody's choice
    of the meantime is not undone by a save of the words."""

    assignee = Colleagues(label=_("In the hands of"), empty_label=_("nobody"), show_hidden_initial=True)
    due_at = DeskTimeField(label=_("Due"), required=False, show_hidden_initial=True)

    def offer(self, article: Article, user: Any, desks: Any) -> None:
        """Choose among the people of the story's desk; of a new story, of all desks where it may stand."""
        desk = article.desk if article.pk else desks.first()
        people = User.objects.filter(is_active=True, memberships__desk__in=[desk] if article.pk else desks)
        if article.assignee_id:
            people = people | User.objects.filter(pk=article.assignee_id)
        assignee: Any = self.fields["assignee"]
        assignee.queryset = (
            User.objects.filter(pk__in=people.values("pk")).select_related("person").order_by("username")
        )
        due: Any = self.fields["due_at"]
        due.zone = desk.zone if desk else None
        due.help_text = _("Time of %(zone)s") % {"zone": desk.time_zone} if desk else ""
        if article.pk:
            self.initial.setdefault("assignee", article.assignee_id)
            self.initial.setdefault("due_at", article.due_at)

    def clean_due_at(self) -> datetime | None:
        """What stood there stays, also where the clocks of the desk show it twice; only a new time must be clear."""
        due: datetime | None = self.cleaned_data["due_at"]
        typed = due.tzinfo if due and "due_at" in self.changed_data else None
        if due and isinstance(typed, ZoneInfo) and len(moments(due.replace(tzinfo=None), typed)) != 1:
            raise ValidationError(
                _("The clocks are changed that night: %(time)s is shown twice, or never. Choose another time."),
                params={"time": f"{due:%H:%M}"},
            )
        return due

    def check_hand(self, cleaned: dict[str, Any]) -> None:
        """An error at the field for who does not work at the desk that was chosen."""
        desk, to = cleaned.get("desk"), cleaned.get("assignee")
        if isinstance(desk, Desk) and to and "assignee" in self.changed_data and not is_member(to, desk):
            self.add_error("assignee", str(NotAMember()))

    def hand_over(self, article: Article, by: Any) -> None:
        """Give it to whom was chosen, by when; nothing where neither was changed. Raises what assign() raises."""
        changed = {"assignee", "due_at"} & set(self.changed_data)
        if not changed:
            return
        now = Article.objects.select_related("assignee").get(pk=article.pk)
        to = self.cleaned_data["assignee"] if "assignee" in changed else now.assignee
        due = self.cleaned_data["due_at"] if "due_at" in changed else now.due_at
        assign(now, by=by, to=to, due=due)
