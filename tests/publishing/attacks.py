"""What somebody with SQL could do to the record: each attack changes the database as it stands, triggers dropped."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Replace

from articles.models import (
    Article,
    Conversion,
    ConversionText,
    Correction,
    CorrectionText,
    Edition,
    EditionPicture,
    EditionText,
    ErasedPart,
    Erasure,
    Head,
    Ledger,
    LedgerEntry,
    LedgerKey,
    Listing,
    Publication,
    triggers,
)
from articles.publishing import records
from articles.publishing.clock import database_now, stamp
from articles.publishing.convert import converted_of
from articles.publishing.issue import shown_as, to_seal
from articles.publishing.ledger import entries, heads, keys, tree
from articles.publishing.ledger.seal import seal
from newsroom.delivery import stores
from tests import factories
from tests.publishing.acts import Acts

Attack = Callable[[Acts], None]
ATTACKS: dict[str, Attack] = {}  # caught by the database and its own files alone
REBUILT: dict[str, Attack] = {}  # caught by a head or key that was kept outside


def attack(made: Attack) -> Attack:
    ATTACKS[made.__name__] = made
    return made


def rebuilt(made: Attack) -> Attack:
    REBUILT[made.__name__] = made
    return made


def drop_triggers() -> None:
    with connection.cursor() as cursor:
        for rule in triggers.RULES:
            on = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {rule.name}{on}")


def change(rows: "QuerySet[Model]", **values: object) -> None:
    assert rows.update(**values)
    _show()


def delete(rows: "QuerySet[Model]") -> None:
    assert rows._raw_delete(rows.db)
    _show()


def _show() -> None:
    """Readers get what is kept until somebody makes it anew: whoever wants to be read sees to that as well."""
    for store in stores.all_of_them():
        store.clear()


def editions(acts: Acts, number: int) -> "QuerySet[Edition]":
    return Edition.objects.filter(article=acts.corrected, number=number)


def text(acts: Acts, number: int) -> "QuerySet[EditionText]":
    return EditionText.objects.filter(edition__in=editions(acts, number).values("pk"))


def notice(acts: Acts, number: int) -> "QuerySet[Correction]":
    return Correction.objects.filter(right__in=editions(acts, number).values("pk"))


def words(acts: Acts, number: int) -> "QuerySet[CorrectionText]":
    return CorrectionText.objects.filter(correction__in=notice(acts, number).values("pk"))


def forget_conversions(found: "QuerySet[Conversion]") -> None:
    ConversionText.objects.filter(conversion__in=found)._raw_delete("default")
    found._raw_delete("default")


def forget(found: "QuerySet[Edition]") -> None:
    """Delete editions with everything that hangs on them, as if they had never been."""
    keys = list(found.values_list("pk", flat=True))
    brought = list(Correction.objects.filter(right__in=keys).values_list("pk", flat=True))
    forget_conversions(Conversion.objects.filter(Q(edition__in=keys) | Q(notice__in=brought)))
    if brought:
        delete(CorrectionText.objects.filter(correction__in=brought))
        delete(Correction.objects.filter(pk__in=brought))
    delete(EditionText.objects.filter(edition__in=keys))
    EditionPicture.objects.filter(edition__in=keys)._raw_delete("default")
    delete(Edition.objects.filter(pk__in=keys))


def show(edition: Edition) -> None:
    """Let readers see this edition, with all that follows from it."""
    first = Correction.objects.filter(right=edition, place=1).first()
    row = shown_as(edition, edition.text.read(), first.pk if first else None, converted_of(edition))
    change(Publication.objects.filter(article=edition.article_id), **row)


# --- Texts --------------------------------------------------------------------------------------------------------
@attack
def one_character_of_a_text(acts: Acts) -> None:
    change(text(acts, 4), content=Replace("content", Value("昨天"), Value("今天")))


@attack
def one_character_of_a_text_that_is_withheld(acts: Acts) -> None:
    found = EditionText.objects.filter(edition__article=acts.down, edition__number=1)
    change(found, content=Replace("content", Value("開鐮"), Value("開工")))


@attack
def a_salt(acts: Acts) -> None:
    change(text(acts, 4), salt="00" * 32)


@attack
def a_text_and_the_digests_of_its_row(acts: Acts) -> None:
    one_character_of_a_text(acts)
    recompute(editions(acts, 4).get())


def recompute(edition: Edition) -> None:
    edition = Edition.objects.select_related("text", "article").get(pk=edition.pk)
    edition.content_digest = records.salted(edition.text.content, edition.text.salt)
    own = Correction.objects.filter(right=edition).order_by("place").values_list("digest", flat=True)
    digest = records.digest(records.of_edition(edition, code=edition.article.code, notices=own))
    change(Edition.objects.filter(pk=edition.pk), content_digest=edition.content_digest, digest=digest)


@attack
def a_text_removed(acts: Acts) -> None:
    delete(text(acts, 2))


# --- Notices ------------------------------------------------------------------------------------------------------
@attack
def the_words_of_a_notice(acts: Acts) -> None:
    change(words(acts, 4), content=Replace("content", Value("日期有誤"), Value("小有出入")))


@attack
def what_a_correction_says_was_wrong(acts: Acts) -> None:
    change(words(acts, 4), content=Replace("content", Value('"was":"今天開鐮"'), Value('"was":"明天開鐮"')))


@attack
def the_reply_of_a_person_concerned(acts: Acts) -> None:
    change(words(acts, 7), content=Replace("content", Value("沒有說過"), Value("的確說過")))


@attack
def the_kind_of_a_notice(acts: Acts) -> None:
    change(notice(acts, 6), kind="update")


@attack
def the_weight_of_a_notice(acts: Acts) -> None:
    change(notice(acts, 5), weight="ordinary")


@attack
def the_wrong_edition_of_a_notice(acts: Acts) -> None:
    change(notice(acts, 5), wrong_id=editions(acts, 1).get().pk)


@attack
def what_a_notice_supersedes(acts: Acts) -> None:
    change(notice(acts, 5), supersedes=None)


@attack
def the_channel_of_a_notice_in_the_public_log(acts: Acts) -> None:
    change(notice(acts, 5), channel_id=factories.make_channel().pk)


@attack
def the_channel_of_a_notice_that_was_erased_with_its_edition(acts: Acts) -> None:
    change(Correction.objects.filter(article=acts.erased), channel_id=factories.make_channel().pk)


@attack
def the_readers_of_a_notice_that_is_withheld(acts: Acts) -> None:
    change(Correction.objects.filter(article=acts.down, right__number=2), readers="bo")


@attack
def the_place_of_a_notice(acts: Acts) -> None:
    change(notice(acts, 5), place=2)


@attack
def the_words_of_a_notice_removed(acts: Acts) -> None:
    delete(words(acts, 4))


@attack
def a_notice_removed(acts: Acts) -> None:
    change(Correction.objects.filter(supersedes__in=notice(acts, 4).values("pk")), supersedes=None)
    delete(words(acts, 4))
    delete(notice(acts, 4))


# --- Editions -----------------------------------------------------------------------------------------------------
@attack
def the_time_of_an_edition(acts: Acts) -> None:
    change(editions(acts, 3), published_at=F("published_at") + (editions(acts, 4).get().published_at
           - editions(acts, 3).get().published_at) / 2)  # fmt: skip


@attack
def the_kind_of_an_edition(acts: Acts) -> None:
    change(editions(acts, 4), kind="update")


@attack
def an_edition_slipped_in_with_a_time_before_the_last(acts: Acts) -> None:
    """Sealed and signed like any other."""
    forge(acts.corrected, at=editions(acts, 7).get().published_at - timedelta(milliseconds=1))


@attack
def an_edition_whose_text_lacks_what_an_edition_needs(acts: Acts) -> None:
    forge(acts.corrected, at=database_now(), without=["trail", "pictures", "notices"])


@attack
def an_edition_whose_text_says_things_of_another_kind(acts: Acts) -> None:
    forge(acts.corrected, at=database_now(), pictures=[1], trail="x", notices=[7], credits=None)


@attack
def an_edition_whose_pictures_lie_outside_the_store(acts: Acts) -> None:
    forge(acts.corrected, at=database_now(), pictures={"1": {"digest": "../../../x", "widths": [1]}})


def forge(article: Article, *, at: datetime, without: Sequence[str] = (), **said: object) -> None:
    """A further edition, with everything that hangs on it, under the newsroom's own key."""
    last = Edition.objects.filter(article=article).order_by("number").last()
    assert last
    content = last.text.read() | {"number": last.number + 1, "kind": "typo", "published_at": stamp(at)} | said
    words = records.canonical({name: value for name, value in content.items() if name not in without})
    edition = Edition(article=article, number=last.number + 1, kind="typo", published_at=at, by=last.by,
                      previous_digest=last.digest, content_digest=records.salted(words, "00" * 32))  # fmt: skip
    edition.digest = records.digest(records.of_edition(edition, code=article.code, notices=[]))
    edition.save()
    EditionText.objects.create(edition=edition, content=words, salt="00" * 32)
    for digest in last.shown_pictures.values_list("digest", flat=True):
        EditionPicture.objects.create(edition=edition, digest=digest)
    if without or said:
        change(Publication.objects.filter(article=article), edition_id=edition.pk)
    else:
        show(edition)
    to_seal(database_now(), [("edition", edition.pk)])
    seal()


