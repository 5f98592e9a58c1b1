// Everything that is shown goes through here. Names, bodies and log lines are other people's words: they become
// text, never markup.

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with control characters, and those that turn the reading direction, as the codes they are. */
export function visible(text) {
  return String(text).replace(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A new element with a class and text or children. */
export function element(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  for (const child of children) made.append(typeof child === "object" ? child : visible(child));
  return made;
}

/** A name that may be broken where its words meet, as in DynamoDB-Operations, but nowhere else if it fits. */
export function breakable(name) {
  const pieces = visible(name).split(/(?<=[A-Za-z0-9])(?=[A-Z][a-z])|(?<=[-/_.])(?=\w)/);
  return element("bdi", "name", ...pieces.flatMap((piece) => [piece, document.createElement("wbr")]));
}

export const byId = (id) => document.getElementById(id);

/** Replace what an element holds, unless it holds just that text already: nothing is read aloud twice. */
export function show(id, text, classes = "") {
  const place = byId(id);
  if (place.textContent !== visible(text)) place.textContent = visible(text);
  place.className = classes;
}

/** A time in words short enough for a row. */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
