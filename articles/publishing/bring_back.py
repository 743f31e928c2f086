"""An earlier version of the working copy made the newest one."""

from django.db import transaction

from articles.models import Article, DraftVersion, User
from articles.publishing import events
from articles.publishing.draft import Draft
from articles.publishing.rights import Right, require_on
from articles.publishing.save_draft import save_draft
from articles.publishing.versions import draft_at


@transaction.atomic
def bring_back(article: Article, *, version: DraftVersion, seen: int, by: User) -> Article:
    """Save the words of an earlier version as a new one; the versions between stay in the history.

    The story stays at its desk, and its embargo, schedules and who it is assigned to are untouched. Raises what
    save_draft raises.
    """
    article = Article.objects.select_for_update(no_key=True).select_related("desk").get(pk=article.pk)
    require_on(by, Right.WRITE, article)
    if version.article_id != article.pk:
        raise DraftVersion.DoesNotExist
    then = draft_at(version)
    draft = Draft(**{name: getattr(then, name) for name in Draft.__dataclass_fields__} | {"desk": article.desk})
    saved = save_draft(article, seen=seen, by=by, draft=draft, how=DraftVersion.How.RESTORED)
    events.note(events.Verb.BROUGHT_BACK, by=by, article=saved, thing=f"version {version.number}",
                before=f"version {seen}", after=f"version {saved.version}")  # fmt: skip
    return saved
