// The deployment: step, progress, parts, invoke URL.

import { breakable, byId, element, show, visible } from "./text.js";

const MARKS = { absent: "○", intended: "◌", made: "●", adopted: "●" };
const WORDS = { absent: "not there", intended: "being made …" };
const STEP_MARKS = { done: "✓", skipped: "✓", failed: "✗", pending: "" };
const LONG = 12; // letters: a longer name of a deployment stands above, and is shortened to a sign in the names of its parts
const ENDED = "The sandbox has stopped, and everything in it is gone.";
const ANOTHER = "The sandbox was started anew, and is empty: loh run makes it all again.";
const PLACES = ["gateway", "permission", "lambda", "dynamodb"];

let known = new Map();

/** Show the deployment as it is now; `sandboxRuns` says whether a sandbox runs. What was not made before lights up. */
export function showDeployment(scene, sandboxRuns) {
  showStep(scene, sandboxRuns);
  showWhere(scene);
  showSteps(scene.steps ?? [], scene.step);
  const parts = scene.parts ?? [];
  const own = scene.deployment?.name.length > LONG ? `${scene.deployment.name}-` : "";
  for (const place of PLACES) showParts(place, parts.filter((part) => part.place === place), own);
  known = new Map(parts.map((part) => [part.label, part.state]));
  showUrl(scene.invoke_url);
}

function showStep(scene, sandboxRuns) {
  if (scene.problem) show("step", scene.problem, "bad");
  else if (!scene.deployment) show("step", "No deployment yet: loh run makes it.");
  else if (scene.gone) show("step", sandboxRuns ? ANOTHER : ENDED, "bad");
  else if (scene.step) show("step", [scene.step.number, scene.step.title].filter(Boolean).join("  "));
  else show("step", "All steps are done.");
}

function showWhere(scene) {
  const deployment = scene.deployment;
  show("where", deployment ? `${deployment.name} · ${deployment.target} · ${deployment.region}` : "");
  document.title = deployment ? `${visible(deployment.name)}: the board` : "The board";
}

function showSteps(steps, now) {
  byId("steps").replaceChildren(...steps.map((step) => chip(step, now)));
}

function chip(step, now) {
  const made = element("li", step.state, `${step.number} ${STEP_MARKS[step.state] ?? ""}`.trim());
  if (now && now.number === step.number) {
    made.classList.add("now");
    made.setAttribute("aria-current", "step");
  }
  made.title = `${visible(step.title)}: ${step.state}`;
  return made;
}

function showParts(place, parts, own) {
  const service = byId(place);
  service.classList.toggle("there", parts.some((part) => part.state === "made" || part.state === "adopted"));
  service.querySelector("ul").replaceChildren(...(parts.length ? parts : PLANNED[place]).map((each) => part(each, own)));
}

/** A part with its name; of what a chapter adds, several in a line, its kind alone. */
function part({ place, label, name, state }, own) {
  const adds = place && !PLANNED[place].some((each) => each.label === label);
  const named = `${own ? name.replace(own, "…-") : name}${state === "adopted" ? " (yours)" : ""}`;
  const words = WORDS[state] ?? (adds ? "" : named);
  const mark = element("span", "mark", MARKS[state]);
  mark.setAttribute("aria-hidden", "true");
  const text = element("span", "", element("span", "label", `${label} `), breakable(words));
  const made = element("li", `part ${state} ${adds ? "added" : ""}`, mark, text);
  made.title = visible(name);
  made.dataset.part = label;
  if (known.size && state === "made" && known.get(label) !== "made") made.classList.add("fresh");
  return made;
}

const planned = (...labels) => labels.map((label) => ({ label, name: "", state: "absent" }));
const PLANNED = {
  gateway: planned("API", "resource", "method", "integration", "stage"),
  permission: planned("statement"),
  lambda: planned("function", "role", "log group"),
  dynamodb: planned("table"),
};

function showUrl(url) {
  const place = byId("url");
  place.replaceChildren();
  if (url) place.append(element("span", "label", "Invoke URL "), element("code", "", url));
}
