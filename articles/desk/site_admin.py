"""The site's own name and pages."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from articles.desk.base import DeskAdmin
from articles.desk.body_editor import BodyField, NonceMediaMixin
from articles.desk.library_admin import OTHER_NAMES, NamedAdmin
from articles.language import markup
from articles.models import MAX_BODY, Language, Page, PageVersion, Site, site_language
from articles.publishing.put_out_pictures import put_out_furniture
from articles.publishing.rights import Right
from articles.publishing.save_page import save_page


@admin.register(Site)
class SiteAdmin(NamedAdmin):
    """One row: its list is its form."""

    right = to_look = Right.SITE
    raw_id_fields = ["logo"]
    fieldsets = [
        (None, {"fields": ["name", "tagline", "logo", "contact_email"]}),
        OTHER_NAMES,
        (_("Terms of readers’ reports"), {
            "fields": ["acknowledge_hours", "decide_hours", "reply_hours", "contact_days"],
            "description": _("Readers are promised these terms. A change counts for reports that come in from now on."),
        }),
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request) and not Site.objects.exists()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:articles_site_change", args=[1])
            if Site.objects.exists()
            else reverse("admin:articles_site_add")
        )

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
        put_out_furniture(obj.logo)


class PageForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("title"), max_length=200)
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)
    body = BodyField(label=_("text"), max_length=MAX_BODY)

    class Meta:
        model = Page
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = self.instance.versions.first()
        self.initial.setdefault("seen", last.number if last else 0)
        self.initial.setdefault("language", last.language if last else site_language())
        self.initial.setdefault("title", last.title if last else str(self.instance))
        self.initial.setdefault("body", last.body if last else "")

    def clean_body(self) -> str:
        body = markup.clean(self.cleaned_data["body"])
        if not body:
            raise forms.ValidationError(self.fields["body"].error_messages["required"], code="required")
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last = self.instance.versions.first()
        if cleaned.get("seen") != (last.number if last else 0):
            raise forms.ValidationError(
                _("Somebody has published a new version since you opened this page. Open it in another window, and "
                  "bring your text over.")
            )  # fmt: skip
        return cleaned


@admin.register(Page)
class PageAdmin(NonceMediaMixin, DeskAdmin):
    right = to_look = Right.SITE
    form = PageForm
    change_form_template = "desk/page_form.html"
    list_display = ["slug_name", "newest"]
    fieldsets = [(None, {"fields": ["title", "body", "language", "seen"]})]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the five pages are always there

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        text = form.cleaned_data
        version = save_page(
            obj,
            seen=text["seen"],
            by=request.user,  # type: ignore[arg-type]
            language=text["language"],
            title=text["title"],
            body=text["body"],
        )
        url = reverse("site:page", args=[obj.slug])
        messages.success(request, format_html('{} <a href="{}">{}</a>', now("Readers now see version %(number)d.")
                         % {"number": version.number}, url, now("Look at it")))  # fmt: skip

    @admin.display(description=_("page"))
    def slug_name(self, page: Page) -> str:
        return str(page)

    @admin.display(description=_("newest version"))
    def newest(self, page: Page) -> str:
        last: PageVersion | None = page.versions.first()
        return f"{last.number}: {last.title}" if last else now("not written yet")
