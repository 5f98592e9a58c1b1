// Follows the stream of events. While paused, what comes waits and is shown event by event.

import { show } from "./text.js";

const COUNTS = "tally";
const AGAIN = 1000; // milliseconds until the next try where the browser has given up
const MOST = 500; // events that wait; whoever forgets that it is paused must not fill the browser's memory

let takers = {};
let waiting = [];
let paused = false;
let forgotten = false;
let away = false;
let full = 0; // how many pages are open, where the board has no connection for this one
let missing = false; // whether the deployment's sandbox has stopped

/** Give each event to the taker of its kind. */
export function listen(to) {
  takers = to;
  const source = new EventSource("events");
  source.addEventListener("open", () => tell(false));
  source.addEventListener("error", () => {
    full = 0;
    tell(true);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(to), AGAIN);
  });
  source.addEventListener("full", (event) => {
    source.close();
    beOneTooMany(JSON.parse(event.data).pages);
    setTimeout(() => listen(to), AGAIN);
  });
  for (const kind of Object.keys(takers)) {
    source.addEventListener(kind, (event) => take(kind, JSON.parse(event.data)));
  }
}

/** Say that so many pages are open, that no connection is left for this one; its next event says more. */
function beOneTooMany(pages) {
  full = pages;
  document.querySelector("h1").textContent = `${full} pages of this board are open, and the browser can connect no more: close one of them, and this one goes on.`;
  tell(away);
}

/** Say whether the deployment's sandbox is missing: then nothing is live, whoever tells of it. */
export function missSandbox(isMissing) {
  missing = isMissing;
  tell(away);
}

export const isPaused = () => paused;

export function pause() {
  paused = !paused;
  while (!paused && waiting.length) next();
  forgotten = false;
  tell(away);
}

/** Show the next event, and the counts that come with it. */
export function next() {
  do {
    const first = waiting.shift();
    if (first) takers[first[0]](first[1]);
  } while (waiting[0]?.[0] === COUNTS);
  tell(away);
}

function take(kind, data) {
  full = 0;
  if (kind === "snapshot") waiting = []; // it holds all that was waiting
  if (paused) wait(kind, data);
  else takers[kind](data);
  tell(away);
}

/** Let an event wait. Where too many do, forget the oldest of a kind that comes again: lists show the latest only. */
function wait(kind, data) {
  waiting.push([kind, data]);
  if (waiting.length <= MOST) return;
  const isLast = (at) => waiting.findLastIndex(([other]) => other === waiting[at][0]) === at;
  waiting.splice(waiting.findIndex((_, at) => !isLast(at)), 1);
  forgotten = true;
}

function tell(isAway) {
  away = isAway;
  if (full) show("link", "not connected", "away");
  else if (away) show("link", "the board has stopped; trying again", "away");
  else if (paused) show("link", `paused · ${number()} waiting${forgotten ? ", earlier ones are skipped" : ""}`, "paused");
  else if (missing) show("link", "no sandbox", "away");
  else show("link", "live");
}

/** How many wait, without the counts that come with others. */
function number() {
  return waiting.filter(([kind]) => kind !== COUNTS).length;
}
