// The details of what was chosen, over the page.

import { remembered } from "./chosen.js";
import { byId, element, visible } from "./text.js";

/** Open a dialog with parts of a name and a text. */
export function openDetail(title, parts) {
  const body = parts.flatMap(([name, text]) => [element("h3", "", name), element("pre", "", text || "(empty)")]);
  byId("detail-body").replaceChildren(...body);
  openOver(title);
}

/** Open the dialog under this title; whoever closes it is where they were. */
export function openOver(title) {
  byId("detail-title").textContent = visible(title);
  byId("detail").addEventListener("close", remembered(), { once: true });
  byId("detail").showModal();
}
