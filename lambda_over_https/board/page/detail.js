// The details of what was chosen, over the page.

import { byId, element, visible } from "./text.js";

/** Open a dialog with parts of a name and a text. */
export function openDetail(title, parts) {
  byId("detail-title").textContent = visible(title);
  const body = parts.flatMap(([name, text]) => [element("h3", "", name), element("pre", "", text || "(empty)")]);
  byId("detail-body").replaceChildren(...body);
  byId("detail").showModal();
}
