// A request as a dot: it runs hop by hop, and comes back with its status or stops where the request stopped.

import { byId, show } from "./text.js";

const STOPS = {
  client: "#client",
  gateway: '#gateway [data-part="API"] .mark',
  method: '#gateway [data-part="method"] .mark',
  integration: '#gateway [data-part="integration"] .mark',
  cache: '#gateway [data-part="stage"] .mark',
  permission: "#permission",
  function: "#lambda",
  table: "#dynamodb",
};
const STEP = 260; // milliseconds from hop to hop: a real request is too quick to be seen
const REST = 900; // milliseconds that the dot stays where it stopped
const MOST = 8; // requests that wait for the dot; of a burst the latest are shown

const still = matchMedia("(prefers-reduced-motion: reduce)");
const queue = [];
const resting = []; // what is to be done once the dot has come to rest
let moving = false;
let held = ""; // the id of the request that the dot is waiting with, at the function

/** Take a request, or what has become of it. */
export function follow(request) {
  const known = queue.findIndex((each) => each.id === request.id);
  if (known >= 0) queue[known] = request;
  else if (request.id === held || request.status === null || !moving || queue.length < MOST) queue.push(request);
  if (queue.length > MOST) queue.shift();
  if (!moving) run();
}

/** Do something once the dot has come to rest. */
export function whenStill(act) {
  if (moving) resting.push(act);
  else act();
}

async function run() {
  moving = true;
  while (queue.length) await travel(queue.shift());
  moving = false;
  for (const act of resting.splice(0)) act();
}

async function travel(request) {
  const dot = byId("dot");
  const hops = request.hops.map((hop) => hop.name).filter((name) => STOPS[name]);
  const came = held === request.id ? [] : ["client", ...hops];
  if (still.matches) {
    tell(request);
    return mark(request, hops.at(-1));
  }
  mark(null);
  if (came.length) show("reason", ""); // that of the request before
  dot.hidden = false;
  dot.className = "";
  await move(dot, came);
  tell(request);
  held = request.status === null ? request.id : "";
  if (held) return;
  if (request.good) {
    await move(dot, [...hops].reverse().concat("client"));
  } else {
    dot.className = "failed";
    mark(request, hops.at(-1));
    await pause(REST);
  }
  dot.hidden = true;
}

async function move(dot, names) {
  for (const name of names) {
    const to = place(name);
    const from = dot.style.transform || to;
    dot.style.transform = to;
    await dot.animate([{ transform: from }, { transform: to }], { duration: STEP, easing: "ease-in-out" }).finished;
  }
}

function place(name) {
  const frame = byId("picture").getBoundingClientRect();
  const box = (document.querySelector(STOPS[name]) ?? byId("gateway")).getBoundingClientRect();
  return `translate(${box.left + box.width / 2 - frame.left}px, ${box.top + box.height / 2 - frame.top}px)`;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Say what became of it. */
function tell(request) {
  const tone = request.status === null ? "" : request.good ? "good" : "bad";
  show("reason", request.reason, tone);
}

/** Frame the service at which the request stopped; none for one that came back. */
function mark(request, last) {
  for (const each of document.querySelectorAll(".service.stop")) each.classList.remove("stop");
  if (!request || request.good || request.status === null) return;
  document.querySelector(STOPS[last])?.closest(".service")?.classList.add("stop");
}
