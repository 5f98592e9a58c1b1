"""A client of the deployed API in several languages, ready to run: it sends one request, shows the answer.

The sandbox's certificate is signed by an authority of its own, so each client is told to trust that one.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from lambda_over_https.tutorial.request import as_text, curl_line


@dataclass(frozen=True, slots=True)
class Client:
    """What a client must know: where to send which event, whom to trust, whether to send an API key.

    ``page_url`` is the URL for a browser, which cannot be told to trust the sandbox's authority.
    """

    url: str
    page_url: str
    ca_bundle: str | None
    event: Mapping[str, Any]
    key: bool = False


_PYTHON = Template("""import json
${os}import ssl
import urllib.error
import urllib.request

url = $url
event = $event
headers = {"Content-Type": "application/json"$python_key}
request = urllib.request.Request(url, json.dumps(event).encode(), headers, method="POST")
try:
    with urllib.request.urlopen(request, timeout=30, context=ssl.create_default_context($cafile)) as answer:
        print(answer.status, answer.read().decode())
except urllib.error.HTTPError as error:  # 400 and above: the body says what was wrong
    print(error.code, error.read().decode())
""")

_REQUESTS = Template("""${os}import requests

url = $url
event = $event
headers = {$requests_key}
answer = requests.post(url, json=event, headers=headers, timeout=30$verify)
print(answer.status_code, answer.json())
""")

_JAVASCRIPT = Template("""// Node.js 18 or later: ${trust}node client.mjs
const url = $url;
const event = $event;
const headers = {"Content-Type": "application/json"$node_key};
const answer = await fetch(url, {method: "POST", headers, body: JSON.stringify(event)});
console.log(answer.status, await answer.text());
""")

_BROWSER = Template("""<!doctype html>
<!-- A page of another origin may read the answers only while the chapter cors is on. -->
<meta charset="utf-8">
<title>A client of the API</title>
<button>Send</button>
<pre></pre>
<script type="module">
const url = $page_url;
const event = $event;
document.querySelector("button").onclick = async () => {
  const headers = {"Content-Type": "application/json"$page_key};
  const answer = await fetch(url, {method: "POST", headers, body: JSON.stringify(event)});
  document.querySelector("pre").textContent = answer.status + " " + (await answer.text());
};
</script>
""")


def _curl(client: Client) -> str:
    return curl_line(client.url, client.ca_bundle, as_text(client.event), key=client.key) + "\n"


def _filled(template: Template) -> Callable[[Client], str]:
    return lambda client: template.substitute(_words(client))


def _words(client: Client) -> Mapping[str, str]:
    bundle = json.dumps(client.ca_bundle)
    start = f"NODE_EXTRA_CA_CERTS={shlex.quote(client.ca_bundle)} " if client.ca_bundle else ""
    key = client.key
    return {
        "os": "import os\n" if key else "",
        "url": json.dumps(client.url),
        "page_url": json.dumps(client.page_url),
        "event": as_text(client.event),
        "cafile": f"cafile={bundle}" if client.ca_bundle else "",
        "verify": f", verify={bundle}" if client.ca_bundle else "",
        "trust": start,
        "python_key": ', "x-api-key": os.environ["API_KEY"]' if key else "",
        "requests_key": '"x-api-key": os.environ["API_KEY"]' if key else "",
        "node_key": ', "x-api-key": process.env.API_KEY' if key else "",
        "page_key": ', "x-api-key": prompt("API key")' if key else "",
    }


SNIPPETS: Mapping[str, Callable[[Client], str]] = {
    "curl": _curl,
    "python": _filled(_PYTHON),
    "requests": _filled(_REQUESTS),
    "javascript": _filled(_JAVASCRIPT),
    "browser": _filled(_BROWSER),
}
"""The client in each language."""

LANGUAGES: Mapping[str, str] = {
    "curl": "bash",
    "python": "python",
    "requests": "python",
    "javascript": "javascript",
    "browser": "html",
}
"""What each is written in."""
