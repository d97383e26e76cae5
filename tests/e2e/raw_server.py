# SPDX-License-Identifier: Apache-2.0
"""An HTTP server of sockets and bytes: it keeps what came as it came, and can misbehave in every way."""
import collections
import json
import socket
import struct
import threading
import urllib.parse

# `headers` by their names in small letters; `head` and `body` are the bytes as they came.
Request = collections.namedtuple("Request", "method target headers head body")


def fields_of(request):
    """The parameters of a form, names and values; the last of each name."""
    return dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))


def answer(status, body=b"", headers=None, reason="X"):
    """The bytes of an answer; `body` may be what JSON is made of."""
    lines = dict(headers or {})
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
        lines.setdefault("Content-Type", "application/json")
    lines["Content-Length"] = str(len(body))
    head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    return head.encode() + b"\r\n" + (body if status != 204 else b"")


def reset(peer):
    """Ends a connection as a crash does: RST, and nothing more is read."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


class RawServer:
    """`respond(request, peer)`, on the connection's own thread, says the bytes to answer with, or
    None if it has done to the socket what is to be done."""

    def __init__(self, respond, port=0):
        self.respond = respond
        self.lock = threading.Lock()
        self.news = threading.Condition(self.lock)
        self.open = set()
        self.latest = None
        self.listener = None
        self.up(port)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def up(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def down(self):
        """Nobody listens, and who was connected is no more."""
        listener, self.listener = self.listener, None
        if listener is None:
            return
        listener.shutdown(socket.SHUT_RDWR)  # who waits in accept() keeps it open
        listener.close()
        with self.lock:
            left, self.open = self.open, set()
        for peer in left:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def wait_until_left_alone(self, seconds=30):
        """Until every connection has ended, and all that came by them was answered. They are accepted in
        their order: one more tells that there is none before it."""
        with socket.create_connection(("127.0.0.1", self.port), seconds) as last:
            with self.news:
                if not self.news.wait_for(lambda: self.latest == last.getsockname(), seconds):
                    raise AssertionError("nobody accepts")
        with self.news:
            if not self.news.wait_for(lambda: not self.open, seconds):
                raise AssertionError(f"{len(self.open)} connections are still open")

    def accept(self, listener):
        while True:
            try:
                peer, address = listener.accept()
            except OSError:
                return
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.news:
                self.open.add(peer)
                self.latest = address
                self.news.notify_all()
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        data = b""
        try:
            while True:
                while b"\r\n\r\n" not in data:
                    if not (piece := peer.recv(65536)):
                        return
                    data += piece
                head, _, data = data.partition(b"\r\n\r\n")
                line, *rest = head.decode("latin-1").split("\r\n")
                method, target, _ = line.split(" ")
                headers = {name.lower(): value.strip() for name, _, value in
                           (each.partition(":") for each in rest)}
                length = int(headers.get("content-length", 0))
                while len(data) < length:
                    if not (piece := peer.recv(65536)):
                        return
                    data += piece
                body, data = data[:length], data[length:]
                text = self.respond(Request(method, target, headers, head + b"\r\n\r\n", body), peer)
                if text is None:
                    return
                peer.sendall(text)
        except OSError:
            return
        finally:
            with self.news:
                self.open.discard(peer)
                self.news.notify_all()
            try:
                peer.close()
            except OSError:
                pass


class ListeningApp:
    """An app that takes every webhook: keeps it, and answers as it was told to."""

    def __init__(self):
        self.requests = []
        self.status = 204
        self.server = RawServer(self.respond)
        self.news = self.server.news

    def respond(self, request, _):
        with self.news:
            self.requests.append(request)
            status = self.status
            self.news.notify_all()
        return answer(status)

    def wait_until(self, holds, what, seconds=60):
        """`holds(requests)`, under the lock, as soon as it is true."""
        with self.news:
            if not self.news.wait_for(lambda: holds(self.requests), seconds):
                raise AssertionError(f"not in {seconds} s: {what}; {len(self.requests)} requests")
            return list(self.requests)
