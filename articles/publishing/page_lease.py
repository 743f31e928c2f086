"""Keeping a shared page store answering (newsroom/delivery/redis_store.py): its lease lives on while no purge is owed.

With the database stopped it is renewed as well, so that readers go on reading what is kept: then nobody can act, and
nothing that is kept can have become wrong. But stopped it must be. A database that is silent may be answering others,
who act, and cannot reach the store either; so only a refusal counts, by the machine it should run on. What refuses in
its stead (a load balancer, a firewall) must not stand between.
"""

import logging
import socket
import threading
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Min, Q

from articles.models import Purge
from articles.publishing.clock import database_now
from newsroom.delivery import stores

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds, a sixth of a lease
PATIENCE = 1.0  # seconds for a database to accept or refuse
SOCKETS = "/var/run/postgresql"  # where it listens if nothing else is said


def hold(stop: threading.Event) -> None:
    """Renew it until told to stop. In a thread of its own, which has a connection of its own."""
    told = ""
    try:
        while not stop.is_set():
            trouble = ""
            try:
                renew()
            except Exception as error:
                trouble = f"{type(error).__name__}: {error}"
                connection.close()
            if trouble and trouble != told:
                log.warning("the page store's lease cannot be renewed (%s)", trouble)
            told = trouble
            stop.wait(EVERY)
    finally:
        connection.close()


def renew() -> bool:
    """Whether the store may answer for some seconds more. Raises what the database says."""
    store = stores.leased()
    return bool(store) and store.renew(lambda: oldest(store.name))  # type: ignore[union-attr]


def oldest(store: str) -> float | None:
    """How many seconds ago the oldest purge was written that this store has not confirmed; None where there is none."""
    try:
        found = Purge.objects.filter(Q(left="") | Q(left__contains=store)).aggregate(Min("at"))["at__min"]
        return (database_now() - found).total_seconds() if found else None
    except (OperationalError, InterfaceError):
        connection.close()
        if is_stopped():
            return None
        raise


def is_stopped() -> bool:
    """Whether nobody listens where the database should."""
    host, port = connection.settings_dict["HOST"], int(connection.settings_dict["PORT"] or 5432)
    if connection.vendor != "postgresql":
        return False
    if host and not host.startswith("/"):
        return _refused_by_all(host, port)
    folder = Path(host or SOCKETS)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(PATIENCE)
        try:
            probe.connect(str(folder / f".s.PGSQL.{port}"))
        except ConnectionRefusedError:
            return True
        except FileNotFoundError:
            return folder.is_dir()
        except OSError:
            return False
    return False


def _refused_by_all(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=PATIENCE, all_errors=True).close()
    except ExceptionGroup as refused:
        return all(isinstance(error, ConnectionRefusedError) for error in refused.exceptions)
    except OSError:
        return False
    return False
