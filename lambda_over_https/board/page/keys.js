// The presenter's keys. They change what is shown, and nothing else.

import { isPaused, next, pause } from "./stream.js";
import { byId } from "./text.js";

const root = document.documentElement;
let size = 1;

function resize(factor) {
  size = Math.min(2.5, Math.max(1, size * factor));
  root.style.setProperty("--size", String(size));
  dispatchEvent(new Event("resize")); // for whoever goes by the room there is
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen().catch(() => {}); // the browser may forbid it; the page stays as it is
}

const help = () => byId("help").showModal();

const everywhere = {
  p: pause,
  " ": () => isPaused() && next(),
  f: fullScreen,
  d: () => root.classList.toggle("dark"),
  "+": () => resize(1.1),
  "=": () => resize(1.1),
  "-": () => resize(1 / 1.1),
  "?": help,
};

/** The keys that also work over an open dialog. There space presses its buttons, Escape closes it, the digits
 * belong to the question behind it, and a second dialog would be one too many. */
const IN_DIALOGS = new Set(["p", "f", "d", "+", "=", "-", "n"]);

/** Obey the keys that every page has, and those of this one. */
export function obey(own) {
  const keys = { ...everywhere, ...own };
  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    const zooming = ["+", "=", "-"].includes(event.key); // the browser's own zoom has no effect on this page's sizes
    const withOthers = event.altKey || ((event.ctrlKey || event.metaKey) && !zooming);
    const elsewhere = document.querySelector("dialog[open]") && !IN_DIALOGS.has(event.key);
    const pressing = event.key === " " && event.target instanceof HTMLButtonElement && !isPaused();
    if (!act || withOthers || elsewhere || pressing) return;
    event.preventDefault();
    act();
  });
  byId("keys").addEventListener("click", help);
  root.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
}
