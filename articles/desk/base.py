"""What the desk's admin pages share: rights by role instead of Django's permissions, and a strict content policy."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from articles.publishing.rights import Right, may


class ByRight:
    """Admin permissions that follow from memberships. `right` is what adding and changing need; any member may look."""

    right: ClassVar[Right] = Right.LIBRARY
    to_look: ClassVar[Right] = Right.WRITE

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, self.to_look)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.to_look)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request.user, self.right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeskAdmin(ByRight, admin.ModelAdmin):
    show_full_result_count = False
    list_per_page = 50
    save_on_top = False
    actions = None
