"""Checking what readers reach a story by: which edition stands, the lists that it stands on, its picture files."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from articles.models import (
    RENDITION_KINDS,
    Correction,
    Edition,
    Listing,
    Outbox,
    Publication,
    private_store,
    public_store,
    rendition_name,
)
from articles.publishing import freeze
from articles.publishing.issue import shown_as
from articles.publishing.ledger.faults import ODD, Fault, Faults
from articles.publishing.ledger.seal import LATE


class Files:
    """Whether the public store shows a picture, and the bytes that the private one holds. Remembers what it saw."""

    def __init__(self) -> None:
        self.missing = lru_cache(maxsize=100_000)(self._missing)

    def _missing(self, digest: str, widths: tuple[int, ...]) -> str:
        public, private = public_store(), private_store()
        for width in widths:
            for kind in RENDITION_KINDS:
                name = rendition_name(digest, width, kind)
                if not public.exists(name):
                    return f"the public file {name} is missing"
                if not private.exists(name):
                    return f"the file {name} is missing in the private store"
                try:
                    with public.open(name) as shown, private.open(name) as kept:
                        same = shown.read() == kept.read()
                except OSError as error:
                    return f"the file {name} cannot be read: {type(error).__name__}"
                if not same:
                    return f"the public file {name} is not the one in the private store"
        return ""


class PublicRows:
    """The public rows of some stories, by the article's key."""

    def __init__(self, publications: Mapping[int, Publication], files: Files, now: datetime) -> None:
        self.publications, self.files = publications, files
        self.listings: dict[int, set[tuple[object, ...]]] = defaultdict(set)
        columns = ("publication", "kind", "target", "readers", "first_published_at", "state")
        for key, *row in Listing.objects.filter(publication__in=list(publications)).values_list(*columns):
            self.listings[key].add(tuple(row))
        # Effects of a publication that are just to come are no fault.
        unfinished = Outbox.objects.filter(edition__article__in=list(publications), done_at=None)
        unfinished = unfinished.filter(created_at__gte=now - LATE)
        self.unfinished = set(unfinished.values_list("edition__article", flat=True))

    def is_down(self, key: int) -> bool:
        publication = self.publications.get(key)
        return bool(publication and publication.state == Publication.State.DOWN)

    def is_withheld(self, edition: Edition) -> bool:
        """Whether readers are refused it: every edition of a story that is down, but for the one that says so."""
        return self.is_down(edition.article_id) and self.publications[edition.article_id].edition_id != edition.pk

    def faults(
        self,
        code: str,
        key: int,
        newest: Edition,
        content: freeze.Content | None,
        notices: Sequence[Correction],
        converted: freeze.Content | None,
    ) -> Faults:
        publication = self.publications.get(key)
        if not publication:
            yield Fault(f"story {code}", "it was published, but nothing says which edition stands")
            return
        if publication.edition_id != newest.pk:
            yield Fault(f"story {code}", f"readers are not shown its newest edition, which is {newest.number}")
        if not hasattr(newest, "text"):
            yield Fault(f"story {code}, edition {newest.number}", "readers are shown it, but it has no text")
        if content is None:
            return
        notice = next((one.pk for one in notices if one.right_id == newest.pk and one.place == 1), None)
        try:
            row = shown_as(newest, content, notice, converted)
            rest = (row["readers"], row["first_published_at"], row["state"])
            expected = {(kind, target, *rest) for kind, target in freeze.stands_on(content)}
        except ODD:
            yield Fault(f"story {code}, edition {newest.number}", "its text lacks what lists need of it")
            return
        for name, value in row.items():
            if getattr(publication, name) != value:
                yield Fault(f"story {code}", f"its public row says another {name} than its newest edition")
        for missing in sorted(expected - self.listings[key], key=str):
            yield Fault(f"story {code}", f"it is missing on the list {missing[0]} {missing[1]}")
        for beside in sorted(self.listings[key] - expected, key=str):
            yield Fault(f"story {code}", f"it stands on the list {beside[0]} {beside[1]}, or in another state or time")

    def pictures(self, edition: Edition, content: freeze.Content, where: str) -> Faults:
        """The files of what may be seen: of every edition of a story that is not down."""
        if self.is_down(edition.article_id) or edition.article_id in self.unfinished:
            return
        for picture in content["pictures"].values():
            if missing := self.files.missing(picture["digest"], tuple(picture["widths"])):
                yield Fault(where, missing)
