"""How each kind of cache in front is purged. Each raises PurgeUnconfirmed unless every answer says that it is done."""

import http.client
import json
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from newsroom.delivery.store import PurgeUnconfirmed
from newsroom.environ import OuterCache

PATIENCE = 3.0  # seconds for an answer
SHORT = 2.0  # seconds that a Retry-After may ask for
MOST_BYTES = 6_000  # of keys in one header


class Varnish:
    """As deploy/varnish.vcl has it: a PURGE with the keys in Surrogate-Key, answered with the token that was sent."""

    def __init__(self, cache: OuterCache) -> None:
        self.name, self.address = f"Varnish at {cache.where}", f"http://{cache.where}"

    def purge(self, keys: Collection[str]) -> None:
        for some in in_batches(keys, 1_000):
            self._purge(" ".join(some))

    def clear(self) -> None:
        self._purge("*")  # on which everything stands there

    def _purge(self, keys: str) -> None:
        token = secrets.token_hex(8)
        headers = {"Surrogate-Key": keys, "Purge-Token": token}
        answer = asked(self.name, "PURGE", self.address, "/", headers, "")
        if answer.status != 200 or answer.headers.get("Purged") != token:
            raise PurgeUnconfirmed(f"{self.name} answered {answer.status} without saying that it has purged")


class Fastly:
    """https://www.fastly.com/documentation/reference/api/purging/: POST /service/ID/purge with the keys in
    Surrogate-Key, 256 at most, answered with an id for each key; POST /service/ID/purge_all, answered with a status."""

    def __init__(self, cache: OuterCache) -> None:
        self.name, self.api, self.path = "Fastly", cache.api, f"/service/{cache.where}"
        self.headers = {"Fastly-Key": cache.token, "Accept": "application/json"}

    def purge(self, keys: Collection[str]) -> None:
        for some in in_batches(keys, 256):
            said = self._post("/purge", self.headers | {"Surrogate-Key": " ".join(some)})
            if not said.keys() >= set(some):
                raise PurgeUnconfirmed("Fastly has not named every key that it was to purge")

    def clear(self) -> None:
        if self._post("/purge_all", self.headers).get("status") != "ok":
            raise PurgeUnconfirmed("Fastly has not said that all is purged")

    def _post(self, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
        return asked(self.name, "POST", self.api, self.path + path, headers, "").told()


class Cloudflare:
    """https://developers.cloudflare.com/cache/how-to/purge-cache/: POST /zones/ID/purge_cache with {"tags": […]}, 100
    at most (as of July 2026), or {"purge_everything": true}; done where `success` is true."""

    def __init__(self, cache: OuterCache) -> None:
        self.name, self.api, self.path = "Cloudflare", cache.api, f"/client/v4/zones/{cache.where}/purge_cache"
        self.headers = {"Authorization": f"Bearer {cache.token}", "Content-Type": "application/json"}

    def purge(self, keys: Collection[str]) -> None:
        for some in in_batches(keys, 100):
            self._post({"tags": some})

    def clear(self) -> None:
        self._post({"purge_everything": True})

    def _post(self, what: dict[str, Any]) -> None:
        said = asked(self.name, "POST", self.api, self.path, self.headers, json.dumps(what)).told()
        if said.get("success") is not True:
            raise PurgeUnconfirmed(f"Cloudflare has not purged: {said.get('errors')}")


def in_batches(keys: Collection[str], most: int) -> Iterator[list[str]]:
    """No more than so many, and no more than fit into a header."""
    batch, size = list[str](), 0
    for key in sorted(keys):
        if batch and (len(batch) == most or size + len(key) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(key)
        size += len(key) + 1
    if batch:
        yield batch


class Answer:
    def __init__(self, name: str, response: http.client.HTTPResponse) -> None:
        self.name, self.status, self.headers, self.body = name, response.status, response.headers, response.read()

    @property
    def wait(self) -> float | None:
        """Seconds after which it may be asked once more, where that is worth it."""
        said = self.headers.get("Retry-After", "")
        again = (self.status == 429 or self.status >= 500) and said.isascii() and said.isdigit()
        return float(said) if again and float(said) <= SHORT else None

    def told(self) -> dict[str, Any]:
        """The JSON object of a success."""
        try:
            said = json.loads(self.body) if self.status == 200 else None
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise PurgeUnconfirmed(f"{self.name} answered {self.status}")
        return said


def asked(name: str, method: str, base: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
    """Asked once more where it says that this soon helps."""
    answer = _asked(name, method, base, path, headers, body)
    if answer.wait is not None:
        time.sleep(answer.wait)
        answer = _asked(name, method, base, path, headers, body)
    return answer


def _asked(name: str, method: str, base: str, path: str, headers: Mapping[str, str], body: str) -> Answer:
    parts = urlsplit(base)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body.encode(), {"Connection": "close", **headers})
        return Answer(name, connection.getresponse())
    except (OSError, http.client.HTTPException) as error:
        raise PurgeUnconfirmed(f"{name} does not answer: {error}") from error
    finally:
        connection.close()
