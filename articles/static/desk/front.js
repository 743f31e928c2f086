// The front editor: slots are moved by dragging, by keys and by buttons, and shown as they will look. Without this script
// each button sends the form, and the server does the same.
import { openChooser } from "desk-editor/chooser";
import { fill } from "desk-editor/dom";
import { drag } from "desk/front-drag";

const form = document.getElementById("front_form");
const list = document.getElementById("slots");
const told = document.getElementById("front-told");
const undo = document.getElementById("front-undo");
const stories = document.getElementById("candidates");
const question = document.getElementById("candidate-q");
const readers = document.getElementById("candidate-readers");
const settings = JSON.parse(document.getElementById("chooser-words").textContent);
const words = list.dataset;
let removed = null; // the slot taken out last, and what it stood before
let rows = list.children.length;

const slots = () => [...list.children];
const nameOf = (slot) => slot.querySelector(".shown").textContent.trim();
const handleOf = (slot) => slot.querySelector(".handle");
const fieldOf = (slot, name) => slot.querySelector(`[data-field=${name}]`);

/** Says what has become of a slot, for those who hear the page; and below the list for all. */
function tell(message, slot, undoable = false) {
  const place = slots().indexOf(slot) + 1;
  told.textContent = fill(message, { name: nameOf(slot), place, count: slots().length });
  undo.hidden = !undoable;
}

/** After any change: places are counted, what stands on the front is marked beside it, and leaving asks. */
function settle(changed = true) {
  const all = slots();
  all.forEach((slot, place) => (slot.querySelector(".slot-place").textContent = place + 1));
  form.querySelector(".slots-empty").hidden = all.length > 0;
  const here = new Set(all.map((slot) => slot.dataset.story));
  for (const one of stories.querySelectorAll(".candidate")) {
    const taken = here.has(one.dataset.story);
    one.classList.toggle("taken", taken);
    for (const button of one.querySelectorAll("button")) button.disabled = taken;
  }
  if (changed) form.dispatchEvent(new Event("change", { bubbles: true }));
}

// --- a slot as it will look ------------------------------------------------------------------------------------------
function show(slot) {
  const shown = slot.querySelector(".shown");
  const own = fieldOf(slot, "headline").value.trim();
  const language = fieldOf(slot, "language")?.value;
  shown.textContent = own || shown.dataset.own;
  shown.lang = (own && language) || shown.dataset.lang;
  fieldOf(slot, "headline").lang = language || shown.dataset.lang;
  for (const one of slot.querySelectorAll(".named")) one.textContent = ` ${shown.textContent}`;
  for (const button of slot.querySelectorAll(".slot-acts button")) {
    button.setAttribute("aria-label", `${words[button.dataset.act]}: ${shown.textContent}`);
  }
  const mark = fieldOf(slot, "mark");
  const flag = slot.querySelector(".slot-flag");
  flag.hidden = !mark.value;
  flag.className = `slot-flag ${mark.value}`;
  flag.textContent = mark.value ? mark.selectedOptions[0].textContent : "";
  const picture = slot.querySelector(".slot-picture");
  const number = fieldOf(slot, "picture").value.trim();
  const source = /^\d+$/.test(number) ? settings.urls.thumb.replace("{id}", number) : picture.dataset.own;
  if (source) picture.src = source;
  picture.hidden = !source;
  const buttons = slot.querySelector(".buttons");
  if (buttons) {
    buttons.firstChild.textContent = number ? words.other : words.choose;
    buttons.lastChild.hidden = !number;
  }
}

