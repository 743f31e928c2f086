"""Questions to the list of stories that one person keeps under a name: saved, renamed, deleted; nobody else's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.desk.base import desk_page
from articles.desk.keyset import NEWER, OLDER
from articles.language.words import one_line, unusable_characters
from articles.models import SavedFilter, User
from articles.publishing.rights import Right, may

MOST = 30  # of one person
NO_QUESTION = {OLDER, NEWER, "e", "p", "all", "o", "_popup", "_to_field", "_facets"}


class NameForm(forms.ModelForm):
    """The name of a question; the question itself comes from the list's own address."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        labels = {"name": _("Name")}

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        others = SavedFilter.objects.filter(user=self.instance.user_id, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("You have a question of this name already. Choose another name."))
        return name


def question(text: str) -> str:
    """What of a list's address is a question: without the place where one stood, and what cannot be kept."""
    if unusable_characters(text):
        return ""
    asked = QueryDict(text.removeprefix("?"), mutable=True)
    for name in list(asked):
        values = [value for value in asked.getlist(name) if value and not unusable_characters(value)]
        if name in NO_QUESTION or unusable_characters(name) or not values:
            del asked[name]
        else:
            asked.setlist(name, values)
    return asked.urlencode()


def of(user: Any) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(user=user)[:MOST])


def list_address(asked: str = "") -> str:
    address = reverse("admin:articles_article_changelist")
    return f"{address}?{asked}" if asked else address


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not may(user, Right.WRITE):
        raise Http404
    return user


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the question that the list answers, under a name."""
    user = _person(request)
    asked = question(request.POST.get("query", "")[:4000])
    form = NameForm(request.POST, instance=SavedFilter(user=user, query=asked, order=len(of(user))))
    if not asked:
        messages.error(request, now("Filter or search first; then the question can be kept under a name."))
    elif len(asked) > SavedFilter._meta.get_field("query").max_length:  # type: ignore[operator]
        messages.error(request, now("This question is too long to be kept. Search for fewer words."))
    elif len(of(user)) >= MOST:
        messages.error(request, now("You keep %(most)d questions, and there is room for no more. Delete one.")
                       % {"most": MOST})  # fmt: skip
    elif not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["name"])))
        return _manage(request, user, naming=form, asked=asked)
    else:
        form.save()
        messages.success(request, now("Kept as “%(name)s”.") % {"name": form.instance.name})
    return HttpResponseRedirect(list_address(asked))


def saved_filters_page(request: HttpRequest) -> HttpResponse:
    """The person's questions, to be renamed and deleted."""
    user = _person(request)
    if request.method == "POST":
        chosen = request.POST.get("filter", "")
        mine = SavedFilter.objects.filter(user=user, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0)
        kept = mine.first()
        if not kept:
            messages.error(request, now("This question is not kept any more."))
        elif "delete" in request.POST:
            kept.delete()
            messages.success(request, now("“%(name)s” was deleted.") % {"name": kept.name})
        else:
            form = NameForm(request.POST, instance=kept, prefix=f"f{kept.pk}")
            if not form.is_valid():
                return _manage(request, user, wrong=form)
            form.save()
            messages.success(request, now("It is called “%(name)s” now.") % {"name": kept.name})
        return HttpResponseRedirect(reverse("admin:articles_article_saved_filters"))
    return _manage(request, user)


def _manage(
    request: HttpRequest, user: User, *, wrong: NameForm | None = None, naming: NameForm | None = None, asked: str = ""
) -> HttpResponse:
    kept = [
        (one, wrong if wrong and wrong.instance.pk == one.pk else NameForm(instance=one, prefix=f"f{one.pk}"))
        for one in of(user)
    ]
    return desk_page(
        request,
        "desk/saved_filters.html",
        title=now("Your questions to the list"),
        kept=kept,
        naming=naming,
        asked=asked,
        list_address=list_address(),
    )
