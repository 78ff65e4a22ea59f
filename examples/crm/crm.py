#!/usr/bin/env python3
"""A small CRM, to try what aside makes of one. It keeps nothing on disk and asks for no key.

    crm.py serve [HOST:PORT]              serves GET and PATCH /customers?number=NUMBER
    crm.py change NUMBER FIELD VALUE      changes a customer, and tells aside at once

`change` reads CRM_URL, ASIDE_URL and CONTEXT_KEY from the environment.
"""

import json
import os
import sys
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUSTOMERS = {
    "+14155550123": {"name": "Dana Whitfield", "plan": "silver", "email": "dana@example.com"},
    "+14155550199": {"name": "Ann Example", "plan": "basic", "email": "sam@example.com"},
}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(self.customer())

    def do_PATCH(self):
        changes = json.loads(self.rfile.read(int(self.headers["content-length"])))
        customer = self.customer()
        if customer is not None:
            customer.update(changes)
        self.answer(customer)

    def customer(self):
        url = urllib.parse.urlsplit(self.path)
        number = urllib.parse.parse_qs(url.query).get("number", [""])[0]
        return CUSTOMERS.get(number) if url.path == "/customers" else None

    def answer(self, customer):
        body = json.dumps({"customer": customer}).encode()
        self.send_response(404 if customer is None else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Numbers of customers stand in the path, so nothing is logged."""


def serve(address="127.0.0.1:8090"):
    host, port = address.rsplit(":", 1)
    server = ThreadingHTTPServer((host, int(port)), Handler)
    print(f"the CRM listens on {host}:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


def patch(url, changes, headers):
    headers = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(changes).encode(), headers, method="PATCH")
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


def change(number, field, value):
    number = urllib.parse.quote(number, safe="")
    crm = os.environ.get("CRM_URL", "http://127.0.0.1:8090")
    aside = os.environ.get("ASIDE_URL", "http://127.0.0.1:8080")
    patch(f"{crm}/customers?number={number}", {field: value}, {})
    # The next turn of every call of this customer sees it. After two hours no call is left that
    # began before the change, and the CRM itself tells it.
    key = {"authorization": f"Bearer {os.environ['CONTEXT_KEY']}"}
    print(patch(f"{aside}/context/customer/{number}?ttl=2h", {field: value}, key))


def main():
    match sys.argv[1:]:
        case ["serve", *address] if len(address) < 2:
            serve(*address)
        case ["change", number, field, value]:
            change(number, field, value)
        case _:
            sys.exit(__doc__)


main()
