"""What may happen to a story: one verb a file, each one function in one transaction.

Every door (admin, commands, worker) calls these functions; each checks the right, the version of the working copy and
the order of steps itself.
"""

from articles.publishing.add_picture import add_picture
from articles.publishing.assign import assign
from articles.publishing.bring_back import bring_back
from articles.publishing.colleagues import disable, enable, welcome_link
from articles.publishing.comments import comment, resolve
from articles.publishing.comments import reopen as reopen_comment
from articles.publishing.draft import Draft
from articles.publishing.duties import close_duty
from articles.publishing.embargo import lift_embargo, set_embargo
from articles.publishing.errors import (
    AgreedTime,
    AlreadyPublic,
    ApprovedOtherwise,
    CommentRefused,
    DecisionClosed,
    DecisionOpen,
    DecisionOutdated,
    DuePassed,
    DueTooFar,
    EditionPassed,
    Embargoed,
    FrontUnchanged,
    KindMissing,
    LaunchMinuteTaken,
    LinkOfWithdrawn,
    LinkTooLong,
    MinuteTaken,
    NoSuchFront,
    NotAllowed,
    NotAMember,
    NotApproved,
    NoteMissing,
    NoteUnusable,
    NothingChanged,
    NothingToReview,
    NotReady,
    OwnSubmission,
    PassageNotFound,
    PictureErased,
    PictureRefused,
    PublicStory,
    PublishingError,
    ReasonMissing,
    ReportDecided,
    RightMissing,
    ScheduleClosed,
    ScheduledBefore,
    SecondPerson,
    SeenToAtFront,
    SlotUnfit,
    Spiked,
    StaleDraft,
    StaleFront,
    StyleRefused,
    TooManyLinks,
    TooManySlots,
    VersionPassed,
    Withdrawn,
    WrongEdition,
    WrongMissing,
    WrongStage,
)
from articles.publishing.forget_contacts import forget_contacts
from articles.publishing.front_schedules import cancel_launch, schedule_launch
from articles.publishing.fronts import Wanted, arrange
from articles.publishing.issue import issue_as_of
from articles.publishing.launch_due import launch_due
from articles.publishing.launch_front import confirm, go_back, launch
from articles.publishing.notes import Note
from articles.publishing.presence import take_over
from articles.publishing.preview_links import make_link, revoke
from articles.publishing.publish import publish
from articles.publishing.reader_steps import appeal, withdraw_by_reader
from articles.publishing.report_error import Told, report_error
from articles.publishing.review import approve, send_back, submit, take_back
from articles.publishing.run_due import run_due
from articles.publishing.save_draft import begin_draft, save_draft
from articles.publishing.save_page import save_page
from articles.publishing.schedules import cancel_schedule, move_schedule, schedule
from articles.publishing.spike import restore, spike
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
    "AgreedTime",
    "AlreadyPublic",
    "ApprovedOtherwise",
    "CommentRefused",
    "DecisionClosed",
    "DecisionOpen",
    "DecisionOutdated",
    "Draft",
    "DuePassed",
    "DueTooFar",
    "EditionPassed",
    "Embargoed",
    "FrontUnchanged",
    "KindMissing",
    "LaunchMinuteTaken",
    "LinkOfWithdrawn",
    "LinkTooLong",
    "MinuteTaken",
    "NoSuchFront",
    "NotAMember",
    "NotAllowed",
    "NotApproved",
    "NotReady",
    "Note",
    "NoteMissing",
    "NoteUnusable",
    "NothingChanged",
    "NothingToReview",
    "OwnSubmission",
    "PassageNotFound",
    "PictureErased",
    "PictureRefused",
    "PublicStory",
    "PublishingError",
    "ReasonMissing",
    "ReportDecided",
    "RightMissing",
    "ScheduleClosed",
    "ScheduledBefore",
    "SecondPerson",
    "SeenToAtFront",
    "SlotUnfit",
    "Spiked",
    "StaleDraft",
    "StaleFront",
    "StyleRefused",
    "Told",
    "TooManyLinks",
    "TooManySlots",
    "VersionPassed",
    "Wanted",
    "Withdrawn",
    "WrongEdition",
    "WrongMissing",
    "WrongStage",
    "accept",
    "acknowledge",
    "add_picture",
    "agree",
    "appeal",
    "approve",
    "arrange",
    "assign",
    "begin_draft",
    "bring_back",
    "cancel_launch",
    "cancel_schedule",
    "close_duty",
    "comment",
    "confirm",
    "decide_appeal",
    "decline",
    "disable",
    "enable",
    "forget_contacts",
    "go_back",
    "issue_as_of",
    "launch",
    "launch_due",
    "lift_embargo",
    "make_link",
    "merge",
    "move_schedule",
    "propose",
    "publish",
    "publish_reply",
    "refuse",
    "reopen",
    "reopen_comment",
    "report_error",
    "resolve",
    "restore",
    "revoke",
    "run_due",
    "save_draft",
    "save_page",
    "schedule",
    "schedule_launch",
    "send_back",
    "set_embargo",
    "set_spam",
    "spike",
    "submit",
    "take_back",
    "take_over",
    "welcome_link",
    "withdraw_by_reader",
    "withdraw_proposal",
]
