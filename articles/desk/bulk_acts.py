"""What can be done to many stories at once: each act is one verb a story, foreseen in words, then done one by one."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.language.words import split_tags
from articles.models import Article, Channel, Publication, User
from articles.publishing import Draft, PublishingError, house_style, publish, save_draft, stages
from articles.publishing.clock import database_now
from articles.publishing.draft import SETS
from articles.publishing.errors import NotAllowed, NotReady, Spiked
from articles.publishing.freeze import freeze
from articles.publishing.issue import missing_parts, require_free
from articles.publishing.rights import Right, may, may_on
from articles.publishing.save_draft import check_tags


class Act:
    """One act. `form` asks what it needs beside the stories; the verb itself checks again all that is foreseen here."""

    title: ClassVar[Any]
    button: ClassVar[Any]
    form: ClassVar[type[forms.Form]] = forms.Form

    def __init__(self, user: User, stories: Sequence[Article]) -> None:
        self.user, self.stories = user, stories
        self.public = set(Publication.objects.filter(article__in=stories).values_list("article_id", flat=True))

    def ask(self, data: Any) -> forms.Form:
        return self.form(data)

    def hindrance(self, article: Article) -> str:
        """Why it cannot be done to this story; empty where it can."""
        return ""

    def foreseen(self, article: Article) -> str:
        """What will happen to this story."""
        raise NotImplementedError

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        """Raises PublishingError or ValidationError, and has then done nothing."""
        raise NotImplementedError


def draft_of(article: Article) -> Draft:
    """The working copy as it stands."""
    parts = {part.name: getattr(article, part.name) for part in fields(Draft) if part.name not in SETS}
    return Draft(
        **parts,
        tags=[tag.name for tag in article.tags.all()],
        places=[place.pk for place in article.places.all()],
        credits=[(credit.person_id, credit.role) for credit in article.credits.all()],
    )


class Publish(Act):
    """First editions only: of a story that is public already, readers must be told what kind of change it is."""

    title = _("Publish")
    button = _("Publish these stories")

    def __init__(self, user: User, stories: Sequence[Article]) -> None:
        super().__init__(user, stories)
        self.at = database_now()
        self.strict = house_style.refusing(article.desk_id for article in stories)

    def hindrance(self, article: Article) -> str:
        if not may(self.user, Right.PUBLISH, article.desk_id):
            return str(NotAllowed())
        if article.pk in self.public:
            return now("It is public already. Publish what changed on its own page, where the kind of change is said.")
        try:
            require_free(article, self.at)
            stages.require_approved(article, public=False)
            if missing := missing_parts(freeze(article)):
                raise NotReady(missing)
            if article.desk_id in self.strict:
                house_style.require(article)
        except PublishingError as error:
            return str(error)
        return ""

    def foreseen(self, article: Article) -> str:
        return now("Readers will see it at once, as edition 1.")

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        publish(article, seen=seen, by=self.user, after=0)


class ChannelForm(forms.Form):
    channel = forms.ModelChoiceField(Channel.objects.all(), label=_("To the channel"))


class Change(Act):
    """A change of the working copy like any other."""

    def hindrance(self, article: Article) -> str:
        if not may_on(self.user, Right.WRITE, article):
            return str(NotAllowed())
        return str(Spiked()) if article.stage == Article.Stage.SPIKED else ""

    def public_part(self, article: Article) -> str:
        return now("Readers see it where it stands until it is published again.") if article.pk in self.public else ""


class Move(Change):
    title = _("Move to a channel")
    button = _("Move these stories")
    form = ChannelForm

    def foreseen(self, article: Article) -> str:
        if article.channel:
            told = now("The working copy moves from “%(channel)s”.") % {"channel": article.channel}
        else:
            told = now("The working copy is given its channel.")
        return f"{told} {self.public_part(article)}".strip()

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        save_draft(article, seen=seen, by=self.user, draft=replace(draft_of(article), channel=answers["channel"]))


class TagForm(forms.Form):
    tags = forms.CharField(label=_("Tags to add"), max_length=300, help_text=_("Parted by commas."))

    def clean_tags(self) -> list[str]:
        names = split_tags(self.cleaned_data["tags"])
        if not names:
            raise ValidationError(_("Write at least one tag."))
        check_tags(names)
        return names


class AddTags(Change):
    title = _("Add tags")
    button = _("Add the tags to these stories")
    form = TagForm

    def foreseen(self, article: Article) -> str:
        told = now("The working copy is given the tags.")
        return f"{told} {self.public_part(article)}".strip()

    def do(self, article: Article, *, seen: int, answers: dict[str, Any]) -> None:
        draft = draft_of(article)
        have = {name.casefold() for name in draft.tags}
        added = [name for name in answers["tags"] if name.casefold() not in have]
        save_draft(article, seen=seen, by=self.user, draft=replace(draft, tags=[*draft.tags, *added]))


CHANGES: dict[str, type[Act]] = {"publish": Publish, "channel": Move, "tags": AddTags}
