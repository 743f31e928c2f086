"""The writing surface: the rich-text field for an article's body.

What it saves is plain, small HTML; a picture is
`<figure data-picture="7"><figcaption>…</figcaption><cite>…</cite></figure>` and nothing more. The editor
is a convenience, not a guard: the server's own allow-list decides what is kept.
"""

import json
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy
from django_prose_editor.widgets import importmap as prose_editor_importmap
from js_asset import ImportMap, Media, Script

EDITOR_MODULES = ["chooser", "dom", "icons", "links", "paste", "pictures", "schema", "toolbar", "word"]

# Modules find each other through the import map, so that hashed static file names work.
importmap = prose_editor_importmap | ImportMap(
    {f"desk-editor/{name}": f"desk/editor/{name}.js" for name in EDITOR_MODULES} | {"desk/kept": "desk/kept.js"}
)


def _one_and_many(one: str, many: str) -> list[Any]:
    """Both forms of a message; the editor counts in the browser and puts the number in itself."""
    return [ngettext_lazy(one, many, 1), ngettext_lazy(one, many, 2)]


LABELS: dict[str, Any] = {
    # The toolbar
    "toolbar": _("Text formatting"),
    "toolbar_hint": _("Alt+F10 moves to the toolbar, Escape back to the text."),
    "subhead": _("Subhead"),
    "minor_subhead": _("Minor subhead"),
    "bold": _("Bold"),
    "emphasis": _("Emphasis"),
    "link": _("Link"),
    "bullet_list": _("Bullet list"),
    "ordered_list": _("Numbered list"),
    "quote": _("Block quote"),
    "table": _("Table"),
    "picture": pgettext_lazy("editor", "Picture"),
    "undo": _("Undo"),
    "redo": _("Redo"),
    # Inside a table
    "row_above": _("Insert row above"),
    "row_below": _("Insert row below"),
    "column_before": _("Insert column before"),
    "column_after": _("Insert column after"),
    "header_row": _("Header row on or off"),
    "delete_row": _("Delete row"),
    "delete_column": _("Delete column"),
    "delete_table": _("Delete table"),
    # The link dialog
    "link_address": _("Address"),
    "link_help": _("A web address, an e-mail address, or a path on this site such as /about/."),
    "link_text": _("Text of the link"),
    "link_bad": _("This cannot be linked. Use a web address, an e-mail address, or a path that begins with /."),
    "link_save": _("Set link"),
    "link_remove": _("Remove link"),
    "cancel": _("Cancel"),
    # Pictures
    "choose_title": _("Choose a picture"),
    "choose_search": _("Search captions and credits"),
    "choose_add": _("Add a picture to the library (new tab)"),
    "choose_loading": _("Reading the library…"),
    "choose_found": _one_and_many("%(count)s picture", "%(count)s pictures"),
    "choose_more": _("There are more: search to narrow them down."),
    "choose_none": _("No picture found. Try other words, or add the picture to the library."),
    "choose_empty": _("The library has no pictures yet. Add the first one, then come back here."),
    "choose_failed": _("The library could not be read. Check that you are still logged in, then try again."),
    "choose_again": _("Try again"),
    "close": _("Close"),
    "caption": _("Caption"),
    "credit": _("Credit of the picture here"),
    "credit_own": _("Credit here, if it is not: %(credit)s"),
    "credit_of_picture": _("Credit here, if it is not the picture’s own"),
    "picture_number": _("Picture %(id)s"),
    "picture_missing": _("Picture %(id)s is not in the library."),
    "picture_remove": _("Remove picture"),
    # What a paste left out
    "left_pictures": _one_and_many(
        "%(count)s picture was not pasted: add it to the library and insert it from there.",
        "%(count)s pictures were not pasted: add them to the library and insert them from there.",
    ),
    "left_embeds": _one_and_many(
        "%(count)s video or other embedded item was not pasted.",
        "%(count)s videos or other embedded items were not pasted.",
    ),
    "left_links": _one_and_many(
        "%(count)s link was removed because its address cannot be used here; its words are kept.",
        "%(count)s links were removed because their addresses cannot be used here; their words are kept.",
    ),
    "left_struck": _one_and_many(
        "%(count)s struck-out passage was left out.", "%(count)s struck-out passages were left out."
    ),
}


def _thumb_url() -> str:
    """The address of a picture's thumbnail with `{id}` for its number."""
    some_picture = 987654321
    return reverse("admin:articles_picture_thumb", args=[some_picture]).replace(str(some_picture), "{id}")


CHOOSE_URL = reverse_lazy("admin:articles_picture_choose")
THUMB_URL = lazy(_thumb_url, str)()
ADD_URL = reverse_lazy("admin:articles_picture_add")


class BodyWidget(forms.Textarea):
    """A textarea that the browser turns into the editor; without JavaScript it stays a textarea.

    choose_url: answers `{"pictures": [{"id", "thumb", "alt", "caption", "credit"}], "more": bool}` to `?q=`.
    thumb_url: shows one picture; `{id}` in it stands for the picture's primary key.
    add_url: the page where a picture is added to the library.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        choose_url: Any = CHOOSE_URL,
        thumb_url: Any = THUMB_URL,
        add_url: Any = ADD_URL,
    ) -> None:
        super().__init__({"rows": 24} | (attrs or {}))
        self.urls = {"choose": choose_url, "thumb": thumb_url, "add": add_url}

    @property
    def media(self) -> Media:
        return Media(
            importmap=importmap,
            css={"all": ["desk/editor/editor.css"]},
            js=[Script("desk/editor/editor.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        settings = {"urls": self.urls, "labels": LABELS}
        context["widget"]["attrs"]["data-desk-editor"] = json.dumps(
            settings, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")
        )
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser cannot point at the hidden textarea, so it would refuse to submit without saying why."""
        return False


class BodyField(forms.CharField):
    """A form field for an article's body."""

    widget = BodyWidget


def shown_body(html: str) -> SafeString:
    """The body for someone who may look but not write: the editor without its tools.

    For a display method in `readonly_fields`. The HTML travels escaped in a disabled textarea and is rebuilt from the
    nodes the editor knows, so nothing in it can run. The page needs `BodyWidget().media`.
    """
    return BodyWidget().render("", html, {"disabled": True, "aria-label": _("Body")})


class NonceMediaMixin:
    """For a ModelAdmin whose form holds a BodyWidget: gives the page's scripts the nonce of its CSP.

    The editor's import map is an inline script, which a strict policy refuses without one. Django calls
    `render_change_form` for add, change and an invalid form alike.
    """

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        nonce = getattr(request, "csp_nonce", "")
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
