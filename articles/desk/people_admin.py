"""Colleagues (who may log in) and people (whom readers see)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import ByRight, DeskAdmin, short_time
from articles.desk.library_admin import OTHER_NAMES, StandingAddress
from articles.desk.proof import ProvedForm, ProvedModelForm
from articles.desk.sessions import lately_proved
from articles.models import NAME_FIELDS, Listing, Membership, Person, User, in_languages
from articles.publishing.colleagues import (
    disable,
    enable,
    note_email,
    note_roles,
    require_over,
    roles_held,
    welcome_link,
)
from articles.publishing.door.second_factor import forget_second_factor, standing
from articles.publishing.errors import NotAllowed, PublishingError, listed
from articles.publishing.events import Verb
from articles.publishing.put_out_pictures import put_out_furniture
from articles.publishing.rights import Right, desks_where, may
from articles.search.indexing import index_stories_of

OTHER_WORDS: list[Any] = [
    name for names in zip(NAME_FIELDS[1:], in_languages("line")[1:], in_languages("biography")[1:], strict=True)
    for name in names
]  # fmt: skip


@admin.register(Person)
class PersonAdmin(StandingAddress):
    listing_kind = Listing.Kind.PERSON
    add_label = _("Add a person")
    empty_hint = _("Nobody is here yet. Add the authors and editors whose names stand on stories.")
    list_display = ["name", "name_en", "has_page"]
    search_fields = ["name", "name_zh_hant", "name_zh_hans", "name_en", "name_bo"]
    prepopulated_fields = {"slug": ["name_en"]}
    raw_id_fields = ["portrait"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "line", "biography", "portrait", "has_page"]}),
        (OTHER_NAMES[0], {"fields": OTHER_WORDS, "classes": ["collapse"]}),
    ]
    PARTS = {
        **dict.fromkeys(in_languages("line"), "line"), **dict.fromkeys(in_languages("biography"), "biography"),
        "portrait": "portrait", "has_page": "page",
    }  # fmt: skip
    CHANGED = Verb.PERSON_CHANGED

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        put_out_furniture(obj.portrait)
        if change and any(name in NAME_FIELDS for name in form.changed_data):
            index_stories_of(obj)


class MembershipForm(forms.ModelForm):
    """A role that the giver may give: a chief only below chief, and only at their own desks."""

    giver: User

    class Meta:
        model = Membership
        fields = ["desk", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = desks_where(self.giver, Right.PEOPLE)  # type: ignore[attr-defined]
        if not self.giver.is_superuser:
            role: Any = self.fields["role"]
            role.choices = [choice for choice in role.choices if choice[0] != Membership.Role.CHIEF]


class MembershipsDemanded(forms.models.BaseInlineFormSet):
    """A chief's colleague belongs to a desk of the chief's; one who belonged to none could be seen by nobody."""

    form: type[MembershipForm]

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        administrator = self.form.giver.is_superuser and self.data.get("is_superuser")
        if not kept and not administrator and not any(form.errors for form in self.forms):
            raise ValidationError(_("Give this colleague a role at one desk at least."))


class MembershipInline(ByRight, admin.TabularInline):
    model = Membership
    form = MembershipForm
    formset = MembershipsDemanded
    right = to_look = Right.PEOPLE
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, Right.PEOPLE)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = type("MembershipForm", (MembershipForm,), {"giver": request.user})
        return super().get_formset(request, obj, form=form, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return (
            super()
            .get_queryset(request)
            .filter(
                desk__in=desks_where(request.user, Right.PEOPLE)  # type: ignore[arg-type]
            )
        )


class ColleagueForm(ProvedModelForm):
    """Roles, and the address to which a new password is sent: whoever saves this has proved lately who they are."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "language", "mail_alerts", "person", "is_superuser"]
        labels = {"is_superuser": _("administrator")}
        help_texts = {"is_superuser": _("May do everything, on every desk, and runs the site."), "username": ""}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        if self.initial.get("is_superuser") and cleaned.get("is_superuser") is False and not others.exists():
            self.add_error("is_superuser", _("Somebody must run the site. Make another administrator first."))
        return cleaned


