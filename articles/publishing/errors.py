"""What a verb refuses, in sentences for the person who asked: what is wrong, and what to do."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def listed(names: Sequence[str]) -> str:
    """Names in a row, parted as the language of the page parts them."""
    return pgettext("between the items of a list", ", ").join(names)


class PublishingError(Exception):
    """A verb did nothing, for the reason given."""


class NotAllowed(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Your role at this desk does not allow this. Ask an editor or the chief of the desk."))


class StaleDraft(PublishingError):
    """The working copy was changed by somebody since it was read."""

    def __init__(self, *, seen: int, now: int) -> None:
        self.seen, self.now = seen, now
        super().__init__(
            _(
                "Somebody has saved this story since you opened it. Nothing was changed, and what you typed is still "
                "here."
            )
        )


class NotReady(PublishingError):
    """What a story must have is missing; `missing` names it."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(_("Before this can be published it needs: %(missing)s.") % {"missing": listed(missing)})


class StyleRefused(PublishingError):
    """A rule of house style that the desk lets refuse publication found something: each with its words and why."""

    MOST = 5

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        self.found = list(found)
        shown = [f"“{words.strip() or '␣'}”: {why}" for words, why in found[: self.MOST]]
        super().__init__(
            _("The desk’s house style refuses this. Change it in the text, or ask the chief of the desk: %(found)s")
            % {"found": " ".join(shown)}
        )


class NothingChanged(PublishingError):
    def __init__(self, number: int) -> None:
        super().__init__(_("Edition %(number)d already says exactly this. There is nothing to publish.")
                         % {"number": number})  # fmt: skip


class KindMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This story is public. Say what kind of change this is."))


class NoteMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Readers must be told what changed. Write a note of one or two sentences."))


class WrongMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("A correction says what was wrong. Write it in the field “What was wrong”."))


class RightMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("A correction says what is right. Write it in the field “What is right”."))


class PassageNotFound(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _("The passage does not stand in the text of the edition that was wrong. Copy it from there, word by word.")
        )


class WrongEdition(PublishingError):
    """A notice names an edition, another notice or a report that does not belong to this story."""

    def __init__(self) -> None:
        super().__init__(_("What this notice refers to does not belong to this story. Open the page again."))


class Withdrawn(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _("This story was withdrawn. Only a decision of two can change what readers see of it: propose one.")
        )


class LinkOfWithdrawn(Withdrawn):
    def __init__(self) -> None:
        PublishingError.__init__(self, _("This story was withdrawn, so no link shows it to anybody outside the desk."))


class DecisionOpen(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _("A decision on this story already waits for a second person. Agree to it or refuse it first.")
        )


