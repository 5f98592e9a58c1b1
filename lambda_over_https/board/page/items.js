// What the table holds: the first items, and how many there are.

import { byId, element, show } from "./text.js";

/** Show the items; null if there is no table to look at. */
export function showItems(found) {
  const rest = found ? found.count - found.items.length : 0;
  show("count", found ? counted(found.count) : "");
  const rows = (found?.items ?? []).map((item) => element("li", "", element("bdi", "", item)));
  if (rest > 0) rows.push(element("li", "", `… and ${rest} more`));
  byId("items").replaceChildren(...rows);
}

const counted = (count) => (count === 1 ? "1 item" : `${count || "no"} items`);