@attack
def two_editions_in_each_others_place(acts: Acts) -> None:
    one, other = editions(acts, 2).get().pk, editions(acts, 3).get().pk
    change(Edition.objects.filter(pk=one), number=99)
    change(Edition.objects.filter(pk=other), number=2)
    change(Edition.objects.filter(pk=one), number=3)


@attack
def the_last_edition_removed(acts: Acts) -> None:
    show(editions(acts, 6).get())
    forget(editions(acts, 7))


@attack
def a_whole_story_removed(acts: Acts) -> None:
    delete(Listing.objects.filter(publication=acts.retracted.pk))
    delete(Publication.objects.filter(pk=acts.retracted.pk))
    forget(Edition.objects.filter(article=acts.retracted))


@attack
def the_row_of_a_picture(acts: Acts) -> None:
    delete(EditionPicture.objects.filter(edition__in=editions(acts, 1).values("pk")))


@attack
def the_row_of_a_picture_of_an_edition_that_is_withheld(acts: Acts) -> None:
    delete(EditionPicture.objects.filter(edition__article=acts.down, edition__number=1))


# --- What readers are shown ---------------------------------------------------------------------------------------
@attack
def readers_shown_an_older_edition(acts: Acts) -> None:
    change(Publication.objects.filter(article=acts.corrected), edition_id=editions(acts, 2).get().pk)


