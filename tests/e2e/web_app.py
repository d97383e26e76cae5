# SPDX-License-Identifier: Apache-2.0
"""An app on loopback whose answers are told path by path, and which remembers what it was asked."""
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PUBLIC = "https://app.example.com"


class Asked:
    def __init__(self, handler, body):
        self.method = handler.command
        self.target = handler.path
        self.path = handler.path.split("?")[0]
        self.headers = dict(handler.headers.items())
        text = body if self.method == "POST" else handler.path.partition("?")[2]
        self.fields = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))

    @property
    def url(self):
        return PUBLIC + self.target


class WebApp:
    """answers[path] is a (status, headers, body), a function of Asked that gives one, or a list of
    them, used up from its front to its last."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.lock = threading.Lock()
        app = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                asked = Asked(self, body)
                status, headers, text = app.answer_of(asked)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                data = text.encode()
                if status != 204:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except BrokenPipeError:
                    pass  # it was given up

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def answer_of(self, asked):
        with self.lock:
            self.asked.append(asked)
            answer = self.answers.get(asked.path, (204, [], ""))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer(asked) if callable(answer) else answer

    def forget(self):
        with self.lock:
            self.answers = {}
            self.asked = []

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def twiml(inside):
    return 200, [("Content-Type", "text/xml")], f"<Response>{inside}</Response>"
