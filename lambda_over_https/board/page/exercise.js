// The question of a drill or an experiment fills the page. The presenter counts the class's hands with the keys 1
// to 3. It makes way for the real request, and comes back to say why.

import { whenStill } from "./journey.js";
import { byId, element, show } from "./text.js";

const REST = 1500; // milliseconds that the request's end stays in sight before the reason covers it

let asked = null;
let votes = [];

/** Show the question as it stands now; `now` is false for one that was there before the page was opened. */
export function showExercise(exercise, now = true) {
  if (!exercise) return;
  const other = asked?.name !== exercise.name || (asked.truth && !exercise.truth);
  if (other) votes = exercise.choices.map(() => []);
  asked = exercise;
  if (exercise.truth) {
    if (now) whenStill(() => setTimeout(() => asked === exercise && open(), REST));
  } else if (exercise.predicted) close();
  else open();
}

/** Count a vote for the answer with that number, from 1; true if there was a question to vote on. */
export function vote(number) {
  if (byId("exercise").hidden || asked.truth || !votes[number - 1]) return false;
  votes[number - 1].push(number);
  draw();
  return true;
}

/** Count again from nothing; true if there was a question to vote on. */
export function clearVotes() {
  if (byId("exercise").hidden || asked.truth) return false;
  votes = votes.map(() => []);
  draw();
  return true;
}

/** Make way for the picture; true if there was something in the way. */
export function close() {
  const was = !byId("exercise").hidden;
  cover(false);
  return was;
}

function open() {
  cover(true);
  draw();
}

/** Cover the page with the question, or uncover it; no key reaches what is covered. */
function cover(covered) {
  byId("exercise").hidden = !covered;
  document.querySelector("main").inert = covered;
}

function draw() {
  show("exercise-title", `${asked.exercise === "drill" ? "Drill" : "Chapter"}: ${asked.title}`);
  show("exercise-story", asked.story, "story");
  show("exercise-question", asked.question);
  byId("exercise-choices").replaceChildren(...asked.choices.map(choice));
  show("exercise-why", asked.why, "why");
  const hint = asked.truth ? "Esc: back to the picture" : "1 2 3: count a hand · 0: count again · Esc: the picture";
  show("exercise-hint", hint, "hint");
}

function choice(text, index) {
  const letter = "abc"[index] ?? String(index + 1);
  const right = asked.truth === letter;
  const said = asked.said === letter ? " ← predicted" : "";
  const mark = asked.truth ? (right ? "✓" : "✗") : letter;
  const words = element("span", "", element("bdi", "", text), said);
  const made = element("li", right ? "right" : "", element("span", "letter", mark), words);
  const hands = votes[index]?.length ?? 0;
  if (hands) made.append(element("span", "hands", `${hands} ${hands === 1 ? "hand" : "hands"}`));
  return made;
}
