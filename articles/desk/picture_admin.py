"""The picture library: adding, describing, choosing, and looking at what is not public yet."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.desk.base import DeskAdmin, short_time
from articles.models import RENDITION_KINDS, Picture, private_store, rendition_name, site_language
from articles.pictures.decode import MAX_BYTES
from articles.pictures.renditions import width_for
from articles.publishing.add_picture import enter, store_files
from articles.publishing.errors import PictureRefused
from articles.publishing.events import Verb, note
from articles.publishing.rights import Right, may

CHOICE = 24  # pictures on one page of the chooser


class PictureForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF, up to 25 MB. Place and camera data are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
    )

    class Meta:
        model = Picture
        fields = ["language", "alt", "caption", "credit"]
        widgets = {"caption": forms.Textarea(attrs={"rows": 2}), "alt": forms.Textarea(attrs={"rows": 2})}

    def clean_upload(self) -> None:
        upload = self.cleaned_data["upload"]
        try:
            # One byte more than is allowed is enough to know, so a huge file is never read whole.
            store_files(self.instance, upload.read(MAX_BYTES + 1))
        except PictureRefused as error:
            raise ValidationError(str(error)) from error


class PictureTextsForm(forms.ModelForm):
    class Meta(PictureForm.Meta):
        pass


@admin.register(Picture)
class PictureAdmin(DeskAdmin):
    right = Right.WRITE
    add_label = _("Add a picture")
    empty_hint = _("The library has no pictures yet. Add the first one, and say what is to be seen and who made it.")
    list_display = ["thumbnail", "words", "credit", "added"]
    list_display_links = ["thumbnail"]
    change_form_template = "desk/picture_form.html"
    list_per_page = 60
    list_filter = ["language"]
    search_fields = ["alt", "caption", "credit"]

    def has_change_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """A reporter's own pictures; others' words stand in other people's stories."""
        if obj and obj.created_by_id == request.user.pk:
            return super().has_change_permission(request, obj)
        return may(request.user, Right.LIBRARY if obj else Right.WRITE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        """Without what was erased by law: neither words nor files of it are left."""
        return super().get_queryset(request).filter(erased_at=None)

    def get_form(self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=PictureTextsForm if obj else PictureForm, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        first = "large" if obj else "upload"
        return [(None, {"fields": [first, "alt", "caption", "credit", "language"]})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Picture.objects.filter(created_by=request.user).first()  # type: ignore[misc]
        return {"language": last.language if last else site_language()} | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        return ["large"] if obj else []

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            if form.changed_data:
                by: Any = request.user
                note(Verb.REWORDED, by=by, article=None, thing=f"picture {obj.pk}", after=" ".join(form.changed_data))
        else:
            enter(obj, by=request.user)  # type: ignore[arg-type]

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: Picture) -> str:
        return format_html('<img src="{}" alt="{}" loading="lazy">', thumb_address(picture), picture.alt)

    @admin.display(description=_("caption"))
    def words(self, picture: Picture) -> str:
        return format_html('<span lang="{}">{}</span>', picture.language, picture)

    @admin.display(description=_("added"))
    def added(self, picture: Picture) -> str:
        return short_time(picture.created_at)

    @admin.display(description=_("picture"))
    def large(self, picture: Picture) -> str:
        width = width_for(960, picture.all_widths)
        url = reverse("admin:articles_picture_file", args=[picture.digest, width, "webp"])
        return format_html('<img class="picture-large" src="{}" alt="{}">', url, picture.alt)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("choose/", wrap(self.choose), name="articles_picture_choose"),
            path("<count:pk>/thumb/", wrap(self.thumb), name="articles_picture_thumb"),
            path("file/<word:digest>/<int:width>.<str:kind>", wrap(self.file), name="articles_picture_file"),
            *super().get_urls(),
        ]

    def choose(self, request: HttpRequest) -> HttpResponse:
        """The newest pictures, or those whose words contain ?q=, for the editor's chooser."""
        self._only_desk(request)
        found = Picture.objects.filter(erased_at=None)
        if query := request.GET.get("q", "").replace("\x00", "")[:100].strip():
            found = found.filter(
                Q(alt__icontains=query) | Q(caption__icontains=query) | Q(credit__icontains=query)
            )  # fmt: skip
        page = list(found[: CHOICE + 1])
        return JsonResponse(
            {
                "pictures": [
                    {
                        "id": picture.pk,
                        "thumb": thumb_address(picture),
                        "alt": picture.alt,
                        "caption": picture.caption,
                        "credit": picture.credit,
                    }
                    for picture in page[:CHOICE]
                ],
                "more": len(page) > CHOICE,
            }
        )

    def thumb(self, request: HttpRequest, pk: int) -> FileResponse:
        self._only_desk(request)
        picture = Picture.objects.filter(pk=pk).first()
        if not picture:
            raise Http404
        width = width_for(640, picture.all_widths)
        return self.file(request, picture.digest, width, "webp")

    def file(self, request: HttpRequest, digest: str, width: int, kind: str) -> FileResponse:
        """A rendition from the private store, for the desk only."""
        self._only_desk(request)
        picture = Picture.objects.filter(digest=digest).first()
        if not picture or kind not in RENDITION_KINDS or width not in picture.all_widths:
            raise Http404
        try:
            opened = private_store().open(rendition_name(digest, width, kind))
        except OSError as error:
            raise Http404 from error
        response = FileResponse(opened, content_type=RENDITION_KINDS[kind])
        response["Cache-Control"] = "private, max-age=3600"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _only_desk(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise Http404


def thumb_address(picture: Picture) -> str:
    return reverse("admin:articles_picture_thumb", args=[picture.pk])
