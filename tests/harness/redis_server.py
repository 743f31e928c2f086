"""A real Redis, as a process of its own."""

import shutil
import subprocess
from pathlib import Path

import redis

from tests.harness import run


class RedisServer:
    """url: the same after it was stopped and started, and so is the snapshot in its folder, where it has made one."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if not program:
            run.unavailable("redis-server is not installed: apt install redis-server")
        self.folder, self._program = folder, program
        self.url = f"unix://{folder}/redis.sock"
        self.start()

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", f"{self.folder}/redis.sock", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([self._program, *options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if "eady to accept" in line:
                return
        raise AssertionError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()

    def client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.url)
