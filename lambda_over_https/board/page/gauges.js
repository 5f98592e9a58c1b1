// What is left of buckets and quotas, what the cache answered, and what each layer stopped.

import { byId, element } from "./text.js";

const STOPPED = {
  WAF_FILTERED: "stopped by the firewall",
  ACCESS_DENIED: "denied",
  INVALID_API_KEY: "without a valid key",
  THROTTLED: "throttled",
  QUOTA_EXCEEDED: "over the quota",
};
const OFTEN = 250; // milliseconds between two looks at a bucket that fills
const MOST_TOKENS = 12; // tokens that are drawn; a larger bucket is told in numbers alone

let tally = null;

/** Show the counts; what there is nothing to say of takes no room. */
export function showTally(counted) {
  tally = counted;
  draw();
}

function draw() {
  if (!tally) return;
  const gauges = [...tally.limits.map(limit), cache(), ...Object.entries(tally.stopped).map(stopped)];
  const texts = gauges.filter(Boolean);
  const place = byId("gauges");
  const before = [...place.children].map((each) => each.textContent).join();
  if (before !== texts.join()) place.replaceChildren(...texts.map((text) => element("li", "", text)));
}

function limit({ name, left, size, rate, at }) {
  if (name !== "bucket") return `Quota: ${left} of ${size} left`;
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  const now = Math.floor(Math.min(size, left + rate * seconds));
  const drawn = size <= MOST_TOKENS ? `${"●".repeat(now)}${"○".repeat(size - now)} ` : "";
  return `Bucket: ${drawn}${now} of ${size} tokens, ${rate} more a second`;
}

const cache = () => tally.from_cache && `Cache: answered ${tally.from_cache} of ${tally.requests}`;
const stopped = ([type, count]) => STOPPED[type] && `${count} ${STOPPED[type]}`;

setInterval(draw, OFTEN);
