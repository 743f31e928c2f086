"""What each role may do at each address below /admin/. test_matrix.py walks every address with every role.

To add a page, add one line: its route as `urls` writes it, without `admin/`, and who may

    look    get the page by GET (200, or a redirect further in),
    send    get past the door by POST: the form is read, and may still be refused with a sentence.

Everybody else must be answered 403, 404 or 405. `at_desk` is for addresses of one desk's things: there the words mean
people of that desk, and to everybody outside it the address must answer exactly as if the thing did not exist. `house`
is for what all desks share. If the address has parts that test_matrix.py does not know, or is about a model that it
makes nothing of, add a value to `things_of` there, which makes one of each thing for a desk.
"""

from dataclasses import dataclass

ALL = {"administrator", "chief", "editor", "reporter", "nobody"}  # nobody: may log in, and belongs to no desk
MEMBERS = ALL - {"nobody"}
EDITORS = MEMBERS - {"reporter"}
CHIEFS = {"administrator", "chief"}
ADMINISTRATORS = {"administrator"}
NONE: set[str] = set()


@dataclass(frozen=True)
class Door:
    look: set[str]
    send: set[str]
    of_desk: bool = False


def house(look: set[str], send: set[str] | None = None) -> Door:
    """Send: who looks may send, too, if nothing is said."""
    return Door(look, look if send is None else send)


def at_desk(look: set[str], send: set[str] | None = None) -> Door:
    return Door(look, look if send is None else send, of_desk=True)


def pages(
    model: str,
    *,
    listed: set[str],
    look: set[str],
    change: set[str] | None = None,
    history: set[str] | None = None,
    add: set[str] = NONE,
    delete: set[str] = NONE,
    of_desk: bool = False,
) -> dict[str, Door]:
    """The pages that the admin gives every model; of_desk: its things belong to one desk. Most are never deleted."""
    door = at_desk if of_desk else house
    one = f"articles/{model}/<path:object_id>/"
    return {
        f"articles/{model}/": house(listed),
        f"articles/{model}/add/": house(add),
        one: house(ALL),  # leads to change/, whatever is there
        f"{one}change/": door(look, change),
        f"{one}history/": door(look if history is None else history),
        f"{one}delete/": door(delete) if delete else house(NONE),
    }


DOORS: dict[str, Door] = {
    "": house(ALL),
    "(?P<app_label>articles)/": house(MEMBERS),
    "(?P<url>.*)": house(NONE),
    "calendar/": house(MEMBERS),
    "alerts/": house(ALL),
    "alerts/<count:alert>/": house(NONE),  # for the one who was told: see test_alerts.py
    "alerts/count/": house(ALL, NONE),
    "autocomplete/": house(NONE),  # nothing is offered by it
    "jsi18n/": house(ALL, NONE),
    "language/": house(NONE, ALL),
    "login/": house(ALL),
    "login/second/": house(ALL),
    "login/password/": house(ALL),
    "logout/": house(NONE, ALL),
    "password_change/": house(ALL),
    "password_change/done/": house(ALL, NONE),
    "r/<path:content_type_id>/<path:object_id>/": house(NONE),
    "second-factor/": house(ALL),
    "second-factor/app/": house(ALL),
    "second-factor/passkey/": house(ALL),
    "second-factor/do/<slug:act>/": house(NONE, ALL),
    "settings/": house(ALL),
    "welcome/<uidb64>/<token>/": house(ALL),
    # --- Stories
    **pages("article", listed=MEMBERS, add=MEMBERS, look=MEMBERS, of_desk=True),
    "articles/article/bulk/": house(MEMBERS),
    "articles/article/filters/": house(MEMBERS),
    "articles/article/filters/save/": house(NONE, MEMBERS),
    "articles/article/<count:pk>/embargo/": at_desk(MEMBERS),
    "articles/article/<count:pk>/schedule/<count:schedule>/": at_desk(MEMBERS),  # and is told who may
    "articles/article/autosave/": house(NONE, MEMBERS),
    "articles/article/<count:pk>/autosave/": at_desk(NONE, MEMBERS),
    "articles/article/<count:pk>/here/": at_desk(NONE, MEMBERS),
    "articles/article/<count:pk>/links/": at_desk(MEMBERS),
    "articles/article/<count:pk>/versions/": at_desk(MEMBERS),
    "articles/article/<count:pk>/versions/compare/": at_desk(MEMBERS),
    "articles/article/<count:pk>/versions/<count:number>/bring-back/": at_desk(NONE, MEMBERS),
    "articles/article/<count:pk>/comments/": at_desk(MEMBERS),
    "articles/article/<count:pk>/step/": at_desk(NONE, MEMBERS),
    "articles/article/<count:pk>/places/": at_desk(MEMBERS),
    "articles/article/<count:pk>/preview/": at_desk(MEMBERS),
    "articles/article/<count:pk>/propose/<slug:act>/": at_desk(MEMBERS),  # and is told who may
    "articles/article/<count:pk>/publish/": at_desk(MEMBERS),
    # --- Fronts, which are the house's
    "articles/front/": house(EDITORS),
    "articles/front/<slug:which>/": house(EDITORS),
    "articles/front/<slug:which>/candidates/": house(EDITORS, NONE),
    "articles/front/<slug:which>/history/": house(EDITORS),
    "articles/front/<slug:which>/preview/": house(EDITORS),
    # --- The record
    **pages("decision", listed=EDITORS, look=EDITORS, of_desk=True),
    **pages("duty", listed=MEMBERS, look=MEMBERS, of_desk=True),
    **pages("errorreport", listed=EDITORS, look=EDITORS, of_desk=True),
    "articles/event/export/": house(NONE, MEMBERS),
    **pages("event", listed=MEMBERS, look=NONE, history=MEMBERS, of_desk=True),
    # --- The library, which all desks share
    **pages("channel", listed=MEMBERS, add=ADMINISTRATORS, look=MEMBERS, change=ADMINISTRATORS),
    **pages("person", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS),
    **pages("picture", listed=MEMBERS, add=MEMBERS, look=MEMBERS, change=EDITORS),  # a reporter, their own
    "articles/picture/choose/": house(MEMBERS),
    "articles/picture/<count:pk>/thumb/": house(MEMBERS),
    "articles/picture/file/<word:digest>/<int:width>.<str:kind>": house(MEMBERS),
    **pages("source", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS),
    **pages("tag", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS),
    **pages("place", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS),
    "articles/place/find/": house(MEMBERS),
    "articles/topic/stories/": house(EDITORS),
    **pages("topic", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS),
    **pages("glossaryentry", listed=MEMBERS, add=EDITORS, look=MEMBERS, change=EDITORS, delete=EDITORS, of_desk=True),
    **pages("stylerule", listed=MEMBERS, add=CHIEFS, look=MEMBERS, change=CHIEFS, delete=CHIEFS, of_desk=True),
    "articles/stylerule/try/": house(MEMBERS),
    "articles/article/style/": house(NONE, MEMBERS),  # what the desk's style finds in a text that is being written
    # --- The house
    **pages("desk", listed=MEMBERS, add=ADMINISTRATORS, look=MEMBERS, change=CHIEFS),  # of their own desk
    **pages("page", listed=ADMINISTRATORS, look=ADMINISTRATORS),
    **pages("site", listed=ALL, look=ADMINISTRATORS),  # the list leads to the one site there is
    **pages("user", listed=CHIEFS, add=CHIEFS, look=CHIEFS, of_desk=True),
    "articles/user/<count:pk>/do/<slug:act>/": at_desk(NONE, CHIEFS),
}
