// Follows the stream of events. While paused, what comes waits and is shown event by event.

import { show } from "./text.js";

const COUNTS = "tally";
const AGAIN = 1000; // milliseconds until the next try where the browser has given up

let takers = {};
let waiting = [];
let paused = false;
let away = false;

/** Give each event to the taker of its kind. */
export function listen(to) {
  takers = to;
  const source = new EventSource("events");
  source.addEventListener("open", () => tell(false));
  source.addEventListener("error", () => {
    tell(true);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(to), AGAIN);
  });
  for (const kind of Object.keys(takers)) {
    source.addEventListener(kind, (event) => take(kind, JSON.parse(event.data)));
  }
}

export const isPaused = () => paused;

export function pause() {
  paused = !paused;
  while (!paused && waiting.length) next();
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
  if (kind === "snapshot") waiting = []; // it holds all that was waiting
  if (paused) waiting.push([kind, data]);
  else takers[kind](data);
  tell(away);
}

function tell(isAway) {
  away = isAway;
  if (away) show("link", "the board has stopped; trying again", "away");
  else if (paused) show("link", `paused · ${waiting.filter(([kind]) => kind !== COUNTS).length} waiting`, "paused");
  else show("link", "live");
}
