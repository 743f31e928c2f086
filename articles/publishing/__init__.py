"""What may happen to a story: one verb a file, each one function in one transaction.

Every door (admin, commands, worker) calls these functions; each checks the right, the version of the working copy and
the order of steps itself.
"""

from articles.publishing.add_picture import add_picture
from articles.publishing.colleagues import disable, enable, welcome_link
from articles.publishing.draft import Draft
from articles.publishing.duties import close_duty
from articles.publishing.errors import (
    DecisionClosed,
    DecisionOpen,
    DecisionOutdated,
    EditionPassed,
    Embargoed,
    KindMissing,
    NotAllowed,
    NotApproved,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    NotReady,
    PassageNotFound,
    PictureErased,
    PictureRefused,
    PublishingError,
    ReasonMissing,
    ReportDecided,
    RightMissing,
    SecondPerson,
    Spiked,
    StaleDraft,
    StyleRefused,
    Withdrawn,
    WrongEdition,
    WrongMissing,
    WrongStage,
)
from articles.publishing.forget_contacts import forget_contacts
from articles.publishing.issue import issue_as_of
from articles.publishing.notes import Note
from articles.publishing.publish import publish
from articles.publishing.reader_steps import appeal, withdraw_by_reader
from articles.publishing.report_error import Told, report_error
from articles.publishing.save_draft import begin_draft, save_draft
from articles.publishing.save_page import save_page
from articles.publishing.triage import (
    accept,
    acknowledge,
    decide_appeal,
    decline,
    merge,
    publish_reply,
    reopen,
    set_spam,
)
from articles.publishing.withdraw import agree, propose, refuse, withdraw_proposal

__all__ = [
    "DecisionClosed",
    "DecisionOpen",
    "DecisionOutdated",
    "Draft",
    "EditionPassed",
    "Embargoed",
    "KindMissing",
    "NotAllowed",
    "NotApproved",
    "NotReady",
    "Note",
    "NoteMissing",
    "NoteUnusable",
    "NothingChanged",
    "PassageNotFound",
    "PictureErased",
    "PictureRefused",
    "PublishingError",
    "ReasonMissing",
    "ReportDecided",
    "RightMissing",
    "SecondPerson",
    "Spiked",
    "StaleDraft",
    "StyleRefused",
    "Told",
    "Withdrawn",
    "WrongEdition",
    "WrongMissing",
    "WrongStage",
    "accept",
    "acknowledge",
    "add_picture",
    "agree",
    "appeal",
    "begin_draft",
    "close_duty",
    "decide_appeal",
    "decline",
    "disable",
    "enable",
    "forget_contacts",
    "issue_as_of",
    "merge",
    "propose",
    "publish",
    "publish_reply",
    "refuse",
    "reopen",
    "report_error",
    "save_draft",
    "save_page",
    "set_spam",
    "welcome_link",
    "withdraw_by_reader",
    "withdraw_proposal",
]
