// The board of one deployment: each event goes to the part of the page that it changes.

import { clearVotes, close, showExercise, vote } from "./exercise.js";
import { fitAlways } from "./fit.js";
import { showMeters, showSchedules, showTally } from "./gauges.js";
import { follow } from "./journey.js";
import { obey } from "./keys.js";
import { showItems } from "./items.js";
import { showCalls, showRequests } from "./lists.js";
import { showDeployment } from "./picture.js";
import { listen, missSandbox } from "./stream.js";
import { show } from "./text.js";

const KEPT = 20;

let known = {}; // the deployment as it is now, as the last event told of it
let sandboxRuns = false;
let calls = [];
let requests = [];

const takers = {
  snapshot(data) {
    ({ sandbox_runs: sandboxRuns, calls, requests } = data);
    takeDeployment(data);
    showCalls(calls);
    drawRequests();
    showExercise(data.exercise, false);
    showTally(data.tally);
    showSchedules(data.schedules);
    showItems(data.items);
  },
  deployment: takeDeployment,
  call(data) {
    calls = [...calls, data].slice(-KEPT);
    showCalls(calls);
  },
  request(data) {
    requests = [...requests.filter((each) => each.id !== data.id), data].slice(-KEPT);
    drawRequests();
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
  sandbox(data) {
    sandboxRuns = data.sandbox_runs;
    drawDeployment();
  },
};

function takeDeployment(data) {
  const another = known.invoke_url !== data.invoke_url;
  known = data;
  drawDeployment();
  if (another) drawRequests();
}

function drawDeployment() {
  showDeployment(known, sandboxRuns);
  showMeters(known.deployment, known.meters);
  missSandbox(Boolean(known.gone) && !sandboxRuns);
  showUnseen();
}

const drawRequests = () => showRequests(requests, known.invoke_url);

/** Say where no request can be seen, and why. */
function showUnseen() {
  const target = known.deployment?.target;
  const words = target === "aws" ? "On AWS the board sees the requests that loh itself sends." : "The sandbox is not running.";
  show("unseen", sandboxRuns || !target ? "" : words, "empty");
}

obey({
  0: clearVotes,
  1: () => vote(1),
  2: () => vote(2),
  3: () => vote(3),
  Escape: close,
});
fitAlways();
listen(takers);
