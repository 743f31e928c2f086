// The story form saves itself a few seconds after the last change, and keeps what is not saved yet in this browser.
// It tells who else is here, and leaves the saving to whoever holds the pen. Every save is guarded by the version that
// the form has seen; this script only spares people the waiting.

import { alike, same, Shelf, snapshot } from "desk/kept";

const form = document.getElementById("article_form");
const place = document.getElementById("keeping");

if (form && place) keep(form, place);

function keep(form, place) {
  const REST = 4000; // milliseconds after the last change
  const LONGEST = 15000; // while somebody goes on typing
  const BEAT = 15000;
  const { dataset } = place;
  const words = JSON.parse(dataset.words);
  const told = document.querySelector(".submit-row .autosaved");
  const who = document.getElementById("who-is-here");
  const offer = document.getElementById("kept-offer");
  const stamp = document.querySelector(".submit-row .saved-at");
  const seen = form.elements.seen;
  const shelf = new Shelf(dataset.user);
  const merging = dataset.merging === "True";
  const tab = ownTab();

  let story = dataset.story || `new:${form.elements.begun?.value}`;
  let urls = { save: dataset.autosave, here: dataset.here };
  let saved = document.querySelector(".error-summary") ? null : snapshot(form);
  let sentLast = null; // what was sent, until the server has answered
  let timer = 0;
  let firstChange = 0;
  let running = null;
  let composing = false;
  let paused = false;
  let stuck = false; // until somebody merges, or opens the form anew
  let failures = 0;
  let leaving = false;
  let due = false; // asked for by hand (Ctrl+S), and not done yet

  const values = () => snapshot(form);
  const clean = () => saved !== null && same(values(), saved);

  // --- Keeping ---------------------------------------------------------------------------------------------------
  function shelve() {
    if (clean()) {
      shelf.drop(story);
      return true;
    }
    return shelf.put(story, { seen: seen.value, values: values(), sent: sentLast, headline: form.elements.headline?.value });
  }

  function changed() {
    if (composing) return;
    if (!shelve()) {
      say(words.notKept);
      return; // the guard of unsaved.js stands
    }
    form.dispatchEvent(new CustomEvent("desk:kept"));
    if (clean()) return;
    if (told.classList.contains("done")) say(""); // that was before this change
    if (paused || stuck || merging) say(words.kept);
    else plan();
  }

  function plan(wait = REST) {
    const now = Date.now();
    firstChange ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, failures ? wait : Math.max(0, Math.min(wait, firstChange + LONGEST - now)));
  }

  function say(text, done = false) {
    if (told.textContent !== text) told.textContent = text;
    told.classList.toggle("done", done);
  }

  // --- Saving ----------------------------------------------------------------------------------------------------
  async function save() {
    clearTimeout(timer);
    if (running || leaving || paused || stuck || merging || (clean() && !due)) return;
    if (composing) return plan(1000);
    if (!form.elements.headline?.value.trim()) return say(words.headline);
    firstChange = 0;
    running = send();
    await running;
    running = null;
    if (due && !failures) save();
    else if (!clean() && !failures && !paused && !stuck) plan();
  }

  /** Ctrl+S: saved at once, and the page stays as it is. What this cannot do, the ordinary way does. */
  form.addEventListener("desk:save", (event) => {
    if (!urls.here || merging || paused || stuck || saved === null || !form.elements.headline?.value.trim()) return;
    event.preventDefault();
    due = true;
    say("");
    save();
  });

  function ordinarily() {
    due = false;
    form.requestSubmit(form.querySelector("[name=_continue]"));
  }

  async function send() {
    const sent = values();
    sentLast = sent;
    shelve();
    const data = new FormData(form);
    data.set("tab", tab);
    const byHand = due;
    if (byHand) data.set("how", "saved");
    const answer = await ask(urls.save, data);
    if (!answer) return;
    if (byHand && !answer.version) ordinarily(); // it shows what is wrong, or both sides' changes
    if (answer.version) {
      sentLast = null;
      saved = sent;
      arrive(answer);
      shelve();
      if (byHand) {
        due = false;
        handed(data);
        say(answer.told, true);
      } else say("");
      form.dispatchEvent(new CustomEvent("desk:saved"));
    } else if (answer.stale) {
      stale(answer.stale);
    } else if (answer.errors) {
      say(`${words.wrong} ${Object.entries(answer.errors).map(([name, found]) => `${labelOf(name)}: ${found.join(" ")}`).join(" ")}`);
    } else if (answer.refused) {
      stuck = true;
      say(`${answer.refused} ${words.kept}`);
    }
    if (answer.who !== undefined) company(answer);
  }

  /** After a save: what the form must know of it; a new story's page becomes that story's. */
  function arrive(answer) {
    seen.value = answer.version;
    if (stamp) stamp.innerHTML = answer.saved;
    const mark = document.querySelector(".submit-row .stage");
    if (mark && answer.stage) mark.outerHTML = answer.stage;
    if (!urls.here) {
      shelf.drop(story);
      story = String(answer.number);
      urls = { save: answer.autosave, here: answer.here };
      history.replaceState(history.state, "", answer.address);
      form.action = answer.address;
      const preview = form.querySelector("[formtarget=preview]");
      preview.formAction = answer.preview;
      preview.hidden = false;
      place.dataset.story = story;
    }
  }

  /** Whoever has the story in hand now, and by when: from here on, only another choice is a change. */
  function handed(sent) {
    for (const name of ["assignee", "due_at"]) {
      const first = form.elements[`initial-${name}`];
      if (first && sent.has(name)) first.value = sent.get(name);
    }
    form.dispatchEvent(new CustomEvent("desk:handed"));
  }

  /** The answer of our own pages; null where there is none that could be used, and then it is tried again. */
  async function ask(url, data, again = true) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual", credentials: "same-origin",
        signal: AbortSignal.timeout(20000),
      });
    } catch {
      return later(words.offline);
    }
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    if (isOurs && [200, 409, 422].includes(response.status)) {
      failures = 0;
      return response.json();
    }
    if (response.status === 204) return {};
    const ended = response.status === 401 || response.status === 403 || response.type === "opaqueredirect";
    if (ended && again && (await freshToken())) {
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      return ask(url, data, false);
    }
    return later(ended ? words.ended : response.status === 404 ? words.gone : words.offline);
  }

  function later(text) {
    failures += 1;
    if (!clean() || due) say(text);
    plan(Math.min(60000, 2500 * 2 ** Math.min(failures, 5)));
    return null;
  }

  /** After logging in anew, elsewhere: this form's token is the old session's. Only for the same person. */
  async function freshToken() {
    try {
      const response = await fetch(urls.here ? location.pathname : location.href, { redirect: "manual", credentials: "same-origin" });
      if (!response.ok) return false;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const token = page.querySelector("#article_form [name=csrfmiddlewaretoken]")?.value;
      if (!token || page.getElementById("keeping")?.dataset.user !== dataset.user) return false;
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      return true;
    } catch {
      return false;
    }
  }

  function stale(text) {
    stuck = true;
    shelve();
    say(`${text} ${words.kept}`);
    document.getElementById("merge-now").hidden = false;
  }

  function labelOf(name) {
    return form.querySelector(`label[for=id_${name}]`)?.textContent.trim() || name;
  }

  // --- Who is here -----------------------------------------------------------------------------------------------
  async function beat(act = "") {
    if (!urls.here || leaving) return;
    const before = seen.value;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("tab", tab);
    data.set("seen", before);
    if (act) data.set("act", act);
    const quiet = failures; // a sign of life that is not heard is no news; a save that is not, is
    const answer = await ask(urls.here, data);
    if (!answer) {
      if (clean()) failures = quiet;
      return;
    }
    if (answer.who === undefined) return;
    if (act === "take-over") paused = false;
    company(answer);
    if (answer.stale && !running && seen.value === before && !stuck && !merging) {
      if (clean()) {
        say(`${answer.stale} ${words.reload}`);
        stuck = true;
        document.getElementById("merge-now").hidden = false;
      } else stale(answer.stale);
    }
    if (!paused && !clean() && !running) plan(failures ? 1000 : REST);
  }

  function company(answer) {
    if (who.innerHTML.trim() !== answer.who) who.innerHTML = answer.who;
    const before = paused;
    paused = !answer.holds;
    if (paused && !clean()) say(words.kept);
    if (before && !paused && !clean()) plan(500);
  }

  who?.addEventListener("click", (event) => {
    if (event.target.closest("[data-act=take-over]")) beat("take-over"); // then what is kept is saved
  });

  // --- What was found --------------------------------------------------------------------------------------------
  function look() {
    shelf.tidy();
    if (dataset.begunKey) {
      const mine = shelf.get(`new:${dataset.begunKey}`);
      if (mine && alike(mine.values, values())) shelf.drop(`new:${dataset.begunKey}`);
    }
    const names = dataset.story ? [story, ...(dataset.begunKey ? [`new:${dataset.begunKey}`] : [])]
      : shelf.stories().filter((name) => name.startsWith("new:"));
    for (const name of names) {
      const entry = shelf.get(name);
      if (!entry) continue;
      const now = values();
      const mine = entry.submitted && next(entry);
      if (saved && (same(entry.values, now) || (mine && alike(entry.values, now)))) shelf.drop(name);
      else if (saved) return propose(name, entry, now);
    }
  }

  /** Whether what stands is the save that came next to what was kept, and one's own. */
  const next = (entry) => Number(dataset.version) === Number(entry.seen) + 1 && dataset.mine === "True";

  function propose(name, entry, now) {
    const text = offer.querySelector("[data-part=when]");
    text.textContent = new Date(entry.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
    const list = offer.querySelector("[data-part=list]");
    list.replaceChildren();
    for (const [field, value] of Object.entries(entry.values)) {
      if (field.startsWith("credits-") || (value ?? "") === (now[field] ?? "")) continue;
      const term = document.createElement("dt");
      term.textContent = labelOf(field);
      const was = document.createElement("dd");
      was.className = "stands";
      was.textContent = plain(now[field]) || "–";
      const found = document.createElement("dd");
      found.className = "found";
      found.textContent = plain(value) || "–";
      list.append(term, was, found);
    }
    offer.hidden = false;
    offer.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act === "put-back") {
        if (name !== story) shelf.drop(name);
        putBack(entry);
      }
      if (act === "discard") shelf.drop(name);
      if (act) {
        offer.hidden = true;
        (document.querySelector(".desk-editor__text") ?? form.elements.headline)?.focus();
      }
    });
  }

  function plain(html) {
    if (!html?.includes("<")) return html ?? "";
    const page = new DOMParser().parseFromString(html.replace(/<\/(p|h2|h3|li)>/g, "\n$&"), "text/html");
    return page.body.textContent.trim();
  }

  function putBack(entry) {
    const rows = Number(entry.values["credits-TOTAL_FORMS"] ?? 0);
    for (let more = 0; more < 50 && Number(form.elements["credits-TOTAL_FORMS"]?.value) < rows; more += 1) {
      const add = document.querySelector("#credits-group .add-row a");
      if (!add) break;
      add.click();
    }
    const now = values();
    const own = entry.sent && (same(entry.sent, now) || (next(entry) && alike(entry.sent, now)));
    if (!own) seen.value = entry.seen; // what it was typed over; one's own save is no conflict
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" && !/^credits-\d+-/.test(field.name) || !(field.name in now || field.name in entry.values)) continue;
      if (/^credits-(TOTAL|INITIAL)/.test(field.name)) continue;
      if (field.type === "checkbox") field.checked = field.name in entry.values;
      else if (field.name in entry.values) field.value = entry.values[field.name];
      field.dispatchEvent(new Event("desk:put"));
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- What happens ----------------------------------------------------------------------------------------------
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("formset:removed", changed);
  document.addEventListener("compositionstart", () => (composing = true), true);
  document.addEventListener("compositionend", () => {
    composing = false;
    setTimeout(changed);
  }, true);
  addEventListener("online", () => {
    failures = 0;
    beat();
    save();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
    else beat();
  });

  // A save by hand waits for the one that is on its way, whose version it must have seen.
  document.addEventListener("submit", async (event) => {
    if (event.target !== form || event.submitter?.formTarget) return;
    if (running) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      await running;
      form.requestSubmit(submitter);
      return;
    }
    leaving = true;
    due = false;
    clearTimeout(timer);
    sentLast = values(); // what is typed while this is on its way is kept beside it
    if (!clean()) shelf.put(story, { seen: seen.value, values: sentLast, sent: sentLast, submitted: true });
  }, true);
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("pagehide", () => {
    sessionStorage.setItem("desk-tab", tab);
    if (!urls.here) return;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("tab", tab);
    data.set("act", "leave");
    navigator.sendBeacon(urls.here, data);
  });

  look();
  if (saved === null) changed();
  beat();
  setInterval(beat, BEAT);
}

/** This window's name. A reload keeps it; a second window never has the same. */
function ownTab() {
  let tab = "";
  try {
    tab = sessionStorage.getItem("desk-tab") ?? "";
    sessionStorage.removeItem("desk-tab");
  } catch {
    // without storage every page is a window of its own
  }
  return tab || crypto.getRandomValues(new Uint32Array(4)).join("-");
}
