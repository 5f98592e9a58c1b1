// The deployment: step, progress, parts, invoke URL.

import { breakable, byId, element, show, visible } from "./text.js";

const MARKS = { absent: "○", intended: "◌", made: "●", adopted: "●" };
const WORDS = { absent: "not there", intended: "being made …" };
const STEP_MARKS = { done: "✓", skipped: "✓", failed: "✗", pending: "" };
const NAMELESS = { "apigateway:method-settings": "is on" }; // a setting of the method: it has no name of its own
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
  for (const place of PLACES) showParts(place, parts.filter((part) => part.place === place));
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

function showParts(place, parts) {
  const service = byId(place);
  service.classList.toggle("there", parts.some((part) => part.state === "made" || part.state === "adopted"));
  service.querySelector("ul").replaceChildren(...(parts.length ? parts : PLANNED[place]).map(part));
}

function part(described) {
  const { kind, label, name, state } = described;
  const words = WORDS[state] ?? NAMELESS[kind] ?? (state === "adopted" ? `${name} (yours)` : name);
  const mark = element("span", "mark", MARKS[state]);
  mark.setAttribute("aria-hidden", "true");
  const text = element("span", "", element("span", "label", `${label} `), breakable(words));
  const made = element("li", `part ${state}`, mark, text);
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
