"""Where Django looks for the admin; the pages themselves stand in desk/."""

from django.contrib import admin
from django.contrib.auth.models import Group
from taggit.models import Tag as ForeignTag

from articles.desk import (
    article_admin,
    decisions,
    desk_admin,
    duties_view,
    events_admin,
    front_admin,
    glossary_admin,
    library_admin,
    people_admin,
    picture_admin,
    reports_admin,
    site_admin,
    style_admin,
    topic_admin,
)

admin.site.unregister(ForeignTag)  # taggit registers its own model, which we do not use
admin.site.unregister(Group)  # what somebody may do follows from their role at a desk alone (publishing/rights.py)

__all__ = [
    "article_admin",
    "decisions",
    "desk_admin",
    "duties_view",
    "events_admin",
    "front_admin",
    "glossary_admin",
    "library_admin",
    "people_admin",
    "picture_admin",
    "reports_admin",
    "site_admin",
    "style_admin",
    "topic_admin",
]