class DecisionClosed(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This decision has been taken already. Open the page again to see how."))


class SecondPerson(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This takes a second person: somebody other than the one who proposed it."))


class OwnSubmission(SecondPerson):
    def __init__(self) -> None:
        PublishingError.__init__(self, _("You submitted this story, so somebody else approves it at this desk."))


class EditionPassed(PublishingError):
    """Another edition went out since the person opened the page: also by their own first click."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _("Edition %(number)d has gone out since you opened this page. What you wrote is still here.")
            % {"number": number}
        )


class DecisionOutdated(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("The story has gone on since this was proposed. Take the proposal back, and propose anew."))


class ReportDecided(PublishingError):
    def __init__(self) -> None:
        super().__init__(
            _("A report that this notice answers was declined meanwhile. Look at it, or publish without naming it.")
        )


class ReasonMissing(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Write the reason. It is kept at the desk."))


class NoteUnusable(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("The note is too long, or contains characters that cannot be shown. Type it anew, shorter."))


class WrongStage(PublishingError):
    """The step does not fit where the story stands by now."""

    def __init__(self, stage: str) -> None:
        super().__init__(
            _("This story is “%(stage)s” by now, so this step does not fit. Nothing was changed: look at it again.")
            % {"stage": stage}
        )


class PublicStory(WrongStage):
    def __init__(self) -> None:
        PublishingError.__init__(
            self,
            _("Readers have seen this story, so it is not spiked: a chief proposes to retract it or take it down."),
        )


class Spiked(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This story was spiked. Restore it first."))


class NotApproved(PublishingError):
    """The desk wants a second person to approve, and nobody has, or not this version."""

    def __init__(self) -> None:
        super().__init__(
            _("At this desk somebody other than who submitted a story approves it first. Submit it for review.")
        )


class ApprovedOtherwise(NotApproved):
    """What the story takes from elsewhere is not what it was when somebody approved it."""

    def __init__(self) -> None:
        PublishingError.__init__(
            self,
            _("Since this was approved, a picture’s words or a name in it has changed. Have it approved once more."),
        )  # fmt: skip


class NothingToReview(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Only a story with a headline and a body can be reviewed. Write them first."))


class NotAMember(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Only somebody who works at the desk of this story can be given it. Choose somebody else."))


class CommentRefused(PublishingError):
    """A comment that cannot be taken: empty, too long, or in answer to another story's."""


class Embargoed(PublishingError):
    """The story may not be public before `until`, which carries the zone that the embargo names."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            _("This story is under embargo until %(time)s (%(zone)s). Publish it then, or schedule it for then.")
            % {"time": f"{until:%Y-%m-%d %H:%M}", "zone": str(until.tzinfo)}
        )


class DuePassed(PublishingError):
    """The time that was named is not in the future, by the database's clock."""

    def __init__(self) -> None:
        super().__init__(_("This time has passed. Choose one that is still to come."))


class DueTooFar(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This is more than two years from now. Choose an earlier time."))


class MinuteTaken(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Something is scheduled for this story at this very minute. Choose another minute."))


class ScheduleClosed(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This schedule does not wait any more. Open the page again to see what became of it."))


class AgreedTime(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Two persons agreed on this time. Cancel it, and propose the takedown anew."))


class VersionPassed(PublishingError):
    """What was scheduled is older than what readers see by now."""

    def __init__(self) -> None:
        super().__init__(_("A newer version of this story has gone out since. The older one stays at the desk."))


class AlreadyPublic(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This story is public already, so there is nothing that an embargo could hold back."))


class ScheduledBefore(PublishingError):
    """Something goes out before the embargo would end: `due` carries the zone in which it was named."""

    def __init__(self, due: datetime) -> None:
        self.due = due
        super().__init__(
            _("This story is scheduled for %(time)s (%(zone)s), which is before that. Cancel or move it first.")
            % {"time": f"{due:%Y-%m-%d %H:%M}", "zone": str(due.tzinfo)}
        )


class LinkTooLong(PublishingError):
    def __init__(self, most: int) -> None:
        super().__init__(_("A preview link lives from one to %(most)d hours.") % {"most": most})


class TooManyLinks(PublishingError):
    def __init__(self, most: int) -> None:
        super().__init__(
            _("This story has %(most)d open preview links already. Take back one that nobody needs.") % {"most": most}
        )


class PictureErased(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("A picture of this story was erased by law. Take it out, or choose another one."))


class StaleFront(PublishingError):
    """The front was arranged, or launched, by somebody since it was read: `who`, at `at`."""

    def __init__(self, *, who: str, at: datetime | None) -> None:
        self.who, self.at = who, at
        super().__init__(
            _("%(who)s has changed this front since you opened it. Nothing was changed now, and your arrangement is "
              "still here.") % {"who": who}
        )  # fmt: skip


class LiveMoved(StaleFront):
    """Readers see another version by now than when the page was read: `who` launched it, at `at`."""

    def __init__(self, *, who: str, at: datetime | None) -> None:
        self.who, self.at = who, at
        PublishingError.__init__(
            self,
            _("%(who)s has launched another version since you opened this page. Readers see that one, and nothing was "
              "launched now.") % {"who": who},
        )  # fmt: skip


class SlotUnfit(PublishingError):
    """What stands in a slot cannot stand there: `position` counts from 1."""

    def __init__(self, position: int, headline: str, why: str) -> None:
        self.position, self.why = position, why
        named = _("Slot %(number)d, “%(headline)s”: %(why)s") if headline else _("Slot %(number)d: %(why)s")
        super().__init__(named % {"number": position, "headline": headline, "why": why})


class TooManySlots(PublishingError):
    def __init__(self, most: int) -> None:
        super().__init__(_("A front has %(most)d slots at most. Take one out first.") % {"most": most})


class FrontUnchanged(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("Readers see exactly this arrangement already. There is nothing to launch."))


class NoSuchFront(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This front has no such version. Open the page again, and choose one of the list."))


class LaterLaunched(PublishingError):
    """A launch that waited is out of date: what readers see was to follow it."""

    def __init__(self) -> None:
        super().__init__(_("A later arrangement was launched before this one could be. Readers see that one."))


class LaunchMinuteTaken(MinuteTaken):
    def __init__(self) -> None:
        PublishingError.__init__(
            self, _("A launch of this front is scheduled for this very minute. Choose another minute.")
        )


class SeenToAtFront(PublishingError):
    def __init__(self) -> None:
        super().__init__(_("This is seen to at the front itself: confirm the headline there, or change it."))


class PictureRefused(PublishingError):
    """An upload is no picture that we take."""
