"""What may happen to a story: one verb a file, each one function in one transaction.

Every door (admin, commands, worker) calls these functions; each checks the right, the version of the working copy and
the order of steps itself.
"""

from articles.publishing.add_picture import add_picture
from articles.publishing.colleagues import disable, enable, welcome_link
from articles.publishing.errors import (
    KindMissing,
    NotAllowed,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    NotReady,
    PictureRefused,
    PublishingError,
    StaleDraft,
)
from articles.publishing.issue import issue_as_of
from articles.publishing.publish import publish
from articles.publishing.save_draft import Draft, begin_draft, save_draft
from articles.publishing.save_page import save_page

__all__ = [
    "Draft",
    "KindMissing",
    "NotAllowed",
    "NotReady",
    "NoteMissing",
    "NoteUnusable",
    "NothingChanged",
    "PictureRefused",
    "PublishingError",
    "StaleDraft",
    "add_picture",
    "begin_draft",
    "disable",
    "enable",
    "issue_as_of",
    "publish",
    "save_draft",
    "save_page",
    "welcome_link",
]