@attack
def readers_shown_an_older_edition_with_all_that_follows(acts: Acts) -> None:
    show(editions(acts, 2).get())


@attack
def a_retraction_undone(acts: Acts) -> None:
    show(Edition.objects.get(article=acts.retracted, number=1))
    change(Listing.objects.filter(publication=acts.retracted.pk), state="standing")


@attack
def a_headline_in_lists(acts: Acts) -> None:
    change(Publication.objects.filter(article=acts.corrected), card=Replace("card", Value("開鐮"), Value("開工")))


@attack
def no_publication_at_all(acts: Acts) -> None:
    delete(Listing.objects.filter(publication=acts.retracted.pk))
    delete(Publication.objects.filter(pk=acts.retracted.pk))


@attack
def a_story_taken_off_a_list(acts: Acts) -> None:
    delete(Listing.objects.filter(publication=acts.corrected.pk, kind="tag"))


@attack
def a_story_put_on_a_list(acts: Acts) -> None:
    site = Listing.objects.get(publication=acts.corrected.pk, kind="site")
    site.pk, site.kind, site.target = None, "topic", 77
    site.save()


@attack
def the_text_that_readers_are_shown_declared_erased(acts: Acts) -> None:
    """By an erasure that is sealed like any other."""
    forge_erasure(acts.retracted, Edition.objects.get(article=acts.retracted, number=2))


def column(name: str, value: Callable[[], object]) -> None:
    """Another value in a column of Publication."""

    def set_column(acts: Acts) -> None:
        change(Publication.objects.filter(article=acts.corrected), **{name: value()})

    ATTACKS[f"another_{name}_in_the_public_row"] = set_column


