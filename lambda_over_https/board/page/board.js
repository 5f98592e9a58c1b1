// The board of one deployment: each event goes to the part of the page that it changes.

import { clearVotes, close, showExercise, vote } from "./exercise.js";
import { showMeters, showSchedules, showTally } from "./gauges.js";
import { follow } from "./journey.js";
import { obey } from "./keys.js";
import { showItems } from "./items.js";
import { showCalls, showRequests } from "./lists.js";
import { showDeployment } from "./picture.js";
import { listen } from "./stream.js";
import { show } from "./text.js";

const KEPT = 20;

const scene = { calls: [], requests: [] };

const takers = {
  snapshot(data) {
    Object.assign(scene, data);
    showDeployment(data);
    showMeters(data.deployment, data.meters);
    showCalls(scene.calls);
    showRequests(scene.requests);
    showWatching();
    showExercise(data.exercise, false);
    showTally(data.tally);
    showSchedules(data.schedules);
    showItems(data.items);
  },
  deployment(data) {
    scene.deployment = data.deployment;
    showDeployment(data);
    showMeters(data.deployment, data.meters);
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
  items(data) {
    showItems(data.items);
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

/** Say where no request can be seen, and why. */
function showWatching() {
  const target = scene.deployment?.target;
  const words = target === "aws" ? "On AWS the board sees the requests that loh itself sends." : "The sandbox is not running.";
  show("watching", scene.watching || !target ? "" : words, "empty");
}

obey({
  0: clearVotes,
  1: () => vote(1),
  2: () => vote(2),
  3: () => vote(3),
  Escape: close,
});
listen(takers);
