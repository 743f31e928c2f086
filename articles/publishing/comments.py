"""What colleagues say of a story among themselves: of the whole, or of a passage of its body; resolved or not.

Only for those who may see the story now. A passage is kept by its words and what stood around them, and found again
in the body as it stands when the comment is shown (language/passages.py).
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from articles.language import passages
from articles.language.passages import Passage
from articles.language.words import one_line, unusable_characters
from articles.models import Alert, Article, Comment, Membership, User
from articles.publishing import alerts
from articles.publishing.clock import database_now
from articles.publishing.errors import CommentRefused, NotAllowed
from articles.publishing.events import Verb, note
from articles.publishing.rights import articles_of

MAX_TEXT = 2000  # characters
MAX_PASSAGE = 1000
SHOWN = 300  # comments of one story, the newest
MENTIONED = 500  # colleagues of a desk whose names are looked for

Role = Membership.Role


@dataclass(frozen=True)
class Thread:
    """A comment with its answers. start, end: where its passage stands in the text layer of the body as it is now;
    None where it does not stand there any more, or where the comment is of the whole story."""

    comment: Comment
    passage: Passage | None
    start: int | None
    end: int | None
    answers: list[Comment] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        return bool(self.passage) and self.start is None


def worded(text: str) -> str:
    """A comment as it is stored. Raises CommentRefused."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate({int(name[2:], 16): None for name in unusable_characters(text)})
    text = "\n".join(one_line(line) for line in text.split("\n")).strip()
    if not text:
        raise CommentRefused(_("Write the comment first: one or a few sentences."))
    if len(text) > MAX_TEXT:
        raise CommentRefused(
            _("This comment has %(count)d characters; %(most)d are the most.") % {"count": len(text), "most": MAX_TEXT}
        )
    return text


@transaction.atomic
def comment(
    article: Article,
    *,
    by: User,
    text: str,
    exact: str = "",
    prefix: str = "",
    suffix: str = "",
    reply_to: Comment | None = None,
) -> Comment:
    """Say something of a story to its desk; those whom it concerns, and those whom it names by @, are told.

    exact: the passage that it is about, as it was selected, with what stands before and after it; words that were not
    saved yet count too. An answer to an answer stands below the same comment.

    Raises NotAllowed for who may not see the story, or CommentRefused.
    """
    article = _seen(article, by)
    text = worded(text)
    if reply_to and reply_to.article_id != article.pk:
        raise CommentRefused(_("The comment that you answer belongs to another story. Open the page again."))
    made = Comment.objects.create(
        article=article,
        reply_to_id=(reply_to.reply_to_id or reply_to.pk) if reply_to else None,
        version=article.version,
        passage="" if reply_to else _anchored(article, exact, prefix, suffix),
        text=text,
        at=database_now(),
        by=by,
    )
    alerts.tell(Alert.Kind.COMMENTED, article, [*_concerned(article), *mentioned(article, text)], by, target=made.pk)
    return made


@transaction.atomic
def resolve(one: Comment, *, by: User) -> Comment:
    """Say that a comment, with its answers, is settled; again is no error. Raises NotAllowed."""
    one = _held(one, by)
    if not one.resolved_at:
        one.resolved_at, one.resolved_by = database_now(), by
        one.save(update_fields=["resolved_at", "resolved_by"])
        note(Verb.COMMENT_RESOLVED, by=by, article=one.article, thing=f"comment {one.pk}")
    return one


@transaction.atomic
def reopen(one: Comment, *, by: User) -> Comment:
    """Say that a comment is not settled after all; who had settled it, the audit trail keeps. Raises NotAllowed."""
    one = _held(one, by)
    if one.resolved_at:
        before = f"user {one.resolved_by_id}"
        one.resolved_at = one.resolved_by = None
        one.save(update_fields=["resolved_at", "resolved_by"])
        note(Verb.COMMENT_REOPENED, by=by, article=one.article, thing=f"comment {one.pk}", before=before)
    return one


