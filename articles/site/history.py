"""The public history of a story: every edition, typos included, with what it changed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Correction, CorrectionText, Edition, LedgerEntry, Publication
from articles.publishing import freeze
from articles.site import addresses, changes, notices
from articles.site.changes import Difference
from articles.site.frame import Surroundings, frame
from articles.site.notices import kind_label, mark_label, marked
from articles.site.past import (
    EDITIONS,
    Erased,
    as_gone,
    before_of,
    erased,
    passing_until_sealed,
    past_page,
    zone_of,
)
from articles.site.renderings import card_here, languages_of, stored, words_in
from articles.site.things import Notice
from articles.site.withdrawn import gone_or_none

INLINE = 20  # editions whose changes stand in the history itself; of older ones, a link to them
MAX_COMPARED = 400_000  # characters of content compared for one page: a second or two where every line changed


@dataclass(frozen=True)
class Sealed:
    """Where the ledger took an act up."""

    number: int
    time: datetime


@dataclass(frozen=True)
class Entry:
    """One edition as the history tells it."""

    number: int
    kind: str
    label: str
    time: datetime
    url: str
    digest: str
    current: bool
    sealed: Sealed | None
    erased: Erased | None
    notices: Sequence[Notice]
    changes_url: str  # the whole text with the changes; empty where nothing can be compared
    differences: Sequence[Difference]
    remark: str  # what there is to say where no difference is shown


@dataclass(frozen=True)
class History:
    code: str
    headline: str
    title: str  # with its mark
    lang: str
    url: str
    json_url: str
    entries: Sequence[Entry]
    older_url: str
    newest_url: str
    down: bool


@past_page(even_down=True, both_scripts=True)
def history(request: HttpRequest, publication: Publication) -> HttpResponse:
    """All editions; of a story that was taken down, as gone as itself, without its words: that they were, and when."""
    before = before_of(request, publication)
    rows = newest_editions(publication, before)
    if not rows:
        raise Http404
    shown, zone = rows[:EDITIONS], zone_of(publication)
    around = Surroundings()
    card = card_here(publication, around.language)
    headline = card["headline"] or publication.code
    own = reverse("site:history", args=[publication.code])
    response = TemplateResponse(
        request,
        "site/history.html",
        frame(
            request,
            around,
            current=around.channels.get(publication.channel_id),
            robots="noindex",
            stands=addresses.in_languages(request.path, languages_of(publication)),
        )
        | {
            "history": History(
                code=publication.code,
                headline=headline,
                title=marked(mark_label(card["mark"]), headline),
                lang=card["language"],
                url=addresses.story_path(publication.code, card["language"]),
                json_url=reverse("site:history-json", args=[publication.code]),
                entries=_entries(publication, shown, rows, zone),
                older_url=f"{own}?before={shown[-1].number}" if len(rows) > EDITIONS else "",
                newest_url=own if before else "",
                down=publication.state == Publication.State.DOWN,
            )
        },
    )
    return as_gone(response, gone_or_none(request, publication))


def newest_editions(publication: Publication, before: int | None) -> list[Edition]:
    """The newest editions, or the newest below a number: EDITIONS of them, and one more where there is one."""
    found = Edition.objects.filter(article=publication.article_id).order_by("-number")
    return list(found.filter(number__lt=before)[: EDITIONS + 1] if before else found[: EDITIONS + 1])


def _entries(publication: Publication, shown: list[Edition], rows: list[Edition], zone: ZoneInfo) -> list[Entry]:
    keys = [edition.pk for edition in shown]
    brought = notices_of(shown)
    told = [notice.pk for several in brought.values() for notice in several]
    gone = erased(publication, editions=[edition.pk for edition in rows], notices=told)
    successors = _successors(told, zone)
    down = publication.state == Publication.State.DOWN
    sealed = {
        edition: Sealed(number, at.astimezone(zone))
        for edition, number, at in LedgerEntry.objects.filter(kind=LedgerEntry.Kind.EDITION, target__in=keys)
        .order_by()
        .values_list("target", "number", "at")
    }
    passing_until_sealed(sealed, keys)
    compared = {} if down else _compared(rows[: INLINE + 1])
    previous = dict(zip(keys, [*rows[1:], None], strict=False))
    made = []
    for edition in shown:
        former = previous[edition.pk]
        erasure = gone.get(("edition", edition.pk))
        lost = erasure or (former and ("edition", former.pk) in gone)
        found = compared.get(edition.pk)
        made.append(
            Entry(
                number=edition.number,
                kind=edition.kind,
                label=kind_label(edition.kind),
                time=edition.published_at.astimezone(zone),
                url="" if down else reverse("site:edition", args=[publication.code, edition.number]),
                digest=edition.digest,
                current=edition.pk == publication.edition_id,
                sealed=sealed.get(edition.pk),
                erased=erasure,
                notices=[
                    _told(one, zone, erasure=gone.get(("notice", one.pk)), successor=successors.get(one.pk))
                    for one in brought[edition.pk]
                    if not down or edition.pk == publication.edition_id
                ],
                changes_url=reverse("site:changes", args=[publication.code, edition.number])
                if edition.number > 1 and not lost and not down
                else "",
                differences=found or [],
                remark=_remark(edition, erasure, lost=bool(lost) and not down, found=found),
            )
        )
    return made


def _remark(edition: Edition, erasure: Erased | None, *, lost: bool, found: Sequence[Difference] | None) -> str:
    if erasure or edition.number == 1 or found:
        return ""
    if lost:
        return _("The edition before was erased, so that nothing can be compared.")
    return "" if found is None else _("No word of the story changed.")


def _compared(rows: Sequence[Edition]) -> dict[int, list[Difference]]:
    """What the newest editions changed, as far as the work stays bounded and both texts stand."""
    keys = [edition.pk for edition in rows]
    texts = stored(keys, addresses.page_language())
    found: dict[int, list[Difference]] = {}
    work = 0
    for new, old in pairwise(keys):
        if new not in texts or old not in texts:
            continue
        work += len(texts[new]) + len(texts[old])
        if work > MAX_COMPARED and found:
            break
        found[new] = changes.differences(changes.read(texts[old]), changes.read(texts[new]))
    return found


def notices_of(editions: Iterable[Edition]) -> Mapping[int, list[Correction]]:
    """The notices that each of these editions brought, by its key; with their words, where they stand."""
    found: dict[int, list[Correction]] = defaultdict(list)
    rows = Correction.objects.filter(right__in=[edition.pk for edition in editions])
    rows = rows.annotate(words=words_in(addresses.page_language()))
    for notice in rows.select_related("text", "wrong", "right", "supersedes").order_by("right", "place"):
        found[notice.right_id].append(notice)
    return found


def words_of(notice: Correction) -> CorrectionText | None:
    """The words of a notice with its salt; none where they were erased."""
    try:
        return notice.text
    except CorrectionText.DoesNotExist:
        return None


def _successors(keys: Iterable[int], zone: ZoneInfo) -> dict[int, Notice]:
    """What superseded these notices, by their keys; without its words, for a link."""
    rows = Correction.objects.filter(supersedes__in=list(keys)).select_related("right", "supersedes").order_by("-right")
    return {row.supersedes_id: _told(row, zone) for row in rows if row.supersedes_id}


def _told(
    notice: Correction, zone: ZoneInfo, *, erasure: Erased | None = None, successor: Notice | None = None
) -> Notice:
    said = getattr(notice, "words", None)
    words = json.loads(said) if said else {}
    if erasure:
        words |= {"erased_at": erasure.time, "erased_note": erasure.note}
    entry = freeze.entry(notice, number=notice.right.number)
    return notices.notice(entry, {notice.digest: words}, zone, successor=successor)
