"""Queries that are written once and asked often.

Django writes the SQL of a query anew each time; for the lists that a page is made of, this takes several times longer
than the database takes to answer. A prepared query is written at its first use, with holes, and asked with values:

    @prepared
    def stories_of(readers: str) -> QuerySet[Article]:
        return Article.objects.filter(channel=told("channel"), readers=readers)

    stories_of("zh")(channel=7)

What stands in the arguments of the function is part of the SQL, what is told when it is asked is not. PostgreSQL plans
it once a connection, too; planning takes it longer than finding a page's rows.
"""

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.signals import connection_created
from django.db.models import BigIntegerField, Expression, Field, QuerySet
from django.db.models.expressions import Col
from django.dispatch import receiver

KNOWN = 256  # of each query: one for each combination of arguments that it was asked with
PLANS = 150  # that a connection to PostgreSQL keeps, each some 150 kB of its memory
HOLES = 20  # of a query whose plan is worth keeping: long lists of keys are seldom as long again
OUTDATED = {"0A000", "26000"}  # SQLSTATE of a plan made before a column changed, and of one that is there no more


class Told(Expression):
    """A hole in a query."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name, self.field_of_value = name, field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def told(name: str, field: "Field[Any, Any] | None" = None) -> Any:
    """field: what kind of value it is, if no whole number."""
    return Told(name, field or BigIntegerField())


def all_told(name: str, count: int, field: "Field[Any, Any] | None" = None) -> list[Any]:
    """Holes for several values, to be told by `each`; of what a row refers to, for its `__pk__in`."""
    return [told(f"{name}{number}", field) for number in range(count)]


def filled(values: Sequence[Any]) -> list[Any]:
    """As many as the next power of two, the last one again and again: few queries serve lists of any length."""
    values = list(values)
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values)) if values else []


def each(name: str, values: Any) -> dict[str, Any]:
    return {f"{name}{number}": value for number, value in enumerate(values)}


class Prepared:
    """What Django made of a query. Its rows come as those of the queryset would: values, or objects."""

    def __init__(self, found: QuerySet[Any, Any]) -> None:
        self._rows_of: Any = found._iterable_class
        own = connections[DEFAULT_DB_ALIAS].copy()  # that of a thread would be held open when the thread has ended
        compiler = found.query.get_compiler(connection=own)
        try:
            self._sql, self._params = compiler.as_sql()
            if own.vendor == "postgresql":
                self._sql, self._params = _with_constants(self._sql, self._params)
        except EmptyResultSet:  # it can never find anything
            self._sql, self._params = "", []
        finally:
            own.close()
        self._converters = compiler.get_converters([one[0] for one in compiler.select or ()])
        self._compiler = _lean(compiler)
        self._last: tuple[Any, Any, Any] | None = None

    def __call__(self, **values: Any) -> list[Any]:
        return self._made(self._rows(values))

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self(**values)), None)

    def shared(self, make: Callable[[list[Any]], Any], **values: Any) -> Any:
        """What `make` makes of the objects; the same again for as long as the database tells the same. Nobody may
        change it."""
        rows = tuple(self._rows(values))
        last = self._last
        if last is None or last[:2] != (rows, make):
            last = self._last = rows, make, make(self._made(rows))
        return last[2]

    def _rows(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """As the database tells them."""
        if not self._sql:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            return self._asked(connection, values)
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", "") not in OUTDATED:
                raise
            connection.close_at = 0  # at the latest when this request has ended
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._asked(connection, values)

    def _asked(self, connection: Any, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        params = tuple(
            one.field_of_value.get_db_prep_value(values[one.name], connection) if isinstance(one, Told) else one
            for one in self._params
        )
        with connection.cursor() as cursor:
            # What is logged has its values in it.
            if connection.vendor == "postgresql" and len(params) <= HOLES and not connection.queries_logged:
                cursor.cursor = _cursor()(connection.connection)
            cursor.execute(self._sql, params)
            return cursor.fetchall()

    def _made(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.execute_sql = lambda *_, **__: [rows]
        compiler.get_converters = lambda _: self._converters
        return list(self._rows_of(_Asked(compiler)))


def _lean(compiler: Any) -> Any:
    """What the making of rows asks for. The rest is large, and no longer needed: subqueries, a connection."""
    lean = type(compiler)(None, None, DEFAULT_DB_ALIAS)
    lean.select = [(one if isinstance(one, Col) else None, None, None) for one, *_ in compiler.select or ()]
    lean.klass_info, lean.annotation_col_map = compiler.klass_info, compiler.annotation_col_map
    lean.col_count = len(lean.select)
    return lean


def _with_constants(sql: str, params: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """What is the same each time stands in the statement itself, so that a plan may count on it."""
    from psycopg.sql import quote

    parts = ["%s" if isinstance(one, Told) else quote(one).replace("%", "%%") for one in params]
    return sql.replace("%%", "%%%%") % tuple(parts), [one for one in params if isinstance(one, Told)]


@receiver(connection_created)
def _keep_plans(connection: Any, **_: object) -> None:
    """Each connection to PostgreSQL plans these queries once (https://www.postgresql.org/docs/current/sql-prepare.html),
    and only these: what else Django asks comes with its values in it, and is planned for them."""
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = PLANS
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")


@functools.cache
def _cursor() -> Any:
    """Of a connection to PostgreSQL: for what it may plan once."""
    from django.db.backends.postgresql.base import CursorMixin
    from psycopg import Cursor

    class AskingOften(CursorMixin, Cursor[Any]):
        def execute(self, query: Any, params: Any = None) -> Any:  # type: ignore[override]
            self.connection.prepare_threshold = 1  # else it would count, and hold, all that is asked otherwise
            try:
                return super().execute(query, params, prepare=True)
            finally:
                self.connection.prepare_threshold = None

    return AskingOften


class _Asked:
    """As much of a queryset, and of its query, as the making of rows asks for."""

    db = DEFAULT_DB_ALIAS
    chunked_fetch = False
    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, compiler: Any) -> None:
        self.query, self._compiler = self, compiler

    def get_compiler(self, using: str) -> Any:
        return self._compiler


def prepared(build: Callable[..., QuerySet[Any, Any]]) -> Callable[..., Prepared]:
    """build: called once for each combination of its arguments, on each kind of database."""

    @functools.lru_cache(maxsize=KNOWN)
    def known(vendor: str, *shape: Any) -> Prepared:
        return Prepared(build(*shape))

    @functools.wraps(build)
    def found(*shape: Any) -> Prepared:
        return known(connections[DEFAULT_DB_ALIAS].vendor, *shape)

    return found
