// While somebody types into the search field, names and headlines that begin so are offered below it, each a link. An
// input method is left alone until a word is chosen. Without this script the field is a field.
const field = document.querySelector("input[data-suggest]");
const WAIT = 150; // milliseconds after the last key
const label = field?.dataset.label ?? "";
let list = null;
let chosen = -1;
let timer = 0;
let asked = 0;

const said = document.createElement("p");
said.className = "aside";
said.setAttribute("role", "status");

function close() {
  clearTimeout(timer);
  asked += 1;
  list?.remove();
  [list, chosen] = [null, -1];
  field.setAttribute("aria-expanded", "false");
  for (const name of ["aria-activedescendant", "aria-controls"]) field.removeAttribute(name);
}

function show(found) {
  close();
  said.textContent = found.length ? `${label}: ${found.length}` : "";
  if (!found.length) return;
  list = document.createElement("div");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  found.forEach(({ kind, name, url, lang }, place) => {
    const row = document.createElement("a");
    row.href = url;
    row.tabIndex = -1;
    row.id = `suggestion-${place}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const words = document.createElement("span");
    words.textContent = name;
    if (lang) words.lang = lang;
    const note = document.createElement("small");
    note.textContent = kind;
    row.append(words, note);
    list.append(row);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field.parentElement.append(list);
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", list.id);
}

async function ask() {
  const typed = field.value.trim();
  if (!typed) return show([]);
  const number = (asked += 1);
  const address = new URL(field.dataset.suggest, location.href);
  address.searchParams.set("q", typed.slice(0, 40));
  try {
    const answer = await fetch(address, { credentials: "omit" });
    const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
    if (number === asked && document.activeElement === field) show(suggestions);
  } catch {
    close(); // out of reach: the form can be sent all the same
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

function point(place) {
  const rows = list.children;
  rows[chosen]?.setAttribute("aria-selected", "false");
  chosen = (place + rows.length + 1) % (rows.length + 1); // one past the last: the field itself
  if (chosen === rows.length) {
    chosen = -1;
    return field.removeAttribute("aria-activedescendant");
  }
  rows[chosen].setAttribute("aria-selected", "true");
  rows[chosen].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", rows[chosen].id);
}

function press(event) {
  if (!list || event.isComposing || event.keyCode === 229) return;
  if (event.key === "ArrowDown") point(chosen + 1);
  else if (event.key === "ArrowUp") point(chosen < 0 ? list.children.length - 1 : chosen - 1);
  else if (event.key === "Enter" && chosen >= 0) list.children[chosen].click();
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

if (field) {
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false" };
  for (const [name, value] of Object.entries(states)) field.setAttribute(name, value);
  field.parentElement.append(said);
  field.addEventListener("input", (event) => event.isComposing || later());
  field.addEventListener("compositionend", later);
  field.addEventListener("keydown", press);
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
}
