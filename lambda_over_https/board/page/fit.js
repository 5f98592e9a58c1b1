// The page without a scroll bar: where there is more than fits, its letters become smaller. Whoever enlarges them
// with the keys wants that more than to see all at once.

import { byId } from "./text.js";

const SMALLEST = 0.6;
const STEP = 0.04;
const root = document.documentElement;
let due = false;

/** Let all fit, whenever something is drawn or the window has another size. */
export function fitAlways() {
  const changes = { attributeFilter: ["hidden"], characterData: true, childList: true, subtree: true };
  new MutationObserver(fitSoon).observe(document.body, changes);
  addEventListener("resize", fitSoon);
}

function fitSoon() {
  if (!due) requestAnimationFrame(fit);
  due = true;
}

function fit() {
  due = false;
  let size = 1;
  show(size);
  const enlarged = Number(root.style.getPropertyValue("--size")) > 1;
  while (!enlarged && isTooHigh() && size > SMALLEST) show((size -= STEP));
}

const show = (size) => root.style.setProperty("--fit", size);
const isTooHigh = () => [root, byId("exercise")].some((each) => each.scrollHeight > each.clientHeight);
