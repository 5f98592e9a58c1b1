// Follows the stream of events, and the presenter's keys. The board only shows: nothing here changes anything.

import { clearVotes, close, showExercise, vote } from "./exercise.js";
import { showSchedules, showTally } from "./gauges.js";
import { follow } from "./journey.js";
import { showCalls, showRequests } from "./lists.js";
import { showDeployment } from "./picture.js";
import { byId, show } from "./text.js";

const KEPT = 20;
const COUNTS = "tally";
const AGAIN = 1000; // milliseconds until the next try where the browser has given up

const scene = { calls: [], requests: [] };
let waiting = [];
let paused = false;
let away = false;

const takers = {
  snapshot(data) {
    Object.assign(scene, data);
    showDeployment(data);
    showCalls(scene.calls);
    showRequests(scene.requests);
    showWatching();
    showExercise(data.exercise, false);
    showTally(data.tally);
    showSchedules(data.schedules);
  },
  deployment(data) {
    scene.deployment = data.deployment;
    showDeployment(data);
    showWatching();
  },
  call(data) {
    scene.calls = [...scene.calls, data].slice(-KEPT);
    showCalls(scene.calls);
  },
  request(data) {
    const others = scene.requests.filter((each) => each.id !== data.id);
    scene.requests = [...others, data].slice(-KEPT);
    showRequests(scene.requests);
    follow(data);
  },
  exercise(data) {
    showExercise(data);
  },
  schedules(data) {
    showSchedules(data.schedules);
  },
  tally(data) {
    showTally(data);
  },
  watching(data) {
    scene.watching = data.watching;
    showWatching();
  },
};

function listen() {
  const source = new EventSource("events");
  source.addEventListener("open", () => tell(false));
  source.addEventListener("error", () => {
    tell(true);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  });
  for (const kind of Object.keys(takers)) {
    source.addEventListener(kind, (event) => take(kind, JSON.parse(event.data)));
  }
}

/** Say where no request can be seen, and why. */
function showWatching() {
  const target = scene.deployment?.target;
  const words = target === "aws" ? "Requests are seen on the sandbox only." : "The sandbox is not running.";
  show("watching", scene.watching || !target ? "" : words, "empty");
}

function take(kind, data) {
  if (kind === "snapshot") waiting = []; // it holds all that was waiting
  if (paused) waiting.push([kind, data]);
  else takers[kind](data);
  tell(away);
}

/** Show the next event, and the counts that come with it. */
function next() {
  do {
    const first = waiting.shift();
    if (first) takers[first[0]](first[1]);
  } while (waiting[0]?.[0] === COUNTS);
  tell(away);
}

function pause() {
  paused = !paused;
  while (!paused && waiting.length) next();
  tell(away);
}

function tell(isAway) {
  away = isAway;
  if (away) show("link", "the board has stopped; trying again", "away");
  else if (paused) show("link", `paused · ${waiting.filter(([kind]) => kind !== COUNTS).length} waiting`, "paused");
  else show("link", "live");
}

const root = document.documentElement;
let size = 1;

function resize(factor) {
  size = Math.min(2.5, Math.max(1, size * factor));
  root.style.setProperty("--size", String(size));
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen().catch(() => {}); // the browser may forbid it; the page stays as it is
}

const keys = {
  p: pause,
  " ": () => paused && next(),
  f: fullScreen,
  d: () => root.classList.toggle("dark"),
  "+": () => resize(1.1),
  "=": () => resize(1.1),
  "-": () => resize(1 / 1.1),
  0: clearVotes,
  1: () => vote(1),
  2: () => vote(2),
  3: () => vote(3),
  Escape: close,
  "?": () => byId("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  const typing = event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]");
  const pressing = event.key === " " && event.target instanceof HTMLButtonElement && !paused;
  if (!act || typing || pressing) return;
  event.preventDefault();
  act();
});

byId("keys").addEventListener("click", () => byId("help").showModal());
root.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
listen();
