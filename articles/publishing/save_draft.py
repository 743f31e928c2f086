"""Writing the working copy."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.language import markup, words
from articles.models import MAX_BODY, Alert, Article, Credit, DraftVersion, Place, User
from articles.publishing import alerts, events, stages, versions
from articles.publishing.after import after_save
from articles.publishing.assign import leave_desk
from articles.publishing.clock import database_now
from articles.publishing.draft import Draft
from articles.publishing.duties import move_duties
from articles.publishing.errors import StaleDraft
from articles.publishing.rights import Right, colleagues_with, require, require_on
from articles.publishing.script_forms import tidy_forms
from articles.publishing.triage import move_reports

MAX_TAG = 50  # characters
MAX_TAGS = 12
MAX_PLACES = 12


def check_tags(names: Sequence[str]) -> None:
    """Raises ValidationError for names that no tag can have."""
    if len(names) > MAX_TAGS:
        raise ValidationError(_("These are %(count)d tags; %(most)d are the most."),
                              params={"count": len(names), "most": MAX_TAGS})  # fmt: skip
    for name in names:
        if len(name) > MAX_TAG:
            raise ValidationError(
                _("“%(start)s…” is longer than %(most)d characters. Part tags by commas, and keep each short."),
                params={"start": name[:20], "most": MAX_TAG},
            )
        if words.unusable_characters(name) or not words.slugify(name):
            raise ValidationError(_("“%(name)s” has no letter or digit, or contains characters that cannot be shown."),
                                  params={"name": name[:40]})  # fmt: skip


def too_many_places(count: int) -> str:
    return _("These are %(count)d places; %(most)d are the most. Name those that the story tells of.") % {
        "count": count,
        "most": MAX_PLACES,
    }


def too_long(length: int) -> str:
    return _("This text has %(length)d characters; %(most)d are the most. Part it into several stories.") % {
        "length": length,
        "most": MAX_BODY,
    }


@transaction.atomic
def begin_draft(*, by: User, draft: Draft, key: str = "", how: str = DraftVersion.How.SAVED) -> Article:
    """Begin a story at `draft.desk`. Raises NotAllowed, or ValidationError by field.

    key: made up by the form. A form that is sent twice begins one story: the second time, what it says is saved in it,
    unless the story has been changed since it was begun (StaleDraft).
    """
    require(by, Right.WRITE, draft.desk)
    try:
        with transaction.atomic():
            return _begin(by, draft, key, how)
    except (IntegrityError, ValidationError):
        if not key or not (begun := begun_by(key, by)):
            raise
    return save_draft(begun, seen=1, by=by, draft=draft, how=how)


def begun_by(key: str, by: User) -> Article | None:
    """The story that this person began with a form of this key."""
    return Article.objects.filter(begun_key=key, created_by=by).first() if key else None


def _begin(by: User, draft: Draft, key: str, how: str) -> Article:
    now = database_now()
    article = Article(created_at=now, created_by=by, changed_at=now, changed_by=by, begun_key=key or None)
    _write(article, draft)
    versions.keep(article, draft, how=how, by=by, at=now)
    events.note(events.Verb.BEGUN, by=by, article=article, at=now)
    return article


@transaction.atomic
def save_draft(article: Article, *, seen: int, by: User, draft: Draft, how: str = DraftVersion.How.SAVED) -> Article:
    """Replace the working copy whose version `seen` the person had before them, and raise its version.

    The version is kept in the desk's history (versions.py), as saved in the way `how`. An approval does not outlive it.

    Raises NotAllowed, StaleDraft when another version stands now, Spiked, or ValidationError by field. Nothing public
    changes.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    require_on(by, Right.WRITE, article)
    require(by, Right.WRITE, draft.desk)
    if article.version != seen:
        raise StaleDraft(seen=seen, now=article.version)
    stages.write_on(article)
    versions.keep_found(article)
    if moved := article.desk_id != draft.desk.pk:
        move_reports(article, draft.desk, by)
        move_duties(article, draft.desk)
        article.schedules.update(desk=draft.desk)
        leave_desk(article, draft.desk, by)
        events.note(events.Verb.MOVED_DESK, by=by, article=article, before=f"desk {article.desk_id}",
                    after=f"desk {draft.desk.pk}")  # fmt: skip
    article.version += 1
    article.changed_at, article.changed_by = database_now(), by
    _write(article, draft)
    versions.keep(article, draft, how=how, by=by, at=article.changed_at)
    if moved and article.stage == Article.Stage.REVIEW:
        alerts.tell(Alert.Kind.SUBMITTED, article, colleagues_with(Right.PUBLISH, draft.desk), by)
    return article


def _write(article: Article, draft: Draft) -> None:
    language = article.language
    for column, value in draft.columns().items():
        setattr(article, column, value)
    for line in versions.LINES:
        setattr(article, line, words.one_line(getattr(article, line)))
    try:
        article.script_forms = tidy_forms(draft.script_forms)
    except ValueError as error:
        raise ValidationError({"script_forms": str(error)}) from error
    if len(draft.body) > MAX_BODY:  # before the sanitiser works on it
        raise ValidationError({"body": too_long(len(draft.body))})
    article.body = markup.clean(draft.body)
    if len(article.body) > MAX_BODY:  # the sanitiser writes < as &lt;
        raise ValidationError({"body": too_long(len(article.body))})
    try:
        check_tags(draft.tags)
    except ValidationError as error:
        raise ValidationError({"tags": error}) from error
    places = list(Place.objects.filter(pk__in=set(draft.places)))
    if len(places) > MAX_PLACES:
        raise ValidationError({"places": too_many_places(len(places))})
    original = article.translation_of
    if original and original.pk == article.pk:
        raise ValidationError({"translation_of": _("A story cannot translate itself.")})
    if original and original.translation_of_id:
        raise ValidationError(
            {"translation_of": _("This is a translation itself. Choose the story that it translates.")}
        )
    if original and original.language == draft.language:
        raise ValidationError({"translation_of": _("That story is in the same language. A translation is in another.")})
    if article.pk and language != draft.language and article.translations.filter(language=draft.language).exists():
        raise ValidationError(
            {"language": _("A translation of this story is in that language. An original is in another.")}
        )
    if article.translation_of_id and article.pk and article.translations.exists():
        raise ValidationError({"translation_of": _("Other stories translate this one, so it is their original.")})
    new = article.pk is None
    # The database checks all constraints when it is saved, at no cost; the code and who it was are not from a form.
    article.full_clean(exclude={"code", "created_by", "changed_by"}, validate_constraints=False)
    article.save(force_insert=new)
    if draft.tags or not new:
        article.tags.set(draft.tags)
    if places or not new:
        article.places.set(places)
    if not new:
        article.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(article=article, person_id=person, role=role, order=place)
        for place, (person, role) in enumerate(dict.fromkeys(draft.credits))
    )
    after_save(article)
