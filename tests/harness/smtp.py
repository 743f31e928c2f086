"""A mail server on loopback that keeps what it is handed, or refuses it: no more of SMTP than Django speaks."""

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast


@dataclass
class Sink:
    """letters: what was taken, as (recipients, message). refuse: the answer to the next recipients, by their word."""

    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipients: list[str] = []

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 sink")
        while line := (await reader.readline()).decode():
            word = line[:4].upper().strip()
            if word == "RCPT":
                address = line.split("<")[1].split(">")[0]
                answer = self.refuse.get(address, "250 ok")
                recipients += [address] if answer.startswith("250") else []
                say(answer)
            elif word == "DATA":
                say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                message = cast(EmailMessage, message_from_bytes(raw[:-3], policy=policy.default))
                self.letters.append((recipients, message))
                recipients = []
                say("250 taken")
            elif word == "QUIT":
                say("221 bye")
                break
            else:
                say("250 ok")
        writer.close()


class Running:
    """`with Running() as sink:`: it answers on 127.0.0.1 at sink.port, in a thread of its own."""

    def __enter__(self) -> Sink:
        self.sink = Sink()
        self.loop = asyncio.new_event_loop()
        self.server: Any = self.loop.run_until_complete(asyncio.start_server(self.sink.serve, "127.0.0.1", 0))
        self.sink.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self.sink

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def end(self) -> None:
        self.server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
