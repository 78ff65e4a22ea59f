"""What tests/deploy/native starts, and how it asks: processes with their logs, a model that waits, HTTP.

Everything listens at 127.0.0.1, at ports that the system gives, and ends with the process that started it.
"""

import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys

CARD = "4111 1111 1111 1111"
LONGEST = 60  # Seconds; what is waited for takes a moment, but machines are busy.


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Parts:
    """The processes, each with a log in the folder."""

    def __init__(self, folder):
        self.folder, self.running = pathlib.Path(folder), {}

    def start(self, name, *command, **more):
        log = open(self.folder / f"{name}.log", "w")
        command = [str(one) for one in command]
        # A group of its own: nginx's workers outlive the process that is killed.
        self.running[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                              start_new_session=True, **more)

    def signal(self, name, what):
        self.running[name].send_signal(what)

    def ended(self, name):
        return self.running[name].wait(LONGEST)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def end(self):
        for process in self.running.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()

    def tell(self):
        for name in self.running:
            print(f"== the log of {name}\n{self.log(name)[-4000:]}", file=sys.stderr)


async def until(what, look):
    """Waits until `look` gives something."""
    for _ in range(LONGEST * 20):
        try:
            found = await look() if asyncio.iscoroutinefunction(look) else look()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, KeyError):
            found = None
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited too long for {what}")


class Model:
    """An upstream that says the note and the card, and waits before the end while it is told to."""

    def __init__(self):
        self.leaks, self.hung_up = 0, 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.I)
                body = await reader.readexactly(int(length[1])) if length else b""
                if not head.startswith(b"POST"):
                    writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                    continue
                self.leaks += CARD.encode() in body
                note = re.search(rb"note: ([\w-]+)", body)
                said = f"Note {note[1].decode() if note else 'none'}, card [CARD_1]."
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
                for piece in (said[:8], said[8:-5], said[-5:], None):
                    if piece is None:
                        await self.wait(reader)
                    delta = {"content": piece} if piece else {}
                    choice = {"index": 0, "delta": delta, "finish_reason": None if piece else "stop"}
                    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
                    event = f"data: {json.dumps(chunk)}\n\n" + ("" if piece else "data: [DONE]\n\n")
                    writer.write(f"{len(event):x}\r\n{event}\r\n".encode())
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def wait(self, reader):
        """Until it may go on, or nobody listens any more."""
        gone = asyncio.ensure_future(reader.read(1))
        may = asyncio.ensure_future(self.go_on.wait())
        await asyncio.wait({gone, may}, return_when=asyncio.FIRST_COMPLETED)
        may.cancel()
        if gone.done() and not self.go_on.is_set():
            self.hung_up += 1
            raise ConnectionError
        gone.cancel()
        try:
            await gone
        except asyncio.CancelledError:
            pass


class Line:
    """A connection of a client, kept from turn to turn."""

    def __init__(self, port):
        self.port, self.writer = port, None

    async def send(self, method, path, key=None, body=None, headers=()):
        """Sends a request; the status and the headers of its answer."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{self.port}", f"content-length: {len(data)}", *headers]
        if body is not None:
            lines.append("content-type: application/json")
        if key:
            lines.append(f"authorization: Bearer {key}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + data)
        await self.writer.drain()
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), LONGEST)).decode()
        self.headers = dict(re.findall(r"^([\w-]+): (.*?)\r$", head.lower(), re.MULTILINE))
        self.type = self.headers.get("content-type")
        return int(head.split()[1])

    async def piece(self):
        """The next piece of the answer; empty: it is over."""
        if length := self.headers.get("content-length"):
            del self.headers["content-length"]
            return await asyncio.wait_for(self.reader.readexactly(int(length)), LONGEST)
        if self.headers.get("transfer-encoding") != "chunked":
            return b""
        size = int(await asyncio.wait_for(self.reader.readuntil(b"\r\n"), LONGEST), 16)
        data = await asyncio.wait_for(self.reader.readexactly(size + 2), LONGEST)
        if size == 0:
            del self.headers["transfer-encoding"]
        return data[:-2]

    async def rest(self):
        text = b""
        while piece := await self.piece():
            text += piece
        return text.decode()

    async def ask(self, *request, **more):
        """The status and the whole of the answer."""
        status = await self.send(*request, **more)
        return status, await self.rest()

    def hang_up(self):
        if self.writer:
            self.writer.transport.abort()
        self.writer = None


async def get(port, path, key=None, headers=()):
    line = Line(port)
    try:
        return await line.ask("GET", path, key, headers=headers)
    finally:
        line.hang_up()


def heard(stream):
    """What a caller hears of a stream."""
    events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]
    return "".join(choice["delta"].get("content") or "" for event in events for choice in event["choices"])


def tool(*names):
    """The first of these programs that is here."""
    # Debian has servers where only root looks.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


SIGNALS = {"kill": signal.SIGKILL, "end": signal.SIGTERM, "finish": signal.SIGQUIT}
