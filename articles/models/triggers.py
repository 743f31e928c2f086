"""The rules that no constraint can hold, as triggers on both databases; put back after every `migrate`."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Rule:
    """A change that the database refuses.

    act: "update", "delete", "update of column" …; when: SQL that is true where the change is refused (OLD and NEW
    name the row). The SQL must mean the same on PostgreSQL and SQLite.
    """

    name: str
    table: str
    act: str
    message: str
    when: str = "1 = 1"
    needs: str = ""  # the column of its own table, or of one that it asks, without which it cannot be made


NEVER_CHANGED = {
    "articles_edition": "an edition is never changed",
    "articles_editionpicture": "what an edition showed is never changed",
    "articles_pageversion": "a version of a page is never changed",
    "articles_correction": "a notice is never changed",
    "articles_conversion": "a converted text is never changed",
    "articles_erasure": "the record of an erasure is never changed",
    "articles_erasedpart": "the record of an erasure is never changed",
    "articles_ledgerentry": "an entry of the ledger is never changed",
    "articles_ledgerkey": "a key of the ledger is never changed",
    "articles_head": "a signed head is never changed",
    "articles_event": "the audit trail is never changed",
}

# A first edition comes after the embargo; and what is public is under none. The times of both are the database's.
_EMBARGOED = """
    NEW.number = 1 AND EXISTS (SELECT 1 FROM articles_article a
                               WHERE a.id = NEW.article_id AND a.embargo_until > NEW.published_at)
"""
_PUBLIC = """
    NEW.embargo_until IS NOT NULL AND (OLD.embargo_until IS NULL OR NEW.embargo_until <> OLD.embargo_until)
    AND EXISTS (SELECT 1 FROM articles_publication p WHERE p.article_id = NEW.id)
"""

# Texts that go only where an erasure of their own story, written before in the same transaction, names them; and never
# the text that readers are shown.
ERASABLE = {
    "articles_editiontext": ("edition_id", "edition", "articles_edition", "the text of an edition is never changed"),
    "articles_correctiontext": (
        "correction_id",
        "notice",
        "articles_correction",
        "the text of a notice is never changed",
    ),
    "articles_conversiontext": (
        "conversion_id",
        "conversion",
        "articles_conversion",
        "a converted text is never changed",
    ),
}

_NOT_ERASED = """
    NOT EXISTS (SELECT 1 FROM articles_erasedpart e JOIN articles_erasure x ON x.id = e.erasure_id
                JOIN {owner} o ON o.id = OLD.{column} AND o.article_id = x.article_id
                WHERE e.kind = '{kind}' AND e.target = OLD.{column})
    OR EXISTS (SELECT 1 FROM articles_publication p WHERE '{kind}' = 'edition' AND p.edition_id = OLD.{column})
"""

# A notice ties two editions of its own story, the wrong one before the right one.
_TIED = """
    NOT EXISTS (SELECT 1 FROM articles_edition w JOIN articles_edition r ON r.article_id = w.article_id
                WHERE w.id = NEW.wrong_id AND r.id = NEW.right_id AND r.article_id = NEW.article_id
                AND w.number < r.number)
"""

# Channels: three levels at most, and no circle. `above` counts what the new parent has above it, `below` how deep
# the channel itself goes.
_TREE = """
    NEW.parent_id IS NOT NULL AND (
        NEW.parent_id = NEW.id
        OR EXISTS (SELECT 1 FROM articles_channel p WHERE p.id = NEW.parent_id AND p.parent_id = NEW.id)
        OR EXISTS (SELECT 1 FROM articles_channel p JOIN articles_channel pp ON pp.id = p.parent_id
                   WHERE p.id = NEW.parent_id AND pp.parent_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM articles_channel p JOIN articles_channel c ON c.parent_id = NEW.id
                   WHERE p.id = NEW.parent_id AND p.parent_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM articles_channel c JOIN articles_channel cc ON cc.parent_id = c.id
                   WHERE c.parent_id = NEW.id)
    )
"""

# Fronts: what was launched stays as it was; of its slots only what was compared since may move on (Slot.seen).
_LAUNCHED = """
    EXISTS (SELECT 1 FROM articles_frontversion v WHERE v.id = {row}.version_id AND v.state = 'launched')
"""
_NOT_ITS_OWN = """
    NEW.live_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles_frontversion v WHERE v.id = NEW.live_id
                                            AND v.front_id = NEW.place AND v.state = 'launched')
"""
_ARRANGED = "version_id, position, publication_id, language, picture_id, mark, until"
# But for an erasure, which takes away what a front said of the story.
_WORDS = """
    EXISTS (SELECT 1 FROM articles_frontversion v WHERE v.id = NEW.version_id AND v.state = 'launched')
    AND NOT (NEW.headline = '' AND NEW.other_script = ''
             AND EXISTS (SELECT 1 FROM articles_erasure x WHERE x.article_id = NEW.publication_id))