def threads(article: Article) -> list[Thread]:
    """The comments of a story, in the order of their passages; those of the whole story come first, the newest first,
    and what is resolved comes last."""
    newest = article.comments.select_related("by__person", "resolved_by__person").order_by("-at", "-pk")[:SHOWN]
    found = sorted(newest, key=lambda one: (one.at, one.pk))
    layer = passages.text_layer(article.body)
    by_key: dict[int, Thread] = {}
    for one in found:
        if one.reply_to_id is None:
            passage = Passage.from_selectors(json.loads(one.passage)) if one.passage else None
            place = passages.find(layer, passage) if passage else None
            start, end = place if place and place[0] < place[1] else (None, None)
            by_key[one.pk] = Thread(one, passage, start, end)
    for one in found:
        if one.reply_to_id in by_key:
            by_key[one.reply_to_id].answers.append(one)
    return sorted(by_key.values(), key=_order)


def _order(thread: Thread) -> tuple[bool, float, float]:
    place = -1 if not thread.passage else float("inf") if thread.start is None else thread.start
    return bool(thread.comment.resolved_at), place, -thread.comment.at.timestamp()


def colleagues(article: Article) -> list[User]:
    """Who can be named by @ in a comment: the people of the story's desk who may see it."""
    people = User.objects.filter(is_active=True, memberships__desk=article.desk_id).select_related("person")
    reporters = set(
        Membership.objects.filter(desk=article.desk_id, role=Role.REPORTER).values_list("user_id", flat=True)
    )
    own = {article.created_by_id, article.assignee_id}
    return [user for user in people.order_by("username")[:MENTIONED] if user.pk not in reporters or user.pk in own]


def mentioned(article: Article, text: str) -> list[User]:
    """The colleagues whom a text names by @ and their user name, or the name that the desk knows them by."""
    if "@" not in text and "＠" not in text:
        return []
    text = text.replace("＠", "@").casefold()
    return [user for user in colleagues(article) if any(_names(text, name) for name in {user.username, str(user)})]


def _names(text: str, name: str) -> bool:
    """Whether @name stands there; a name of Latin letters ends where no letter follows."""
    name = unicodedata.normalize("NFC", name).casefold()
    end = r"(?![A-Za-z0-9_])" if name[-1:].isascii() else ""
    return bool(name) and bool(re.search(f"@{re.escape(name)}{end}", text))


def _concerned(article: Article) -> Iterable[User]:
    """Who began the story, who has it in hand, and who has said something of it."""
    keys = {article.created_by_id, article.assignee_id}
    keys |= set(article.comments.order_by().values_list("by_id", flat=True).distinct())
    return User.objects.filter(pk__in=[key for key in keys if key], is_active=True)


def _anchored(article: Article, exact: str, prefix: str, suffix: str) -> str:
    """The passage as JSON; words that do not stand in the stored body are kept as a quote without a place."""
    exact, prefix, suffix = (_plain(part) for part in (exact, prefix, suffix))
    if not exact.strip():
        return ""
    if len(exact) > MAX_PASSAGE:
        raise CommentRefused(
            _("A comment is about %(most)d characters of the text at most. Choose a shorter passage.")
            % {"most": MAX_PASSAGE}
        )
    found = passages.quote(passages.text_layer(article.body), exact, prefix, suffix)
    around = {"prefix": prefix[-passages.MAX_CONTEXT :], "suffix": suffix[: passages.MAX_CONTEXT]}
    selectors = found.as_selectors() if found else [{"type": "TextQuoteSelector", "exact": exact} | around]
    return json.dumps(selectors, ensure_ascii=False)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate({int(name[2:], 16): None for name in unusable_characters(text)})


def _seen(article: Article, by: User) -> Article:
    found = articles_of(by).select_related("desk").filter(pk=article.pk).first()
    if not found:
        raise NotAllowed
    return found


def _held(one: Comment, by: User) -> Comment:
    one = Comment.objects.select_for_update(of=("self",)).select_related("article").get(pk=one.pk)
    _seen(one.article, by)
    if one.reply_to_id:
        raise CommentRefused(_("An answer is resolved with the comment that it answers."))
    return one
