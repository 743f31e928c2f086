// The bell in the header asks now and then how many notices wait, so that a new one is there without a reload.
const EVERY = 30_000; // milliseconds
const bell = document.querySelector("a.bell");
const told = document.getElementById("bell-told");
let etag = null;
let timer = 0;

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return; // asked again as soon as somebody looks
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(bell.dataset.ask, { headers, cache: "no-store", redirect: "manual" });
    if (answer.status === 200) { // else nothing is new, or one is logged out and may log in again in another window
      const { shown, words } = await answer.json();
      if (shown && words !== bell.title) told.textContent = words;
      etag = answer.headers.get("ETag");
      bell.querySelector(".count").textContent = shown;
      bell.title = words;
      bell.setAttribute("aria-label", words);
    }
  } catch {
    // no network: asked again
  }
  timer = setTimeout(ask, EVERY);
}

if (bell) {
  timer = setTimeout(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
