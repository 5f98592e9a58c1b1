// What is left of buckets and quotas, what the cache answered, what each layer stopped, and the next firing.

import { byId, element, visible } from "./text.js";

const STOPPED = {
  WAF_FILTERED: "stopped by the firewall",
  ACCESS_DENIED: "denied",
  INVALID_API_KEY: "without a valid key",
  THROTTLED: "throttled",
  QUOTA_EXCEEDED: "over the quota",
};
const NAMES = { "stage bucket": "Bucket", "plan bucket": "Bucket of the key" };
const OFTEN = 250; // milliseconds between two looks at a bucket that fills
const MOST_TOKENS = 12; // tokens that are drawn; a larger bucket is told in numbers alone

let tally = null;
let schedules = [];
let meters = [];
let free = false;

/** Count down to the next time of each schedule. */
export function showSchedules(known) {
  schedules = known;
  draw();
}

/** Let a clock run for each thing that costs by the hour. */
export function showMeters(deployment, running) {
  free = deployment?.target === "sandbox";
  meters = running ?? [];
  draw();
}

/** Show the counts; what there is nothing to say of takes no room. */
export function showTally(counted) {
  tally = counted;
  draw();
}

function draw() {
  if (!tally) return;
  const counts = [cache(), ...Object.entries(tally.stopped).map(stopped)];
  const gauges = [...meters.map(cost), ...schedules.map(countdown), ...tally.limits.map(limit), ...counts];
  const texts = gauges.filter(Boolean);
  const place = byId("gauges");
  const before = [...place.children].map((each) => each.textContent).join();
  if (before !== texts.join()) place.replaceChildren(...texts.map((text) => element("li", "", text)));
}

function limit({ name, left, size, rate, at }) {
  if (name === "quota") return `Quota: ${left} of ${size} left`;
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  const now = Math.floor(Math.min(size, left + rate * seconds));
  const drawn = size <= MOST_TOKENS ? `${"●".repeat(now)}${"○".repeat(size - now)} ` : "";
  return `${NAMES[name] ?? visible(name)}: ${drawn}${now} of ${size} tokens, ${rate} more a second`;
}

function cost({ chapter, since, usd_per_hour: rate }) {
  const hours = Math.max(0, (Date.now() - Date.parse(since)) / 3_600_000);
  const end = free ? " on AWS, free here" : "";
  return `Cost clock: ${visible(chapter)}, ${Math.floor(hours * 60)} minutes, ${(rate * hours).toFixed(4)} USD${end}`;
}

function countdown({ name, next }) {
  const seconds = Math.max(0, Math.ceil((Date.parse(next) - Date.now()) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `Schedule ${visible(name)}: ${seconds ? `fires in ${clock}` : "fires now"}`;
}

const cache = () => tally.from_cache && `Cache: answered ${tally.from_cache} of ${tally.requests}`;
const stopped = ([type, count]) => STOPPED[type] && `${count} ${STOPPED[type]}`;

setInterval(draw, OFTEN);
