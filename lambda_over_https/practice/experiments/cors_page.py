"""A page of another origin that calls the API: served on this machine, for the learner's browser.

It asks every two seconds and shows what its script gets: nothing while the browser blocks the answers (or,
after a preflight that fails, does not even send the request), and from the moment the chapter cors is on,
each answer, errors too.
"""

import json
import string
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from lambda_over_https.deployment.stack import Stack
from lambda_over_https.kinds import Kind
from lambda_over_https.names import PATH_PART, STAGE
from lambda_over_https.tutorial.checks import ECHO
from lambda_over_https.tutorial.request import request_event
from lambda_over_https.tutorial.ways import JSON, PLAIN_TEXT

_PAGE = string.Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A page calls the API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 3em auto; padding: 0 1em }
li { padding: .5em 1em; margin: .5em 0; list-style: none; border-left: .5em solid gray; background: #f4f4f4 }
li.read { border-color: #1a7f37 } li.blocked { border-color: #b42318 }
code { white-space: pre-wrap; word-break: break-all }
</style>
<h1>A page calls the API</h1>
<p>This page has the origin <code id="origin"></code>. Its script asks <code id="url"></code>.</p>
<ul id="answers"></ul>
<script>
const url = $url, requests = $requests;
document.getElementById("origin").textContent = location.origin;
document.getElementById("url").textContent = url;
const list = document.getElementById("answers");
for (const each of requests) list.appendChild(document.createElement("li")).textContent = each.name;
async function ask(request, item) {
  const sent = {method: "POST", headers: {"Content-Type": request.type}, body: request.body};
  try {
    const answer = await fetch(url + request.path, sent);
    item.textContent = request.name + ": HTTP " + answer.status + " " + await answer.text();
    item.className = "read";
  } catch (error) {
    item.textContent = request.name + ": nothing (" + error.message + "). The browser blocks it.";
    item.className = "blocked";
  }
}
async function askAll() {
  for (let number = 0; number < requests.length; number++) await ask(requests[number], list.children[number]);
  setTimeout(askAll, 2000);
}
askAll();
</script>
</html>
""")


def page(stack: Stack) -> str:
    """The page for a deployment: it asks for an echo, makes a mistake, and tries a wrong path.

    A wrong path has no OPTIONS, so JSON would never be sent there: plain text needs no preflight.
    """
    table = stack.names.table
    echo, mistake = ECHO.event(table, ""), request_event("nonsense", table, {})
    requests = [
        {"name": "An echo", "path": "", "type": JSON, "body": json.dumps(echo)},
        {"name": "A mistake", "path": "", "type": JSON, "body": json.dumps(mistake)},
        {"name": "Plain text to a wrong path", "path": "s", "type": PLAIN_TEXT, "body": json.dumps(echo)},
    ]
    return _PAGE.substitute(url=_script(browser_url(stack)), requests=_script(requests))


def browser_url(stack: Stack) -> str:
    """The URL of the method for a browser: of the sandbox, whose certificate no browser knows, over HTTP."""
    place = stack.place
    if place.is_sandbox:
        return f"{place.endpoint_url}/_aws/execute-api/{stack.id_of(Kind.REST_API)}/{STAGE}/{PATH_PART}"
    return stack.invoke_url


def _script(value: object) -> str:
    """JSON that may stand in a script element, whatever it holds."""
    return json.dumps(value).replace("<", "\\u003c")


@contextmanager
def served(html: str) -> Iterator[str]:
    """Serve a page on this machine alone; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
