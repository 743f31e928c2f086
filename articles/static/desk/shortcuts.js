// The keyboard at the desk, and the sheet that lists it. Keys that are a character of their own work outside of fields
// alone, and can be switched off in the sheet (WCAG 2.1.4); nothing is taken while an input method composes.

const sheet = document.getElementById("shortcuts");
const opener = document.getElementById("shortcuts-open");
const single = document.getElementById("shortcuts-single");
const OFF = "desk shortcuts off";

const stored = (act) => {
  try {
    return act(localStorage);
  } catch {
    return null; // a browser that keeps nothing
  }
};
const off = () => stored((kept) => kept.getItem(OFF)) === "1";
const at = (name) => document.querySelector(`[data-key="${name}"]`);

/** Does what an element is for: a field takes the focus, all else is pressed. */
function use(element) {
  if (!element || element.hidden) return false;
  if (element.matches("input:not([type=submit]), textarea")) {
    element.focus();
    element.select();
  } else element.click();
  return true;
}

/** Beside a text, comments.js hears this. */
function remark() {
  return Boolean(document.getElementById("comments")) && document.dispatchEvent(new CustomEvent("desk:comment"));
}

function open() {
  if (sheet.open || document.querySelector("dialog[open]")) return false;
  document.getElementById("me")?.hidePopover?.();
  single.checked = !off();
  sheet.showModal();
  return true;
}

const ANYWHERE = {
  "Ctrl+Shift+Enter": () => use(document.querySelector("[name=_publish]") ?? at("publish")),
  F8: () => finding(1),
  "Shift+F8": () => finding(-1),
  "Shift+F2": remark,
};
const OUTSIDE = {
  "?": open,
  "/": () => use(document.getElementById("searchbar")) || use(at("search")),
  n: () => use(at("new")),
  l: () => use(at("list")),
  h: () => use(at("home")),
  p: () => use(at("preview")),
  c: remark,
};

function finding(step) {
  if (!document.querySelector(".style-panel")) return false;
  document.dispatchEvent(new CustomEvent("desk:finding", { detail: { step } }));
  return true;
}

function typing(target) {
  if (target.isContentEditable || target.closest?.("[role=toolbar], [role=menu]")) return true;
  const field = target.matches?.("input, textarea, select");
  return field && !target.matches("[type=checkbox], [type=radio], [type=submit], [type=button]");
}

if (location.hash === "#searchbar") document.getElementById("searchbar")?.focus();

if (sheet && opener) {
  opener.hidden = false;
  opener.addEventListener("click", open);
  sheet.querySelector(".close").addEventListener("click", () => sheet.close());
  single.addEventListener("change", () => stored((kept) => kept.setItem(OFF, single.checked ? "0" : "1")));

  const heard = (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat || document.querySelector("dialog[open]")) return;
    const control = event.ctrlKey || event.metaKey;
    const name = [control && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift", event.key].filter(Boolean).join("+");
    const quiet = "quiet" in document.body.dataset; // place.js
    const plain = !control && !event.altKey && !typing(event.target) && !quiet && !off();
    const act = ANYWHERE[name] ?? (plain && Object.hasOwn(OUTSIDE, event.key) ? OUTSIDE[event.key] : null);
    if (!act?.()) return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", heard, { capture: true }); // before the writing surface, which keeps Enter
}