"""

RULES = [
    *(Rule(f"{table}_{act}", table, act, message) for table, message in NEVER_CHANGED.items()
      for act in ("update", "delete")),
    *(Rule(f"{table}_update", table, "update", message) for table, (*_, message) in ERASABLE.items()),
    *(Rule(f"{table}_delete", table, "delete", message, when=_NOT_ERASED.format(kind=kind, column=column, owner=owner))
      for table, (column, kind, owner, message) in ERASABLE.items()),
    Rule("articles_correction_tied", "articles_correction", "insert",
         "a notice ties two editions of one story, the wrong one first", when=_TIED),
    Rule("articles_edition_embargo", "articles_edition", "insert", "the story is under embargo", when=_EMBARGOED,
         needs="articles_article.embargo_until"),
    Rule("articles_article_embargo", "articles_article", "update of embargo_until",
         "a public story can have no embargo", when=_PUBLIC, needs="articles_article.embargo_until"),
    Rule("articles_draftversion_update", "articles_draftversion", "update",
         "a version of a working copy is never changed"),
    Rule("articles_schedule_delete", "articles_schedule", "delete", "a schedule is never deleted"),
    Rule("articles_report_delete", "articles_errorreport", "delete", "a report is never deleted"),
    Rule("articles_decision_delete", "articles_decision", "delete", "a decision is never deleted"),
    Rule("articles_duty_delete", "articles_duty", "delete", "a duty is never deleted"),
    Rule("articles_article_delete", "articles_article", "delete", "a story is never deleted"),
    Rule("articles_article_code", "articles_article", "update of code", "a content code is for ever",
         when="NEW.code <> OLD.code"),
    Rule("articles_channel_tree_insert", "articles_channel", "insert",
         "channels go three levels deep at most, without a circle", when=_TREE),
    Rule("articles_channel_tree_update", "articles_channel", "update of parent_id",
         "channels go three levels deep at most, without a circle", when=_TREE),
    *(Rule(f"articles_frontversion_{act}", "articles_frontversion", act, "a launched front is never changed",
           when="OLD.state = 'launched'") for act in ("update", "delete")),
    *(Rule(f"articles_slot_{name}", "articles_slot", act, "a launched front is never changed", when=when)
      for name, act, when in (
          ("insert", "insert", _LAUNCHED.format(row="NEW")),
          ("update", f"update of {_ARRANGED}", f"{_LAUNCHED.format(row='OLD')} OR {_LAUNCHED.format(row='NEW')}"),
          ("words", "update of headline, other_script", _WORDS),
          ("delete", "delete", _LAUNCHED.format(row="OLD")),
      )),
    Rule("articles_slot_seen", "articles_slot", "update of seen", "what was compared once stays compared",
         when="NEW.seen < OLD.seen"),
    *(Rule(f"articles_front_live_{name}", "articles_front", act, "a front shows one of its own launched versions",
           when=_NOT_ITS_OWN) for name, act in (("insert", "insert"), ("update", "update of live_id"))),
    Rule("articles_frontschedule_delete", "articles_frontschedule", "delete", "a scheduled launch is never deleted"),
]  # fmt: skip


def _sqlite(rule: Rule) -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {rule.name}",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.act} ON {rule.table} FOR EACH ROW WHEN ({rule.when}) "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END",
    ]


def _postgresql(rule: Rule) -> list[str]:
    # 23001 is restrict_violation, which Django shows as IntegrityError, as it does SQLite's ABORT.
    row = "OLD" if rule.act == "delete" else "NEW"
    statements = [
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {rule.when} THEN RAISE EXCEPTION '{rule.message}' USING ERRCODE = '23001'; END IF; "
        f"RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.act} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {rule.name}()",
    ]
    if rule.act == "delete":  # TRUNCATE is a deletion that row triggers do not see
        statements += [
            f"CREATE OR REPLACE FUNCTION {rule.name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{rule.message}' USING ERRCODE = '23001'; END $$",
            f"DROP TRIGGER IF EXISTS {rule.name}_all ON {rule.table}",
            f"CREATE TRIGGER {rule.name}_all BEFORE TRUNCATE ON {rule.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {rule.name}_all()",
        ]
    return statements


def install(using: str = "default", **_: object) -> None:
    """Make every trigger anew; safe to run at any time. Called after `migrate` (articles/apps.py)."""
    connection = connections[using]
    statements = _postgresql if connection.vendor == "postgresql" else _sqlite
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in RULES:
            tables = {rule.table, *re.findall(r"articles_\w+", rule.when)}
            if tables <= present and _has(connection, cursor, rule.needs):  # not after a migration backwards
                for statement in statements(rule):
                    cursor.execute(statement)


def _has(connection: BaseDatabaseWrapper, cursor: Any, column: str) -> bool:
    table, _, name = column.partition(".")
    return not name or name in {one.name for one in connection.introspection.get_table_description(cursor, table)}


def remove(using: str = "default", **_: object) -> None:
    """Take every trigger away. Called before `migrate`: SQLite rebuilds no table that a trigger of another one names.

    What follows `migrate` puts back those that fit; where it broke off, the next one does.
    """
    connection = connections[using]
    standing = present(using)
    with connection.cursor() as cursor:
        for rule in RULES:
            if rule.name in standing:
                table = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {rule.name}{table}")


def present(using: str = "default") -> set[str]:
    """The names of our triggers that stand in the database."""
    connection = connections[using]
    question = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {name for (name,) in cursor.fetchall() if name.startswith("articles_")}
