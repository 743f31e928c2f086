"""Where the error was: every other place that carries the words of a corrected story, until somebody has seen to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ReadOnlyAdmin, desk_page, short_time
from articles.models import Article, Correction, Duty, Front, Language, Topic, User, site_language
from articles.models.checks import check_line
from articles.publishing import PublishingError, close_duty
from articles.publishing.rights import Right, articles_of, may, may_on, roles

Place = Duty.Place
IN_STORIES = {Place.TRANSLATION, Place.ORIGINAL}
MOST = 200  # duties on one page


@dataclass(frozen=True)
class Stand:
    """One place as the desk's pages show it.

    url: where it is put right, for who may go there; public_url: what readers see. how: what is to be done, or why
    nothing is.
    """

    label: str
    name: str
    lang: str
    how: str
    url: str = ""
    public_url: str = ""
    duty: Duty | None = None
    mark: str = ""
    since: str = ""
    may_close: bool = False
    by_edition: bool = False  # done by an edition of its own; by hand it can only be waived


class CloseForm(forms.Form):
    duty = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)
    reason = forms.CharField(label=_("Reason"), max_length=500, validators=[check_line], required=False)


def where_else(found: Iterable[Duty], user: User | AnonymousUser) -> list[Stand]:
    """Places with their names and links, by two queries however many they are."""
    duties = list(found)
    articles = {
        article.pk: article
        for article in Article.objects.filter(pk__in=[duty.target for duty in duties if duty.place in IN_STORIES])
        .select_related("publication")
        .defer("body")
    }
    places = [duty.target for duty in duties if duty.place == Place.FRONT]
    fronts = Front.objects.select_related("channel").in_bulk(places) if places else {}
    topics = Topic.objects.in_bulk([duty.target for duty in duties if duty.place == Place.TOPIC])
    return [stand for duty in duties if (stand := _stand(duty, articles, topics, fronts, user))]


def _stand(
    duty: Duty,
    articles: dict[int, Article],
    topics: dict[int, Topic],
    fronts: dict[int, Front],
    user: User | AnonymousUser,
) -> Stand | None:
    known: dict[str, Any] = {"label": str(duty.get_place_display())}
    if duty.pk:
        known |= {
            "duty": duty,
            "mark": duty_mark(duty),
            "since": short_time(duty.at),
            "may_close": duty.state == Duty.State.OPEN
            and duty.place != Place.FRONT
            and may(user, Right.CORRECT, duty.desk_id),
            "by_edition": duty.place in IN_STORIES,
        }
    if duty.place in IN_STORIES and (article := articles.get(duty.target)):
        mine = may_on(user, Right.WRITE, article)
        public = getattr(article, "publication", None)
        return Stand(
            **known,
            name=article.headline if mine else public.read_card()["headline"] if public else article.code,
            lang=article.language,
            how=now("Correct it there, by an edition of its own, or say why nothing is needed."),
            url=reverse("admin:articles_article_change", args=[article.pk]) if mine else "",
            public_url=reverse("permalink", args=[article.code]),
        )
    if duty.place == Place.TOPIC and (topic := topics.get(duty.target)):
        return Stand(
            **known,
            name=topic.name,
            lang="",
            how=now("See whether its banner or standfirst repeats the error."),
            url=reverse("admin:articles_topic_change", args=[topic.pk]),
            public_url=_topic_page(topic, duty),
        )
    if duty.place == Place.FRONT and (front := fronts.get(duty.target)):
        url = front_url(front.place) if may(user, Right.FRONT) else ""
        how = now("Compare its own headline or picture with the story, and confirm or change them there.")
        return Stand(**known, name=str(front), lang="", how=how, url=url)
    if duty.place == Place.RELATED:
        how = now("They show the standing edition by themselves; nothing is to be done.")
        return Stand(**known, name="", lang="", how=how)
    return None


def _topic_page(topic: Topic, duty: Duty) -> str:
    """For the readers of the corrected story; nothing where no address takes its word."""
    language = Language(duty.correction.article.language) if duty.pk else site_language()
    try:
        with translation.override(language.interface):
            return reverse("site:topic", args=[topic.slug])
    except NoReverseMatch:
        return ""


def duty_mark(duty: Duty) -> SafeString:
    shape = {Duty.State.OPEN: "due", Duty.State.DONE: "published", Duty.State.WAIVED: "off"}
    return format_html('<span class="stage {}">{}</span>', shape[Duty.State(duty.state)], duty.get_state_display())


@dataclass(frozen=True)
class Told:
    """A notice as the desk's own pages repeat it."""

    label: str
    headline: str
    lang: str
    when: SafeString
    was: str
    now: str
    text: str
    erased: bool
    places_url: str  # of its story, for who may go there
    stands: tuple[Stand, ...] = ()


