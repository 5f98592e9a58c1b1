// A look at one student, as `loh class look` does: the board looks when a tile is opened. The dialog shows what is
// wrong first, each with the command that fixes it, and folds what is well to a line.

import { openOver } from "../detail.js";
import { byId, element, show } from "../text.js";
import { about, called, howFar, mark, namesAreHidden } from "./students.js";

let student = null; // whose dialog it is
let found = null; // what the look has found; null while it runs

/** Open a student's dialog, and look. */
export function openLook(chosen) {
  student = chosen;
  found = null;
  for (const each of ["well", "there"]) byId(each).open = false;
  draw();
  openOver(called(student));
  look();
}

/** Take a student as the class has them now, and draw their dialog anew. */
export function showStudent(changed) {
  if (student?.name !== changed.name) return;
  student = changed;
  draw();
}

/** Let the board look; who closes the dialog meanwhile wants no answer. */
async function look() {
  const closed = new AbortController();
  byId("detail").addEventListener("close", () => closed.abort(), { once: true });
  const stop = countSeconds();
  const answer = await asked(`look/${encodeURIComponent(student.name)}`, closed.signal);
  stop();
  if (closed.signal.aborted) return;
  found = answer;
  draw();
}

async function asked(path, signal) {
  const failed = (problem) => ({ findings: [], problem });
  try {
    const response = await fetch(path, { signal });
    return response.ok ? await response.json() : failed(`The board answered with status ${response.status}.`);
  } catch {
    return failed("The board has stopped. `loh board` starts it again.");
  }
}

/** Show how long it takes, until the function that this gives is called; a screen reader is spared it. */
function countSeconds() {
  const began = Date.now();
  const tell = (text) => show("seconds", text);
  const clock = setInterval(() => tell(`${Math.round((Date.now() - began) / 1000)} s`), 1000);
  return () => {
    clearInterval(clock);
    tell("");
  };
}

function draw() {
  show("detail-title", called(student));
  const changed = student.changed ? ` · last change ${new Date(student.changed).toLocaleString()}` : "";
  show("how-far", `${mark(student)} ${howFar(student)}${changed}`);
  show("looked", ...outcome());
  const shown = found?.findings ?? [];
  const wrong = shown.filter((each) => !each.ok);
  const remarks = shown.filter((each) => each.ok && each.remark);
  const well = shown.filter((each) => each.ok && !each.remark);
  byId("findings").replaceChildren(...[...wrong, ...remarks].map(finding));
  fold("well", `✓ ${count(well.length, "check")} well`, well.map((each) => `${each.name}: ${each.what}`));
  fold("there", `${count(student.resources.length, "resource")} in the account`, student.resources);
  byId("command").hidden = namesAreHidden();
  byId("command").replaceChildren("The same in the terminal: ", element("code", "", student.look));
}

/** How the look has ended, in a sentence, and the class of the words. */
function outcome() {
  if (!found) return ["Looking at the account, and sending an echo to the URL …"];
  if (found.problem) return [`✗ The look failed. ${about(student, found.problem)}`, "bad"];
  const at = `Looked at ${new Date(found.at).toLocaleTimeString()}.`;
  const wrong = found.findings.filter((each) => !each.ok).length;
  if (!wrong) return [`✓ Nothing is wrong. ${at}`, "good"];
  return [`✗ ${count(wrong, "check")} wrong. ${at}`, "bad"];
}

const count = (number, what) => (number === 1 ? `1 ${what} is` : `${number} ${what}s are`);

function finding(each) {
  const words = element("div", "", element("strong", "", about(student, each.name)), `: ${about(student, each.what)}`);
  if (each.fix) words.append(element("p", "fix", "Fix: ", ...commands(about(student, each.fix))));
  return element("li", each.ok ? "good" : "bad", element("span", "mark", each.ok ? "✓" : "✗"), words);
}

/** A command, or a sentence with commands in backticks. */
function commands(text) {
  const parts = text.split("`");
  return parts.length < 3 ? [element("code", "", text)] : parts.map((each, at) => (at % 2 ? element("code", "", each) : each));
}

/** A line that opens to a list; none where the list is empty. */
function fold(id, line, entries) {
  const place = byId(id);
  place.hidden = !entries.length;
  place.querySelector("summary").textContent = line;
  place.querySelector("ul").replaceChildren(...entries.map((each) => element("li", "", about(student, each))));
}