for name, value in {
    "first_published_at": lambda: F("first_published_at") - timedelta(days=1),
    "published_at": lambda: F("published_at") - timedelta(milliseconds=1),
    "changed_at": lambda: F("changed_at") + timedelta(milliseconds=1),
    "topic_id": lambda: factories.make_topic().pk,
    "source_id": lambda: factories.make_source().pk,
    "channel_id": lambda: factories.make_channel().pk,
    "language": lambda: "zh-Hans",
    "readers": lambda: "bo",
    "state": lambda: "down",
    "notice_id": lambda: None,
    "code": lambda: "zzzzzzzz22",
}.items():  # fmt: skip
    column(name, value)


@attack
def the_time_of_a_story_on_a_list(acts: Acts) -> None:
    found = Listing.objects.filter(publication=acts.corrected.pk, kind="site")
    change(found, first_published_at=F("first_published_at") + timedelta(milliseconds=1))


@attack
def the_state_of_a_story_on_a_list(acts: Acts) -> None:
    change(Listing.objects.filter(publication=acts.corrected.pk, kind="site"), state="down")


# --- Erasures -----------------------------------------------------------------------------------------------------
@attack
def the_ground_of_an_erasure(acts: Acts) -> None:
    change(Erasure.objects.all(), note="另有原因。")


@attack
def an_erasure_removed(acts: Acts) -> None:
    delete(ErasedPart.objects.all())
    delete(Erasure.objects.all())


@attack
def one_more_text_declared_erased(acts: Acts) -> None:
    found = text(acts, 2)
    ErasedPart.objects.create(erasure=Erasure.objects.get(), kind="edition", target=found.get().pk)
    delete(found)


@attack
def a_text_removed_under_an_erasure_in_another_story(acts: Acts) -> None:
    forge_erasure(acts.corrected, Edition.objects.get(article=acts.back, number=1))


def forge_erasure(of: Article, edition: Edition) -> None:
    """An erasure in one story that names an edition, whose text goes, under the newsroom's own key."""
    earlier = Erasure.objects.all()[0]
    forged = Erasure(article=of, at=database_now(), note="依法。", by=earlier.by, second=earlier.second)
    forged.digest = records.digest(records.of_erasure(forged, code=of.code, parts=[("edition", edition.digest)]))
    forged.save()
    ErasedPart.objects.create(erasure=forged, kind="edition", target=edition.pk)
    delete(EditionText.objects.filter(edition=edition))
    to_seal(forged.at, [("erasure", forged.pk)])
    seal()


# --- The ledger ---------------------------------------------------------------------------------------------------
@attack
def an_entry_removed(acts: Acts) -> None:
    delete(LedgerEntry.objects.filter(number=5))


@attack
def two_entries_in_each_others_place(acts: Acts) -> None:
    for entry, number in ((5, 99), (6, 5), (99, 6)):
        change(LedgerEntry.objects.filter(number=entry), number=number)


@attack
def two_entries_in_each_others_place_and_all_digests_made_anew(acts: Acts) -> None:
    two_entries_in_each_others_place(acts)
    rebuild()


@attack
def an_entry_changed(acts: Acts) -> None:
    change(LedgerEntry.objects.filter(number=5), record=Replace("record", Value("Z"), Value("z")))


@attack
def the_tail_cut_off_and_the_ledger_grown_beyond_it(acts: Acts) -> None:
    """On the same day, so that the day's file of a head is written again."""
    size = Ledger.objects.get().size
    cut_tail(acts)
    place = 0
    while Ledger.objects.get().size < size:
        factories.publish_again(acts.corrected, by=acts.corrected.changed_by, headline=f"青稞{place}")
        place += 1


@attack
def the_tail_cut_off(acts: Acts) -> None:
    """The newest story and all its entries, the ledger's row adapted, and every later head deleted."""
    cut_tail(acts)


