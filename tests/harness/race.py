"""Readers against writers, each a process of its own: does anybody ever get what is older than what was acknowledged?

Every edition of a story has its number in its headline. A writer notes the number when the act has returned; a reader
looks at the notes, then asks for a page, and finds the numbers on it: none may be lower.
"""

import http.client
import json
import mmap
import os
import random
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.harness import run

NUMBERED = re.compile(r"雪(\d+)第(\d+)版")


def headline(place: int, number: int) -> str:
    return f"雪{place}第{number}版"


class Notes:
    """The number of the edition of each story that was acknowledged last, in memory that processes share."""

    def __init__(self, path: Path, stories: int) -> None:
        size = 8 * stories
        if not path.exists():
            path.write_bytes(bytes(size))
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)

    def __getitem__(self, place: int) -> int:
        number: int = struct.unpack_from("<q", self._map, 8 * place)[0]
        return number

    def __setitem__(self, place: int, number: int) -> None:
        struct.pack_into("<q", self._map, 8 * place, number)


@dataclass
class Race:
    """codes: of the stories, whose places are their numbers here."""

    environment: dict[str, str]
    notes: Path
    codes: Sequence[str]
    paths: Sequence[str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def writer(self, places: Sequence[int], acts: int, *, seed: int) -> "subprocess.Popen[str]":
        """Publishes so many editions of these stories, of which nobody else writes."""
        return self._start("write", places=list(places), acts=acts, seed=seed)

    def killed_writers(self, kills: int, *, seed: int) -> "subprocess.Popen[str]":
        """So many writers of all stories, one after the other, each killed in the midst of an act."""
        return self._start("kill", kills=kills, seed=seed)

    def reader(self, url: str, reads: int, *, seed: int) -> "subprocess.Popen[str]":
        """Reads so many pages, at least, and until its standard input is closed."""
        return self._start("read", url=url, reads=reads, seed=seed)

    def _start(self, what: str, **told: Any) -> "subprocess.Popen[str]":
        told |= {"host": urlsplit(self.environment["SITE_ADDRESS"]).netloc} if what == "read" else {}
        told |= {"notes": str(self.notes), "codes": self.codes, "paths": self.paths}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.race", what, json.dumps(told)], env=os.environ | self.environment,
            cwd=run.ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()


def found(process: "subprocess.Popen[str]") -> Any:
    """What a process that has come to its end says."""
    out, _ = process.communicate(timeout=3600)
    assert process.returncode == 0, out
    return json.loads(out.splitlines()[-1]) if out else None


def write(notes: str, codes: list[str], paths: list[str], places: list[int], acts: int, seed: int) -> None:
    import django

    django.setup()
    from articles.models import Article, User
    from tests import factories

    by, chance, said = User.objects.get(username="racer"), random.Random(seed), Notes(Path(notes), len(codes))
    for _ in range(acts):
        place = chance.choice(places)
        article = Article.objects.get(code=codes[place])
        number = article.editions.count() + 1
        how: dict[str, Any] = chance.choice([{"kind": "typo"}, {"kind": "update", "note": f"補入{number}。"}])
        if chance.random() < 0.4:
            article = factories.change(article, by=by, headline=headline(place, number))
            factories.correct(article, by=by, body=f"<p>上朗縣的青稞昨天開鐮了，{number}。</p>")
        else:
            factories.publish_again(article, by=by, headline=headline(place, number), **how)
        said[place] = number


def kill(notes: str, codes: list[str], paths: list[str], kills: int, seed: int) -> None:
    """Writers are forked: a new Python for each would take longer than all that they do."""
    import django

    django.setup()
    chance, said = random.Random(seed), Notes(Path(notes), len(codes))
    for number in range(kills):
        before = [said[place] for place in range(len(codes))]
        writer = os.fork()
        if not writer:
            write(notes, codes, paths, list(range(len(codes))), 1_000, seed + number)
            os._exit(0)
        while [said[place] for place in range(len(codes))] == before:
            assert os.waitpid(writer, os.WNOHANG) == (0, 0), "a writer ended before it was killed"
            time.sleep(0.001)
        time.sleep(chance.random() * 0.3)
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)


def read(notes: str, codes: list[str], paths: list[str], url: str, host: str, reads: int, seed: int) -> None:
    import select

    chance, said = random.Random(seed), Notes(Path(notes), len(codes))
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    stale, count, numbers = [], 0, 0
    while count < reads or not select.select([sys.stdin], [], [], 0)[0]:
        path = chance.choice(paths)
        least = [said[place] for place in range(len(codes))]
        try:
            connection.request("GET", path, headers={"Host": host, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.RemoteDisconnected:  # a server may close what was quiet for long
            connection.close()
            continue
        assert answer.status == 200, (answer.status, path, text[:500])
        seen = [(int(place), int(number)) for place, number in NUMBERED.findall(text)]
        assert seen, path
        numbers += len(seen)
        stale += [(path, place, number, least[place]) for place, number in seen if number < least[place]]
        count += 1
    print(json.dumps({"reads": count, "numbers": numbers, "stale": stale}))


if __name__ == "__main__":
    {"write": write, "kill": kill, "read": read}[sys.argv[1]](**json.loads(sys.argv[2]))
