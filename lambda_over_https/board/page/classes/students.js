// How students are called on the page, and in words how far they are.

/** Mark and words of each state: the mark tells them apart without colour. */
const STATES = {
  stuck: ["▲", (each) => `${each.step || "1"} · stuck for ${each.stuck_minutes} minutes`],
  working: ["▸", (each) => `at ${each.step || "1"}`],
  deployed: ["●", () => "deployed"],
  answers: ["✓", () => "answers"],
  waiting: ["·", () => "not begun"],
  gone: ["○", () => "nothing left"],
};

const SHORTEST = 3; // letters of a name that is looked for in a text: 01 stands in many a number

let hidden = false;

/** Hide the names, or show them again. */
export function hideNames() {
  hidden = !hidden;
}

export const namesAreHidden = () => hidden;

export const mark = (student) => STATES[student.state][0];

export function howFar(student) {
  const chapters = student.chapters.length ? ` · ${student.chapters.join(", ")}` : "";
  return STATES[student.state][1](student) + chapters;
}

/** What a tile has room for: of a longer word the number would be cut off. */
export const called = (student) => (hidden ? `No. ${student.number}` : student.called);

/** A text about a student; while names are hidden, the names in it are too. */
export function about(student, text) {
  const names = [student.deployment, student.called, student.name].filter((name) => name.length >= SHORTEST);
  return hidden ? names.reduce((rest, name) => rest.replaceAll(name, "…"), text) : text;
}
