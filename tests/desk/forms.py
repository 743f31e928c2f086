"""Forms as a browser fills them in: what stands on the page is sent back, but for what a test changes."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import User
from tests.site.reading import Part, tree


def at_the_desk(user: User, **options: Any) -> Client:
    """The user's browser, logged in, with the desk in English."""
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client(**options)
    client.force_login(user)
    return client


def parse(response: HttpResponse) -> Part:
    """The page, as forgiving as a browser."""
    return Part(tree(response.content))


class Form:
    """A form of a page that was read; `values` is what a browser would send now."""

    def __init__(self, client: Client, path: str, response: HttpResponse, form_id: str = "") -> None:
        self.client, self.path, self.response = client, path, response
        self.page = parse(response)
        main = self.page.one("main")
        self.part = main.one(f"form[id={form_id}]") if form_id else main.all("form")[0]
        self.values = dict(value for field in self.part.all("input") + self.part.all("textarea")
                           + self.part.all("select") for value in _sent(field))  # fmt: skip

    def send(self, button: str = "_save", /, **changes: Any) -> HttpResponse:
        """Send it as it stands, with some values changed; None leaves a field out. Names may have `__` for `-`."""
        changed = {name.replace("__", "-"): value for name, value in changes.items()}
        values = {name: value for name, value in (self.values | changed).items() if value is not None}
        return self.client.post(self.path, values | {button: "1"})

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def choices(self, name: str) -> list[str]:
        (select,) = (field for field in self.part.all("select") if field.get("name") == name)
        return [option["value"] for option in select.all("option")]

    def errors(self, name: str) -> str:
        """What stands at a field, in the page."""
        return " ".join(part.words for part in self.page.all(f"ul[id=id_{name}_error]"))


def open_form(client: Client, path: str, form_id: str = "") -> Form:
    response = client.get(path)
    assert response.status_code == 200, f"{path} answers {response.status_code}"
    return Form(client, path, response, form_id)


def shown_again(form: Form, response: HttpResponse) -> Form:
    """The form as it came back because something was wrong."""
    assert response.status_code == 200, f"{form.path} answers {response.status_code}"
    return Form(form.client, form.path, response, form.part.get("id") or "")


def _sent(field: Part) -> list[tuple[str, Any]]:
    element, name = field.element, field.get("name")
    if not name or "disabled" in element.attrib:
        return []
    if element.tag == "input":
        kind = field.get("type") or "text"
        if kind in {"submit", "button", "file", "image"} or (
            kind in {"checkbox", "radio"} and "checked" not in element.attrib
        ):
            return []
        return [(name, field.get("value") or ("on" if kind == "checkbox" else ""))]
    if element.tag == "textarea":
        return [(name, (element.text or ""))]
    if element.tag == "select":
        options = field.all("option")
        chosen = [option for option in options if "selected" in option.element.attrib] or options[:1]
        return [(name, chosen[0]["value"])] if chosen else []
    return []
