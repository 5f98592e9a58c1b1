// The board of a class: a tile for each student, those who are stuck first.

import { refill } from "../chosen.js";
import { obey } from "../keys.js";
import { listen } from "../stream.js";
import { byId, element, show } from "../text.js";
import { openLook, showStudent } from "./look.js";
import { called, hideNames, howFar, mark } from "./students.js";

let seen = { class: null, students: [], removal: null, problem: "" };

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
  refill(byId("tiles"), seen.students.map((each) => element("li", "", tile(each))));
  seen.students.forEach(showStudent);
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

function tile(student) {
  const made = element(
    "button",
    student.state,
    element("span", "mark", mark(student)),
    element("bdi", "name", called(student)),
    element("span", "words", howFar(student)),
  );
  made.type = "button";
  made.dataset.key = student.name;
  made.addEventListener("click", () => openLook(student));
  return made;
}

obey({
  n: () => {
    hideNames();
    draw();
  },
});
listen({ snapshot: take, class: take });
