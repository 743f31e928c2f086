"""Places that a story tells of: in the working copy, in its edition, and on the lists of all that they lie in."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from articles.models import Article, DraftVersion, Edition, Listing, Place, User
from articles.publishing import (
    NothingChanged,
    agree,
    approve,
    bring_back,
    convert,
    freeze,
    propose,
    publish,
    submit,
    versions,
)
from articles.publishing.ledger.export import export
from articles.publishing.ledger.seal import seal
from articles.publishing.ledger.verify import verify
from tests import factories
from tests.factories import change, make_place, publish_again, publish_article
from tests.publishing import test_verify
from tests.publishing.test_verify import exported

verifier = test_verify.verifier  # a fixture


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are read in the words of the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def places(db: None) -> dict[str, Place]:
    """A province, a prefecture in it, two counties, a township in one of them."""
    named = {"CN-XZ": "西藏", "540100": "拉薩市", "540102": "城關區", "540121": "林周縣", "540102001": "八廓街道"}
    return {code: make_place(code, name, name_en=f"Place {code}") for code, name in named.items()}


def listed_on(article: Article) -> set[int]:
    found = Listing.objects.filter(publication=article.pk, kind=Listing.Kind.PLACE)
    return set(found.values_list("target", flat=True))


def content_of(article: Article, number: int = 1) -> dict[str, Any]:
    return article.editions.get(number=number).text.read()


def keys(places: dict[str, Place], *codes: str) -> list[int]:
    return [places[code].pk for code in codes]


class TestTheEdition:
    def test_freezes_names_codes_and_what_each_lies_in(self, editor: User, places: dict[str, Place]):
        article = publish_article(editor, places=keys(places, "540121", "540102001"))
        content = content_of(article)
        assert content["format"] == 4
        above = keys(places, "CN-XZ", "540100")
        assert content["places"] == [
            {"id": places["540102001"].pk, "code": "540102001", "name": "八廓街道",
             "within": [*above, places["540102"].pk]},
            {"id": places["540121"].pk, "code": "540121", "name": "林周縣", "within": above},
        ]  # fmt: skip
        assert listed_on(article) == {place.pk for place in places.values()}

    def test_says_in_which_language_a_name_is(self, editor: User, places: dict[str, Place]):
        bare = make_place("540200", "日喀則市")
        article = publish_article(editor, language="en", places=[places["540121"].pk, bare.pk])
        assert [(one["name"], one.get("lang")) for one in content_of(article)["places"]] == [
            ("Place 540121", None), ("日喀則市", "zh-Hant"),
        ]  # fmt: skip

    def test_keeps_its_names_when_a_place_is_renamed_until_it_is_issued_again(
        self, editor: User, places: dict[str, Place]
    ):
        article = publish_article(editor, places=keys(places, "540121"))
        places["540121"].name = "林周新縣"
        places["540121"].save()
        assert content_of(article)["places"][0]["name"] == "林周縣"
        publish(article, seen=article.version, by=editor, kind="typo")
        assert content_of(article, 2)["places"][0]["name"] == "林周新縣"

    def test_a_change_of_places_alone_counts_as_typo_and_settles_the_lists(
        self, editor: User, places: dict[str, Place]
    ):
        article = publish_article(editor, places=keys(places, "540121"))
        edition = publish_again(article, by=editor, kind="typo", places=keys(places, "540102"))
        assert edition.kind == Edition.Kind.TYPO
        assert listed_on(article) == set(keys(places, "CN-XZ", "540100", "540102"))
        with pytest.raises(NothingChanged):
            publish(article, seen=Article.objects.get(pk=article.pk).version, by=editor, kind="typo")

    def test_a_change_in_the_working_copy_changes_nothing_public(self, editor: User, places: dict[str, Place]):
        article = publish_article(editor, places=keys(places, "540121"))
        change(article, by=editor, places=[])
        assert listed_on(article) == set(keys(places, "CN-XZ", "540100", "540121"))

    def test_a_retracted_story_keeps_its_places_and_a_stub_names_none(
        self, editor: User, chief: User, places: dict[str, Place]
    ):
        retracted, down = (publish_article(editor, places=keys(places, "540121")) for _ in range(2))
        factories.withdraw(retracted, by=chief, second=editor)
        factories.withdraw(down, by=chief, second=editor, act="takedown")
        assert [one["code"] for one in content_of(retracted, 2)["places"]] == ["540121"]
        stub = content_of(down, 2)
        assert stub["places"] == []
        assert ["place", places["540121"].pk] in stub["stood_on"]
        assert listed_on(down) == listed_on(retracted) == set(keys(places, "CN-XZ", "540100", "540121"))


class TestEarlierFormats:
    @pytest.fixture
    def before(self, editor: User, monkeypatch: pytest.MonkeyPatch) -> Article:
        """A story that was published before editions named places."""
        now = freeze.as_edition

        def then(words: Any, **values: Any) -> Any:
            content = now(words, **values) | {"format": 3}
            del content["places"]
            return content

        with monkeypatch.context() as patched:
            patched.setattr(freeze, "as_edition", then)
            return publish_article(editor)

    def test_stand_verify_and_go_on(
        self, before: Article, editor: User, places: dict[str, Place], verifier: ModuleType, tmp_path: Path
    ):
        with pytest.raises(NothingChanged):
            publish(before, seen=before.version, by=editor, kind="typo")
        publish_again(before, by=editor, kind="typo", places=keys(places, "540121"))
        seal()
        assert [edition.text.read()["format"] for edition in before.editions.order_by("number")] == [3, 4]
        assert list(verify()) == []
        assert exported(verifier, tmp_path).faults == []

    def test_of_an_export_with_places_are_understood_by_the_verifier(
        self, editor: User, places: dict[str, Place], verifier: ModuleType, tmp_path: Path
    ):
        publish_article(editor, places=keys(places, "540121", "540102001"))
        seal()
        assert json.loads(next(iter(export())))["format"] == 3
        assert exported(verifier, tmp_path).faults == []

    def test_what_was_approved_before_stays_approved(self, editor: User, chief: User):
        """The fingerprint of words without places is the one that format 3 had."""
        article = factories.make_article(editor)
        frozen = freeze.freeze(Article.objects.with_parts().get(pk=article.pk))
        then = {field: value for field, value in frozen.items() if field != "places"} | {"format": 3}
        assert freeze.fingerprint(frozen) == freeze.sha256(freeze.canonical(then))

    def test_an_approval_does_not_outlive_another_name_of_a_place(
        self, editor: User, chief: User, places: dict[str, Place]
    ):
        article = factories.make_article(editor, places=keys(places, "540121"))
        article = submit(article, seen=article.version, by=editor)
        article = approve(article, seen=article.version, by=chief)
        approved = article.approved_words
        places["540121"].name = "林周新縣"
        places["540121"].save()
        assert freeze.fingerprint(freeze.freeze(article)) != approved


class TestTheWorkingCopy:
    def test_versions_hold_places_and_bring_them_back(self, editor: User, places: dict[str, Place]):
        article = factories.make_article(editor, places=keys(places, "540121", "540102"))
        article = change(article, by=editor, places=[])
        first = article.versions.get(number=1)
        assert first.read()["places"] == sorted(keys(places, "540121", "540102"))
        then = versions.article_at(article, first)
        assert [one["code"] for one in freeze.freeze(then)["places"]] == ["540102", "540121"]
        bring_back(article, version=first, seen=article.version, by=editor)
        assert [place.code for place in Article.objects.get(pk=article.pk).places.all()] == ["540102", "540121"]

    def test_the_order_in_which_they_are_typed_is_no_change(self, editor: User, places: dict[str, Place]):
        article = factories.make_article(editor, places=keys(places, "540121", "540102"))
        draft = factories.draft_of(article)
        turned = type(draft)(**{name: getattr(draft, name) for name in draft.__dataclass_fields__}
                             | {"places": list(reversed(draft.places))})  # fmt: skip
        assert versions.says(article, turned)
        assert not versions.says(article, type(draft)(**{name: getattr(draft, name) for name
                                                         in draft.__dataclass_fields__} | {"places": []}))  # fmt: skip

    def test_a_version_of_an_earlier_release_has_none(self, editor: User):
        article = factories.make_article(editor)
        content = article.versions.get().read()
        del content["places"]
        row = DraftVersion(article=article, number=1, content=json.dumps(content), how="saved", by=editor)
        assert versions.draft_at(row).places == []

    def test_thirteen_are_too_many(self, editor: User):
        many = [make_place(f"5401{number}").pk for number in range(20, 33)]
        with pytest.raises(ValidationError, match="13 places"):
            factories.make_article(editor, places=many)

    def test_an_erasure_puts_those_back_that_readers_see(self, editor: User, chief: User, places: dict[str, Place]):
        article = publish_article(editor, places=keys(places, "540121"))
        publish_again(article, by=editor, kind="typo", places=keys(places, "540102"))
        change(article, by=editor, places=[])
        terms = {"editions": [1], "notices": []}
        agree(propose(article, act="erasure", by=chief, text="依法。", reason="判決", erase=terms), by=editor)
        assert [place.code for place in Article.objects.get(pk=article.pk).places.all()] == ["540102"]


class TestTheOtherScript:
    def test_names_places_as_somebody_gave_their_names_there_or_converted(self, editor: User):
        given = make_place("540121", "林周縣", name_zh_hans="林周")
        bare = make_place("540102", "城關區")
        article = publish_article(editor, places=[given.pk, bare.pk])
        converted = convert.converted_of(article.editions.get())
        assert converted
        assert [one["name"] for one in converted["places"]] == ["城关区", "林周"]

    def test_of_what_was_converted_before_counts_as_the_same_where_no_place_is_named(self, before_both: Article):
        with pytest.raises(NothingChanged):
            publish(before_both, seen=before_both.version, by=before_both.created_by, kind="typo")


@pytest.fixture
def before_both(editor: User, monkeypatch: pytest.MonkeyPatch) -> Article:
    """A story that was published, and converted, before editions named places."""
    now = convert.Converter.content

    def then(self: convert.Converter, content: Any) -> Any:
        made = now(self, content)
        return {name: value for name, value in made.items() if name != "places"}

    with monkeypatch.context() as patched:
        patched.setattr(convert.Converter, "content", then)
        return publish_article(editor)