def cut_tail(acts: Acts) -> None:
    article = acts.erased
    first = Edition.objects.get(article=article, number=1)
    size = LedgerEntry.objects.get(kind="edition", target=first.pk).number
    delete(ErasedPart.objects.all())
    delete(Erasure.objects.all())
    delete(Listing.objects.filter(publication=article.pk))
    delete(Publication.objects.filter(pk=article.pk))
    forget_conversions(Conversion.objects.filter(article=article))
    for edition in Edition.objects.filter(article=article).order_by("-number"):
        notices = Correction.objects.filter(right=edition)
        CorrectionText.objects.filter(correction__in=notices)._raw_delete("default")
        notices._raw_delete("default")
        EditionText.objects.filter(edition=edition)._raw_delete("default")
        EditionPicture.objects.filter(edition=edition)._raw_delete("default")
        delete(Edition.objects.filter(pk=edition.pk))
    delete(LedgerEntry.objects.filter(number__gte=size))
    delete(Head.objects.filter(size__gt=size))
    rebuild()


@attack
def the_entry_of_an_edition_taken_out_of_the_midst(acts: Acts) -> None:
    delete(LedgerEntry.objects.filter(kind="edition", target=editions(acts, 7).get().pk))


@attack
def the_story_rewritten_with_row_entry_and_all_later_entries(acts: Acts) -> None:
    """Everything that needs no key: the heads still say what it was."""
    change(text(acts, 7), content=Replace("content", Value("前天"), Value("昨天")))
    recompute(editions(acts, 7).get())
    show(editions(acts, 7).get())
    rebuild()


@attack
def the_story_rewritten_and_all_heads_of_the_database_deleted(acts: Acts) -> None:
    the_story_rewritten_with_row_entry_and_all_later_entries(acts)
    delete(Head.objects.all())


@attack
def another_key_in_the_row(acts: Acts) -> None:
    change(LedgerKey.objects.all(), public=keys.public_of(keys.Signer.generate()))


def rebuild(signer: keys.Signer | None = None) -> None:
    """Make every entry of the ledger anew from the rows as they stand; with a key, sign every head anew."""
    if signer:
        change(LedgerKey.objects.all(), public=keys.public_of(signer))
    entries_ = list(LedgerEntry.objects.order_by("number"))
    found = entries.records_of([(one.kind, one.target) for one in entries_])
    previous, edge, roots = "", [], {}
    LedgerEntry.objects.update(digest=F("number"), previous="")  # out of the way of the unique columns
    for number, entry in enumerate(entries_):
        record = records.canonical(found[entry.kind, entry.target])
        digest = entries.entry_digest(number=number, at=entry.at, previous=previous, record=record)
        LedgerEntry.objects.filter(pk=entry.pk).update(number=number, record=record, previous=previous, digest=digest)
        edge, previous = tree.append(edge, number, bytes.fromhex(digest)), digest
        roots[number + 1] = tree.root(edge).hex()
    rows = json.dumps([part.hex() for part in edge])
    change(Ledger.objects.all(), size=len(entries_), digest=previous, edge=rows)
    if signer:
        for head in Head.objects.all():
            said = heads.statement(size=head.size, root=roots[head.size], at=head.at, key=keys.public_of(signer))
            signature = signer.sign(records.canonical(said).encode()).hex()
            change(Head.objects.filter(pk=head.pk), root=roots[head.size], signature=signature)
        forget_files()
        for head in Head.objects.select_related("key"):
            heads.keep(head)


def forget_files() -> None:
    for path in heads.kept():
        path.unlink()


# --- What only somebody outside can see: the machine itself is the attacker's ---------------------------------------
@rebuilt
def the_tail_cut_off_and_the_files_of_heads_with_it(acts: Acts) -> None:
    cut_tail(acts)
    forget_files()
    newest = Head.objects.select_related("key").first()
    assert newest
    heads.keep(newest)


@rebuilt
def everything_rewritten_and_signed_by_another_key(acts: Acts) -> None:
    the_story_rewritten_with_row_entry_and_all_later_entries(acts)
    signer = keys.Signer.generate()
    rebuild(signer)
    Path(settings.LEDGER_KEY_FILE).write_text(signer.private_bytes_raw().hex())


@rebuilt
def everything_rewritten_and_signed_by_the_newsrooms_own_key(acts: Acts) -> None:
    the_story_rewritten_with_row_entry_and_all_later_entries(acts)
    signer = keys.private_key()
    assert signer
    rebuild(signer)
