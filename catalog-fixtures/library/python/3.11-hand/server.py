"""A web server of one thread. What only one answer needs is imported when that answer is asked for."""

import socketserver
from http.server import BaseHTTPRequestHandler


def greeting():
    return "Hello from Python!\n"


def key():
    # There is no scrypt in pure Python: it takes the extension module _hashlib, and OpenSSL under it.
    import hashlib
    import json

    derived = hashlib.scrypt(b"unikraft", salt=b"catalog", n=16, r=8, p=1, dklen=16)
    return json.dumps({"algorithm": "scrypt", "key": derived.hex()}) + "\n"


ANSWERS = {"/": greeting, "/key": key}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = ANSWERS.get(self.path)
        if answer is None:
            self.send_error(404)
            return
        body = answer().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(socketserver.TCPServer):
    # The server of http.server would look its own name up, which takes a name service.
    allow_reuse_address = True


Server(("0.0.0.0", 8080), Handler).serve_forever()
