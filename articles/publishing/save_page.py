"""Publishing a page of the site about itself."""

from django.db import transaction

from articles.language import markup, words
from articles.models import Page, PageVersion, User
from articles.publishing.clock import database_now
from articles.publishing.errors import StaleDraft
from articles.publishing.rights import Right, require


@transaction.atomic
def save_page(page: Page, *, seen: int, by: User, language: str, title: str, body: str) -> PageVersion:
    """Make this text the page's next public version; the ones before stay public.

    seen: the number of the version that the person had before them, 0 for none. An unchanged text makes no version.
    Raises NotAllowed, StaleDraft, or ValidationError by field.
    """
    require(by, Right.SITE)
    Page.objects.select_for_update().get(pk=page.pk)
    last = page.versions.first()
    if (last.number if last else 0) != seen:
        raise StaleDraft(seen=seen, now=last.number if last else 0)
    version = PageVersion(
        page=page,
        number=seen + 1,
        language=language,
        title=words.one_line(title),
        body=markup.clean(body),
        published_at=database_now(),
        by=by,
    )
    if last and (last.language, last.title, last.body) == (version.language, version.title, version.body):
        return last
    version.full_clean()
    version.save()
    return version
