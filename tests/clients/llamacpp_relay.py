"""A relay of bytes before a server, which keeps what was asked and with what it was answered.

It changes nothing, so that what meets here is the wire of both sides. Each way has a thread; it ends
where one side ends, and with the process.
"""

import json
import re
import socket
import threading

ASKED = re.compile(rb"(?:^|(?<=[}\n]))POST /v1/chat/completions HTTP/1\.1\r\n(.*?)\r\n\r\n", re.DOTALL)
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
ANSWERED = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Connection:
    """One connection of aside, as the bytes of both ways."""

    def __init__(self):
        self.asked, self.answered = bytearray(), bytearray()
        self.ended = threading.Event()

    def start(self, client, address):
        server = socket.create_connection(address)
        for source, target, kept in [(client, server, self.asked), (server, client, self.answered)]:
            threading.Thread(target=self.pass_on, args=(source, target, kept), daemon=True).start()

    def pass_on(self, source, target, kept):
        try:
            while piece := source.recv(65536):
                kept += piece
                target.sendall(piece)
        except OSError:
            pass
        for side in source, target:
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.ended.set()

    def bodies(self):
        """The chat requests of this connection, as they came."""
        asked = bytes(self.asked)
        for head in ASKED.finditer(asked):
            length = int(LENGTH.search(head[1])[1])
            yield asked[head.end():head.end() + length]


class Relay:
    """Listens at a port that the system gives."""

    def __init__(self, server):
        self.server = server
        self.connections = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        host, port = self.server.split(":")
        while True:
            client, _ = self.listener.accept()
            # It is known before a byte passes: who has an answer finds it here.
            connection = Connection()
            self.connections.append(connection)
            connection.start(client, (host, int(port)))

    def forget(self):
        """Forgets what was asked so far; connections that are open go on."""
        for connection in self.connections:
            connection.asked.clear()
            connection.answered.clear()

    def requests(self):
        """The chat requests since it last forgot."""
        return [json.loads(body) for connection in list(self.connections) for body in connection.bodies()]

    def statuses(self):
        """The statuses of the answers, connection by connection."""
        return [int(found[1]) for connection in list(self.connections)
                for found in ANSWERED.finditer(bytes(connection.answered))]

    def answered(self):
        """All that was answered, as text."""
        return b"".join(bytes(connection.answered) for connection in list(self.connections)).decode()
