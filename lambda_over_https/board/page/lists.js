// The last calls and the last requests; each opens its details.

import { refill } from "./chosen.js";
import { openDetail } from "./detail.js";
import { byId, duration, element } from "./text.js";

const ROWS = 5;

/** Show the latest calls, the newest first. */
export function showCalls(calls) {
  fill("calls", calls, callRow, "None yet.");
}

/** Show the latest requests, the newest first. */
export function showRequests(requests) {
  fill("requests", requests, requestRow, "None yet. Every request to the invoke URL will be seen here.");
}

function fill(id, items, row, nothing) {
  const rows = items.slice(-ROWS).reverse().map(row);
  refill(byId(id), rows.length ? rows : [element("li", "empty", nothing)]);
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

function requestRow(request) {
  const done = request.status !== null;
  const status = done ? String(request.status) : "…";
  const name = element("bdi", "row-name", `${request.method} ${request.path}`);
  const operation = element("bdi", "row-kind", operationOf(request));
  const end = element("span", `row-more ${request.good ? "good" : done ? "bad" : ""}`, mark(request, status));
  const took = element("span", "row-more", done ? duration(request.ms) : "");
  return row(request.id, () => openRequest(request), operation, name, took, end);
}

/** What the request asks the function to do, if its body says so as the tutorial's requests do. */
function operationOf(request) {
  try {
    const { operation } = JSON.parse(request.body);
    return typeof operation === "string" ? operation.slice(0, 10) : "";
  } catch {
    return ""; // another kind of request
  }
}

const mark = (request, status) => (request.status === null ? status : `${request.good ? "✓" : "✗"} ${status}`);

function openRequest(request) {
  openDetail(`${request.method} ${request.path}`, [
    ["What happened", request.reason],
    ["Request", request.body],
    [`Answer: ${request.status ?? "not yet"}`, request.answer],
    ["The function's log", request.log || "It is empty."],
  ]);
}
