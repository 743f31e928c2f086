"""The list of stories: read on by key, searched by the index, within what the person may see."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from articles.desk.base import sought
from articles.desk.keys import key_of
from articles.desk.keyset import Key, KeysetList, page
from articles.desk.story_filters import DUE
from articles.models import Article, Membership, User
from articles.publishing.rights import roles, seen_by
from articles.search.query import Search
from articles.search.scope import Share

BY_ENTRY = Key("search_entry__pk", True, lambda row: row.pk)  # the order in which an index gives what it finds
DESK = "desk__id__exact"
MOST_PARTS = 100  # read by an index each; SQLite joins 500 at most, and one query is faster long before


def shares(user: User | AnonymousUser) -> list[Share] | None:
    """Whose stories this person may see; None where it is all of them."""
    if user.is_active and user.is_superuser:
        return None
    return [Share(desk, user.pk if role == Membership.Role.REPORTER else None) for desk, role in roles(user).items()]


def search(queryset: Any, words: str, user: User | AnonymousUser) -> tuple[Any, bool]:
    """What of `queryset` holds all the words, or where nothing does, any of them (then True); the newest story first.

    Looks within the person's own shares alone, whatever `queryset` is.
    """
    question = Search(words, shares(user))
    if not question.possible:
        return queryset.none(), False
    found = [
        queryset.filter(search_entry__tokens__match=question.expression(any_word=any_word)).order_by(BY_ENTRY.order)
        for any_word in (False, True)
    ]
    if len(question.phrases) > 1 and not list(found[0].values_list("pk")[:1]):
        return found[1], True
    return found[0], False


def branches(theirs: Sequence[Share], desk: int | None) -> list[Q]:
    """What the person may see, as conditions that an index serves each; of one desk alone where one is asked for."""
    found = []
    for share in theirs:
        if desk is None or share.desk == desk:
            if share.person is None:
                found.append(Q(desk=share.desk))
            else:
                found += [Q(desk=share.desk, created_by=share.person), Q(desk=share.desk, assignee=share.person)]
    return found


def merged(pages: Sequence[Any], keys: Sequence[Key], size: int) -> list[tuple[Any, ...]]:
    """The first rows of several pages in one order, in one query: each page is read by its own index."""
    parts, params = [], list[Any]()
    for place, rows in enumerate(pages):
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) AS part{place}")  # noqa: S608 - the ORM's own SQL
        params += values
    if not parts:
        return []
    order = ", ".join(f"{place} {'DESC' if key.descending else 'ASC'}" for place, key in enumerate(keys, start=1))
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION '.join(parts)} ORDER BY {order} LIMIT {size + 1}", params)
        return list(cursor.fetchall())


class StoryList(KeysetList):
    """Finds the keys of a page first, by indexes alone, and then reads these stories: through `articles_of` again, so
    that nothing can be seen by a fault of the first step."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        self.root_queryset = Article.objects.order_by()
        self.searching = bool(sought(self.query).strip())
        found = super().get_queryset(request, exclude_parameters).select_related(None)
        self.any_word = getattr(request, "any_word", False)
        return found

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """By the last change; where terms are asked for, by these."""
        return ["due_at", "pk"] if self.params.get(DUE) else super().get_ordering(request, queryset)

    def keys(self, request: HttpRequest) -> list[Key]:
        return [BY_ENTRY] if self.searching else super().keys(request)

    def rows(self, request: HttpRequest, keys: list[Key], values: list[Any] | None, *, backwards: bool) -> list[Any]:
        user: Any = request.user
        theirs = shares(user)
        size = self.list_per_page
        parts = [self.queryset]
        if theirs is not None and not self.searching:
            asked = str(self.params.get(DESK, ""))
            found = branches(theirs, key_of(asked) if asked.isdecimal() else None)
            parts = [self.queryset.filter(part) for part in (found if len(found) <= MOST_PARTS else [seen_by(user)])]
        pages = [
            page(part, keys, values, size, backwards=backwards).values_list(*(key.lookup for key in keys))
            for part in parts
        ]
        if backwards:
            keys = [key._replace(descending=not key.descending) for key in keys]
        chosen = [row[-1] for row in merged(pages, keys, size)]
        admin: Any = self.model_admin
        stories = admin.get_queryset(request).defer("body").select_related(*admin.list_select_related).order_by()
        by_key = {story.pk: story for story in stories.filter(pk__in=chosen)}
        return [by_key[key] for key in chosen if key in by_key]

    # The table as the admin's own tag writes it. That tag looks up every cell's column, kind and link anew, which made
    # a third of the time of a page.
    @property
    def heads(self) -> list[tuple[str, str]]:
        admin: Any = self.model_admin
        return [(name, str(label_for_field(name, Article, admin))) for name in map(str, self.list_display)]

    @property
    def written_rows(self) -> SafeString:
        admin: Any = self.model_admin
        columns = [(name, getattr(admin, name, None) or attrgetter(name)) for name in map(str, self.list_display)]
        around: Any = {"preserved_filters": self.preserved_filters, "opts": self.opts}
        link = escape(add_preserved_filters(around, reverse("admin:articles_article_change", args=[0])))
        before, after = link.split("0", 1)
        empty = admin.get_empty_value_display()
        rows = []
        for story in self.result_list:
            cells = []
            for name, column in columns:
                value = column(story)
                value = empty if value is None or value == "" else conditional_escape(value)
                if name in self.list_display_links:
                    cell = f'<th class="field-{name}"><a href="{before}{story.pk}{after}">{value}</a></th>'
                else:
                    cell = f'<td class="field-{name}">{value}</td>'
                cells.append(cell)
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return mark_safe("\n".join(rows))  # noqa: S308 - every value is escaped above