@admin.register(User)
class ColleagueAdmin(DeskAdmin):
    right = to_look = Right.PEOPLE
    form = ColleagueForm
    add_label = _("Add a colleague")
    empty_hint = _("No colleague yet. Add one, give them a role at a desk, and hand them their welcome link.")
    list_display = ["full_name", "username", "roles", "active", "last_in"]
    search_fields = ["username", "first_name", "last_name", "person__name"]
    ordering = ["username"]
    inlines = [MembershipInline]
    change_form_template = "desk/colleague.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found = super().get_queryset(request).select_related("person")
        found = found.prefetch_related(Prefetch("memberships", Membership.objects.select_related("desk")))
        if request.user.is_superuser:
            return found
        desks = desks_where(request.user, Right.PEOPLE)  # type: ignore[arg-type]
        return found.filter(memberships__desk__in=desks, is_superuser=False).distinct()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        try:
            if obj:
                require_over(request.user, obj)  # type: ignore[arg-type]
        except NotAllowed:
            return False
        return True

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = list(ColleagueForm.Meta.fields)
        if not request.user.is_superuser:
            fields.remove("is_superuser")
        if self.has_change_permission(request, obj) and not lately_proved(request):
            fields.append("proof")
        return fields

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = type("ColleagueForm", (ColleagueForm,), {"request": request})
        return super().get_form(request, obj, change, form=form, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if colleague := kwargs.get("obj"):
            context["second_factor"] = standing(colleague)
            context["access_form"] = ProvedForm(request, auto_id="access_%s")
            context["forget_form"] = ProvedForm(request, auto_id="forget_%s")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_exclude(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["is_superuser"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True
        form.roles_before = roles_held(obj) if change else {}
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        note_roles(form.instance, before=form.roles_before, by=request.user)  # type: ignore[arg-type]
        if not change:
            self._tell_link(request, form.instance)
        elif "email" in form.changed_data:
            note_email(form.instance, by=request.user)  # type: ignore[arg-type]

    def _tell_link(self, request: HttpRequest, colleague: User) -> None:
        link = request.build_absolute_uri(welcome_link(colleague, by=request.user))  # type: ignore[arg-type]
        text = now("Give %(name)s this link. It sets their password, works once, and ends after %(days)d days:")
        days = settings.PASSWORD_RESET_TIMEOUT // 86400
        messages.success(
            request,
            format_html(
                '{} <input class="link" readonly value="{}" aria-label="{}" data-copy="{}" data-copied="{}">',
                text % {"name": colleague, "days": days},
                link,
                now("Welcome link"),
                now("Copy"),
                now("Copied"),
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<count:pk>/do/<slug:act>/", wrap(self.act), name="articles_user_act"),
            *super().get_urls(),
        ]

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """POST only, and with a fresh proof: a new welcome link, the door closed or opened, a lost second factor taken
        away."""
        colleague = self.get_queryset(request).filter(pk=pk).first()
        if not colleague or request.method != "POST" or act not in {"link", "disable", "enable", "forget"}:
            raise Http404
        form = ProvedForm(request, request.POST)
        try:
            if form.is_valid():
                self._do(request, colleague, act)
            else:
                messages.error(request, " ".join(map(str, form.errors["proof"])))
        except PublishingError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:articles_user_change", args=[pk]))

    def _do(self, request: HttpRequest, colleague: User, act: str) -> None:
        by: Any = request.user
        if act == "link":
            self._tell_link(request, colleague)
            return
        if act == "disable":
            disable(colleague, by=by)
            told = now("%(name)s can no longer log in.")
        elif act == "enable":
            enable(colleague, by=by)
            told = now("%(name)s can log in again.")
        else:
            forget_second_factor(colleague, by=by)
            told = now("%(name)s has no second factor any more, is logged out, and can set up another one.")
        messages.success(request, told % {"name": colleague})

    @admin.display(description=_("name"))
    def full_name(self, user: User) -> str:
        return str(user)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return now("administrator")
        return listed([str(one) for one in user.memberships.all()])

    @admin.display(description=_("access"))
    def active(self, user: User) -> str:
        if not user.is_active:
            return format_html('<span class="stage off">{}</span>', now("disabled"))
        if not user.has_usable_password():
            return format_html('<span class="stage draft">{}</span>', now("has set no password yet"))
        return format_html('<span class="stage published">{}</span>', now("may log in"))

    @admin.display(description=_("last login"), ordering="last_login")
    def last_in(self, user: User) -> str:
        return short_time(user.last_login) if user.last_login else now("never")
