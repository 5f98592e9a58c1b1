// The last calls and the last requests; each opens its details.

import { refill } from "./chosen.js";
import { openDetail } from "./detail.js";
import { byId, duration, element } from "./text.js";

const ROWS = 10; // as many as fit are seen
const LONGEST = 100; // characters of a body in a row: more never fit

/** Show the latest calls, the newest first. */
export function showCalls(calls) {
  fill("calls", calls, callRow, "None yet.");
}

/** Show the latest requests, the newest first; of a path only what is not in the deployment's own URL. */
export function showRequests(requests, url) {
  const usual = url ? new URL(url).pathname : "";
  const row = (request) => requestRow(request, usual);
  fill("requests", requests, row, "None yet. Every request to the invoke URL will be seen here.");
}

function fill(id, items, row, nothing) {
  const list = byId(id);
  const rows = items.slice(-ROWS).reverse().map(row);
  refill(list, rows.length ? rows : [element("li", "empty", nothing)]);
  skipUnseen(list);
  sizes.observe(list);
}

const sizes = new ResizeObserver((changes) => changes.forEach(({ target }) => skipUnseen(target)));

/** Keep the focus from rows that do not fit: they stand beside the list, where nothing is seen. */
function skipUnseen(list) {
  for (const row of list.children) row.inert = row.offsetLeft > list.offsetLeft;
}

function row(key, open, ...cells) {
  const button = element("button", "", ...cells);
  button.type = "button";
  button.dataset.key = key;
  button.addEventListener("click", open);
  return element("li", "", button);
}

function callRow(call) {
  const name = element("bdi", "row-name", `${call.operation} ${call.subject}`);
  const end = call.error
    ? element("bdi", "row-more bad", `✗ ${call.error}`)
    : element("span", "row-more", `✓ ${duration(call.ms)}`);
  return row(`${call.at} ${call.operation} ${call.subject}`, () => openCall(call), element("span", "row-more", call.step), name, end);
}

function openCall(call) {
  openDetail(`${call.service} ${call.operation}`, [
    ["boto3", call.boto3],
    ["aws", call.aws],
    [call.error ? `Answer: ${call.error}` : "Answer", call.answer],
  ]);
}

function requestRow(request, usual) {
  const done = request.status !== null;
  const status = done ? String(request.status) : "…";
  const { operation: what, rest } = told(request);
  const name = element("bdi", "row-name", `${request.method} ${unusual(request.path, usual)} ${rest}`);
  const operation = element("bdi", "row-kind", what);
  const end = element("span", `row-more ${request.good ? "good" : done ? "bad" : ""}`, mark(request, status));
  const took = element("span", "row-more", done ? duration(request.ms) : "");
  return row(request.id, () => openRequest(request), operation, name, took, end);
}

/** What of a path is not in the usual one: nothing of most, …/x of a wrong one. The sandbox's has more before it. */
function unusual(path, usual) {
  const known = usual.slice(usual.indexOf(`/${path.split("/")[1]}/`)).split("/");
  const parts = path.split("/");
  const other = parts.findIndex((part, at) => part !== known[at]);
  if (other < 0) return "";
  return other > 1 ? `…/${parts.slice(other).join("/")}` : path;
}

/** What the request asks the function to do, if its body says so as the tutorial's requests do, and its rest. */
function told(request) {
  try {
    const { operation, payload } = JSON.parse(request.body);
    if (typeof operation === "string") return { operation: operation.slice(0, 10), rest: short(payload) };
  } catch {
    // another kind of request
  }
  return { operation: "", rest: request.body.slice(0, LONGEST) };
}

const short = (payload) => (payload === undefined ? "" : JSON.stringify(payload).slice(0, LONGEST));

const mark = (request, status) => (request.status === null ? status : `${request.good ? "✓" : "✗"} ${status}`);

function openRequest(request) {
  openDetail(`${request.method} ${request.path}`, [
    ["What happened", request.reason],
    ["Request", request.body],
    [`Answer: ${request.status ?? "not yet"}`, request.answer],
    ["The function's log", request.log || "It is empty."],
  ]);
}