/** The field for a picture's number becomes a choice by eye. */
function equip(slot) {
  const field = fieldOf(slot, "picture");
  const buttons = document.createElement("div");
  const make = (act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", act);
    buttons.append(button);
    return button;
  };
  const pick = (picture) => {
    field.value = picture.id;
    show(slot);
    settle();
    choose.focus();
  };
  buttons.className = "buttons";
  const choose = make(() => openChooser(settings, pick, () => choose.focus()));
  make(() => pick({ id: "" })).textContent = words.own;
  choose.setAttribute("aria-labelledby", `${field.id}-label ${field.id}-choose`);
  choose.id = `${field.id}-choose`;
  field.parentElement.querySelector("label").id = `${field.id}-label`;
  field.parentElement.classList.add("has-chooser");
  field.after(buttons);
  handleOf(slot).hidden = false;
  slot.querySelector(".slot-picture").addEventListener("error", (event) => (event.target.hidden = true));
  show(slot);
}

function made(story) {
  if (slots().length >= Number(words.most)) {
    told.textContent = words.full;
    undo.hidden = true;
    return null;
  }
  const html = document.getElementById("slot-template").innerHTML;
  const place = document.createElement("ol");
  place.innerHTML = html.replaceAll("NEW", `n${++rows}`);
  const slot = place.firstElementChild;
  const { story: key, seen, headline, lang, thumb, facts, link } = story.dataset;
  const shown = slot.querySelector(".shown");
  slot.dataset.story = key;
  slot.querySelector("[name$=-story]").value = key;
  slot.querySelector("[name$=-seen]").value = seen;
  Object.assign(shown.dataset, { own: headline, lang });
  fieldOf(slot, "headline").placeholder = headline;
  slot.querySelector(".slot-picture").dataset.own = thumb;
  slot.querySelector(".slot-facts").textContent = facts;
  slot.querySelector(".slot-link").href = link;
  const script = fieldOf(slot, "language");
  if (lang.startsWith("zh")) {
    script.append(document.getElementById("slot-languages").content.cloneNode(true));
    script.value = lang;
  } else {
    slot.querySelector(".slot-language").remove();
  }
  equip(slot);
  return slot;
}

// --- what is done to slots -------------------------------------------------------------------------------------------
function move(slot, to, message = words.moved) {
  const others = slots().filter((one) => one !== slot);
  const focused = document.activeElement;
  list.insertBefore(slot, others[Math.max(0, Math.min(to, others.length))] ?? null);
  if (slot.contains(focused)) focused.focus();
  slot.scrollIntoView({ block: "nearest" });
  settle();
  tell(message, slot);
}

function takeOut(slot) {
  const next = slot.nextElementSibling ?? slot.previousElementSibling;
  removed = { slot, before: slot.nextElementSibling };
  slot.remove();
  settle();
  told.textContent = fill(words.removed, { name: nameOf(slot) });
  undo.hidden = false;
  (next ? handleOf(next) : question).focus();
}

function add(story, first) {
  const slot = made(story);
  if (!slot) return;
  list.insertBefore(slot, first ? list.firstElementChild : null);
  settle();
  tell(words.added, slot);
  handleOf(slot).focus();
}

undo.addEventListener("click", () => {
  if (!removed) return;
  const { slot, before } = removed;
  list.insertBefore(slot, before?.isConnected ? before : null);
  removed = null;
  settle();
  tell(words.back, slot);
  handleOf(slot).focus();
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  event.preventDefault();
  const slot = button.closest(".slot");
  const place = slots().indexOf(slot);
  const act = button.dataset.act;
  if (act === "add" || act === "lead") add(button.closest(".candidate"), act === "lead");
  else if (act === "remove") takeOut(slot);
  else move(slot, { up: place - 1, down: place + 1, top: 0 }[act]);
});

for (const name of ["input", "change"]) {
  list.addEventListener(name, ({ target }) => {
    const slot = target.closest(".slot");
    if (slot) show(slot);
  });
}

// --- by keys ---------------------------------------------------------------------------------------------------------
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
let grabbed = null; // { slot, from }

function letGo(message, place) {
  const { slot } = grabbed;
  handleOf(slot).removeAttribute("aria-pressed");
  slot.classList.remove("grabbed");
  grabbed = null;
  if (place !== undefined) move(slot, place, message);
  else tell(message, slot);
}

