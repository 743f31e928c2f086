"""The yardsticks on the newsroom's own server (newsroom/server.py), set as that sets it: python -m … PORT."""

import gc
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from benchmarks.yardstick import application
from newsroom import server


def main(port: int) -> None:
    plain = Granian(
        "benchmarks.yardstick:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=server.workers(),
        blocking_threads=server.threads(),
        log_level=LogLevels.warning,
    )
    gc.freeze()
    plain.serve(target_loader=lambda _: application)


if __name__ == "__main__":
    main(int(sys.argv[1]))
