"""The rules that the database itself holds, on both databases."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Channel, Credit, Desk, Membership, Page, PageVersion, Site, User, triggers
from articles.models.checks import RESERVED_SLUGS
from articles.models.codes import ALPHABET, PATTERN, new_code
from articles.publishing import save_page
from tests import factories
from tests.factories import make_channel


def refused(statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestTriggers:
    def test_all_stand_after_migrate(self, db: None):
        wanted = {rule.name for rule in triggers.RULES}
        if connection.vendor == "postgresql":
            wanted |= {f"{rule.name}_all" for rule in triggers.RULES if rule.act == "delete"}
        assert triggers.present() == wanted

    def test_come_back_with_the_next_migrate_when_a_rebuilt_table_has_lost_them(self, committed_db: object):
        suffix = " ON articles_edition" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER articles_edition_update{suffix}")
        assert "articles_edition_update" not in triggers.present()
        call_command("migrate", verbosity=0)
        assert "articles_edition_update" in triggers.present()

    def test_stand_when_a_table_is_rebuilt_by_a_migration(self, committed_db: object):
        """SQLite drops a table's triggers when a column is altered: without post_migrate, editions could be edited."""
        from django.db import models

        field = PageVersion._meta.get_field("title")
        wider = models.CharField(max_length=201)
        wider.set_attributes_from_name("title")
        with connection.schema_editor() as editor:
            editor.alter_field(PageVersion, field, wider)
        call_command("migrate", verbosity=0)
        assert {"articles_pageversion_update", "articles_pageversion_delete"} <= triggers.present()


class TestChannels:
    def test_go_three_levels_deep(self, db: None):
        top = make_channel("一", slug="eins")
        second = make_channel("二", slug="zwei", parent=top)
        third = make_channel("三", slug="drei", parent=second)
        assert third.path == "eins/zwei/drei"
        assert [channel.name for channel in third.trail()] == ["一", "二", "三"]

    def test_go_no_deeper_and_never_round(self, db: None):
        top = make_channel()
        second = make_channel(parent=top)
        third = make_channel(parent=second)
        for channel, parent in ((third, third), (top, top), (top, third), (top, second), (second, third)):
            refused("UPDATE articles_channel SET parent_id = %s WHERE id = %s", parent.pk, channel.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_channel(parent=third)

    def test_move_with_all_below_them_only_where_there_is_room(self, db: None):
        one, other = make_channel(), make_channel()
        below = make_channel(parent=one)
        make_channel(parent=below)
        refused("UPDATE articles_channel SET parent_id = %s WHERE id = %s", other.pk, one.pk)

    def test_say_in_words_what_is_wrong(self, db: None):
        top = make_channel()
        second = make_channel(parent=top)
        third = make_channel(parent=second)
        for channel, parent in ((top, top), (top, third), (top, second)):
            channel.parent = parent
            with pytest.raises(ValidationError) as wrong:
                channel.clean()
            assert list(wrong.value.message_dict) == ["parent"]
        with pytest.raises(ValidationError):
            Channel(name="四", slug="vier", parent=third).clean()

    def test_take_their_channels_along_when_their_address_changes(self, db: None):
        top = make_channel(slug="old")
        below = make_channel(slug="below", parent=top)
        top.slug = "new"
        top.save()
        below.refresh_from_db()
        assert below.path == "new/below"

    def test_have_an_address_of_their_own(self, db: None):
        make_channel(slug="roads")
        with pytest.raises(IntegrityError), transaction.atomic():
            make_channel(slug="roads")
        make_channel(slug="roads", parent=make_channel(slug="news"))

    @pytest.mark.parametrize("word", ["a", "admin", "topic", "zh-hans", "feed"])
    def test_never_take_the_sites_own_words(self, db: None, word: str):
        assert word in RESERVED_SLUGS
        with pytest.raises(IntegrityError), transaction.atomic():
            make_channel(slug=word)
        with pytest.raises(ValidationError):
            Channel(name="x", slug=word).full_clean(exclude=["path"])

    def test_every_first_word_of_the_address_map_is_reserved(self):
        from django.urls import get_resolver

        from newsroom import urls

        firsts = {str(pattern.pattern).split("/")[0] for pattern in [*urls.site, *get_resolver().url_patterns]}
        plain = {word for word in firsts if word and "<" not in word and "." not in word and "(" not in word}
        assert plain - set(RESERVED_SLUGS) - {"en", "zh-hant", "zh-hans", "bo"} == set()


def test_one_membership_per_person_and_desk(db: None, desk: Desk, editor: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=editor, desk=desk, role="chief")


def test_one_credit_per_person_and_role(article: Article):
    credit = article.credits.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.create(article=article, person=credit.person, role=credit.role)


def test_one_site(site: Site):
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(pk=2, name="另一個")


def test_choices_bind_the_column(article: Article):
    refused("UPDATE articles_article SET stage = 'gone' WHERE id = %s", article.pk)
    refused("UPDATE articles_article SET language = 'xx' WHERE id = %s", article.pk)
    refused("UPDATE articles_membership SET role = 'king'")
    refused("UPDATE articles_article SET version = 0 WHERE id = %s", article.pk)


def test_versions_of_pages_are_never_changed(administrator: User):
    about = Page.objects.get(slug="about")
    save_page(about, seen=0, by=administrator, language="zh-Hant", title="關於", body="<p>我們</p>")
    assert PageVersion.objects.count() == 1
    refused("UPDATE articles_pageversion SET title = 'x'")
    refused("DELETE FROM articles_pageversion")


def test_codes_are_short_and_have_no_look_alikes():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(PATTERN.fullmatch(code) for code in codes)
    assert not set("01loi") & set(ALPHABET)


def test_a_code_is_used_once(article: Article, editor: User):
    other = factories.make_article(editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=other.pk).update(code=article.code)