list.addEventListener("keydown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle || event.ctrlKey || event.metaKey) return;
  const slot = handle.closest(".slot");
  const place = slots().indexOf(slot);
  if (event.key in STEPS && (event.altKey || grabbed?.slot === slot)) {
    move(slot, place + STEPS[event.key]);
  } else if (event.key === "Home" && (event.altKey || grabbed?.slot === slot)) {
    move(slot, 0);
  } else if (event.key === " " || event.key === "Enter") {
    if (grabbed?.slot === slot) letGo(words.dropped);
    else {
      grabbed = { slot, from: place };
      handle.setAttribute("aria-pressed", "true");
      slot.classList.add("grabbed");
      tell(words.grabbed, slot);
    }
  } else if (event.key === "Escape" && grabbed?.slot === slot) {
    letGo(words.back, grabbed.from);
  } else if (event.key in STEPS) {
    const next = slots()[place + STEPS[event.key]];
    if (next) handleOf(next).focus();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    if (grabbed) letGo(words.dropped);
    takeOut(slot);
  } else return;
  event.preventDefault();
});
list.addEventListener("focusout", (event) => {
  if (grabbed && event.target === handleOf(grabbed.slot) && event.relatedTarget) letGo(words.dropped);
});

// --- by pointer ------------------------------------------------------------------------------------------------------
list.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle");
  if (!handle) return;
  const slot = handle.closest(".slot");
  handle.focus();
  drag(event, {
    list,
    item: slot,
    drop: (one, out) => {
      one.classList.remove("leaving");
      handle.focus();
      if (out) takeOut(one);
      else {
        settle();
        tell(words.dropped, one);
      }
    },
    cancel: (one) => tell(words.back, one),
  });
});
stories.addEventListener("pointerdown", (event) => {
  const story = event.target.closest(".candidate:not(.taken)");
  if (!story || event.target.closest("button, a") || (event.pointerType === "touch" && !event.target.closest(".grip"))) return;
  drag(event, {
    list,
    item: null,
    make: () => made(story),
    drop: (one, out) => {
      if (out) return;
      settle();
      tell(words.added, one);
      handleOf(one).focus();
    },
    cancel: () => settle(false),
  });
});

// --- the stories beside ----------------------------------------------------------------------------------------------
let asked = null;
let waiting = 0;

async function seek(cursor = "") {
  asked?.abort();
  const mine = (asked = new AbortController());
  const address = new URL(stories.dataset.url, document.baseURI);
  for (const [name, value] of Object.entries({ query: question.value, readers: readers.value, cursor })) {
    address.searchParams.set(name, value);
  }
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: mine.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const { html } = await answer.json();
    stories.innerHTML = html;
    for (const grip of stories.querySelectorAll(".grip")) grip.hidden = false;
    settle(false);
  } catch {
    if (!mine.signal.aborted) told.textContent = stories.dataset.failed;
  }
}

for (const name of ["input", "change"]) {
  question.addEventListener(name, (event) => event.stopPropagation()); // seeking changes no arrangement
  readers.addEventListener(name, (event) => event.stopPropagation());
}
question.addEventListener("input", (event) => {
  clearTimeout(waiting);
  if (!event.isComposing) waiting = setTimeout(seek, 250);
});
question.addEventListener("compositionend", () => seek());
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  seek();
});
readers.addEventListener("change", () => seek());
form.querySelector("[name=search]").addEventListener("click", (event) => {
  event.preventDefault();
  seek();
});
stories.addEventListener("click", (event) => {
  const older = event.target.closest("[data-older]");
  if (!older) return;
  event.preventDefault();
  seek(older.dataset.older);
});

for (const slot of slots()) equip(slot);
for (const grip of stories.querySelectorAll(".grip")) grip.hidden = false;
document.getElementById("handle-hint").hidden = false;
settle(false);
