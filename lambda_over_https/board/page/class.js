// The board of a class: a tile for each student, those who are stuck first.

import { openDetail } from "./detail.js";
import { obey } from "./keys.js";
import { listen } from "./stream.js";
import { byId, element, show } from "./text.js";

/** Mark and words of each state: the mark tells them apart without colour. */
const STATES = {
  stuck: ["▲", (each) => `${each.step || "1"} · stuck for ${each.stuck_minutes} minutes`],
  working: ["▸", (each) => `at ${each.step || "1"}`],
  deployed: ["●", () => "deployed"],
  answers: ["✓", () => "answers"],
  waiting: ["·", () => "not begun"],
  gone: ["○", () => "nothing left"],
};

let seen = { class: null, students: [], removal: null, problem: "" };
let anonymous = false;

function take(data) {
  seen = data;
  draw();
}

function draw() {
  show("problem", seen.problem);
  if (!seen.class) return;
  show("title", seen.class.name);
  show("where", seen.class.target === "sandbox" ? "sandbox" : `${seen.class.target} · ${seen.class.region}`);
  show("summary", summary());
  showRemoval();
  drawTiles();
}

function summary() {
  const count = (state) => seen.students.filter((each) => each.state === state).length;
  const words = { stuck: "stuck", working: "at work", deployed: "deployed", answers: "done: the API answers", waiting: "not begun", gone: "with nothing left" };
  const parts = Object.entries(words).filter(([state]) => count(state)).map(([state, text]) => `${count(state)} ${text}`);
  return `${seen.students.length} students: ${parts.join(", ")}`;
}

function showRemoval() {
  const removal = seen.removal;
  if (!removal) return show("removal", "");
  if (removal.gone === removal.of) return show("removal", "Nothing is left.", "good");
  const minutes = removal.minutes ? `, about ${removal.minutes} minutes left at AWS's rate` : "";
  show("removal", `${removal.gone} of ${removal.of} are removed${minutes}`);
}

/** The tiles in their order; whoever has one chosen by the keyboard keeps it chosen. */
function drawTiles() {
  const chosen = document.activeElement?.dataset?.student;
  byId("tiles").replaceChildren(...seen.students.map((each) => element("li", "", tile(each))));
  if (chosen) document.querySelector(`[data-student="${CSS.escape(chosen)}"]`)?.focus();
}

function tile(student) {
  const [mark, words] = STATES[student.state];
  const chapters = student.chapters.length ? ` · ${student.chapters.join(", ")}` : "";
  const made = element(
    "button",
    student.state,
    element("span", "mark", mark),
    element("bdi", "name", called(student)),
    element("span", "words", words(student) + chapters),
  );
  made.type = "button";
  made.dataset.student = student.name;
  made.addEventListener("click", () => open(student));
  return made;
}

const called = (student) => (anonymous ? `Student ${student.number}` : student.called);

function open(student) {
  const [, words] = STATES[student.state];
  const parts = [
    ["How far", words(student)],
    ["Last change", student.changed ? new Date(student.changed).toLocaleString() : "none"],
  ];
  // The names of the resources and the command hold the student's name.
  if (!anonymous) parts.push(["What is there", student.resources.join("\n") || "nothing"], ["Examine it", student.look]);
  openDetail(called(student), parts);
}

obey({
  n: () => {
    anonymous = !anonymous;
    draw();
  },
});
listen({ snapshot: take, class: take });