def told(notice: Correction, user: User | AnonymousUser, stands: Iterable[Stand] = ()) -> Told:
    text = getattr(notice, "text", None)
    words = text.read() if text else {}
    article = notice.article
    mine = may_on(user, Right.WRITE, article)
    return Told(
        label=str(notice.get_kind_display()),
        headline=article.headline if mine else article.publication.read_card()["headline"],
        lang=article.language,
        when=short_time(notice.at),
        was=words.get("was", ""),
        now=words.get("now", ""),
        text=words.get("text", ""),
        erased=text is None,
        places_url=reverse("admin:articles_article_places", args=[article.pk]) if mine else "",
        stands=tuple(stands),
    )


def of_story(article: Article) -> QuerySet[Duty]:
    """What follows from a story's own notices, and what follows in it from those of others."""
    in_it = Q(target=article.pk, place__in=IN_STORIES)
    return (
        Duty.objects.filter(Q(correction__article=article) | in_it)
        .select_related("correction__article__publication", "correction__text", "closed_by__person", "done_by")
        .order_by("-correction", "place", "pk")
    )


def places_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The places of one story, by notice. POST closes one, or waives it with a reason."""
    user: Any = request.user
    article = articles_of(user).filter(pk=pk).first()
    if not article:
        raise Http404
    form = CloseForm(request.POST or None)
    error = ""
    if request.method == "POST" and form.is_valid():
        duty = of_story(article).filter(pk=form.cleaned_data["duty"]).first()
        if not duty:
            raise Http404
        try:
            close_duty(duty, by=user, waived="waive" in request.POST, reason=form.cleaned_data["reason"])
        except PublishingError as refused:
            error = str(refused)
        else:
            messages.success(request, now("Closed. It stays in the list, with who closed it."))
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        error = " ".join(str(one) for errors in form.errors.values() for one in errors)
    duties = list(of_story(article)[:MOST])
    stands = {stand.duty.pk: stand for stand in where_else(duties, user) if stand.duty}
    by_notice: dict[int, list[Duty]] = {}
    for duty in duties:
        by_notice.setdefault(duty.correction_id, []).append(duty)
    notices = [
        told(group[0].correction, user, [stands[duty.pk] for duty in group if duty.pk in stands])
        for group in by_notice.values()
    ]
    typed = {"duty": request.POST.get("duty", ""), "reason": request.POST.get("reason", ""), "error": error}
    beside = any(str(key) == typed["duty"] and stand.may_close for key, stand in stands.items())
    return desk_page(
        request,
        "desk/duties.html",
        title=now("Where the error was"),
        article=article,
        notices=notices,
        typed=typed,
        error="" if beside else error,  # of what cannot be closed any more, and so has no form to stand at
    )


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    """What is open at one's desks, and what became of it; each leads to the page of its story."""

    list_display = ["story", "place", "state_mark", "since", "why"]
    list_display_links = None
    list_filter = ["state", "place"]
    list_select_related = ["correction__article__publication", "closed_by__person"]
    empty_hint = _("No correction has left anything open. What a correction should change elsewhere stands here.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Duty]:
        found = Duty.objects.exclude(place=Place.RELATED).order_by("-at", "-pk")
        theirs = Q(desk__in=list(roles(request.user)))
        if may(request.user, Right.LAUNCH):  # the fronts are the house's
            theirs |= Q(place=Place.FRONT)
        return found if request.user.is_superuser else found.filter(theirs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        duty = self.get_object(request, object_id) if object_id.isdecimal() else None
        if not duty:
            raise Http404
        return HttpResponseRedirect(places_url(duty))

    @admin.display(description=_("story"))
    def story(self, duty: Duty) -> str:
        article = duty.correction.article
        card = article.publication.read_card()
        return format_html(
            '<a class="headline" href="{}" lang="{}">{}</a>',
            places_url(duty), article.language, card["headline"] or article.code,
        )  # fmt: skip

    @admin.display(description=_("state"))
    def state_mark(self, duty: Duty) -> str:
        return duty_mark(duty)

    @admin.display(description=_("since"))
    def since(self, duty: Duty) -> str:
        return short_time(duty.at)

    @admin.display(description=_("reason"))
    def why(self, duty: Duty) -> str:
        return duty.reason


def places_url(duty: Duty) -> str:
    """Where the desk whose duty it is sees to it."""
    if duty.place == Place.FRONT:
        return front_url(duty.target)
    pk = duty.target if duty.place in IN_STORIES else duty.correction.article_id
    return reverse("admin:articles_article_places", args=[pk])


def front_url(place: int) -> str:
    """The editor of a front."""
    return reverse("admin:articles_front_editor", args=[place or "site"])
