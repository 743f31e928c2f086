// What a field with data-suggest may mean is offered below it while somebody types. data-suggest: where to ask, by ?q=;
// data-suggest-parted: what parts several things in one field ("," of any script, or a line break). Without this script
// names and codes are typed in full.
const words = document.getElementById("suggest-words")?.dataset ?? {};
const WAIT = 200; // milliseconds after the last key
const COMMAS = /[,，、;；]/;
let field = null;
let list = null;
let told = null;
let chosen = -1;
let timer = 0;
let asked = 0;
let shown = ""; // what the open list was asked for

document.addEventListener("input", (event) => {
  if (!event.target.dataset?.suggest || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT, event.target);
});

document.addEventListener("compositionend", (event) => {
  if (!event.target.dataset?.suggest) return;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT, event.target);
});

document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field || event.isComposing) return;
  const rows = list.children.length;
  if (event.key === "ArrowDown") point((chosen + 1) % rows);
  else if (event.key === "ArrowUp") point((chosen + rows - 1) % rows);
  else if (event.key === "Enter" && chosen >= 0) put(list.children[chosen].dataset.value);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("focusout", (event) => {
  if (event.target === field) close();
});

function part(at) {
  const parted = at.dataset.suggestParted;
  const end = at.selectionStart ?? at.value.length;
  let start = 0;
  let stop = at.value.length;
  const parts = (letter) => (parted === "," ? COMMAS.test(letter) : letter === parted);
  if (parted) {
    for (start = end; start > 0 && !parts(at.value[start - 1]); ) start -= 1;
    for (stop = end; stop < at.value.length && !parts(at.value[stop]); ) stop += 1;
  }
  return { start, stop, typed: at.value.slice(start, end).trim() };
}

async function ask(at) {
  const { typed } = part(at);
  if (list && at === field && typed === shown) return; // what is pointed at stays so
  const number = (asked += 1);
  if (!typed) return close();
  const address = new URL(at.dataset.suggest, location.href);
  address.searchParams.set("q", typed);
  if (words.topic) address.searchParams.set("topic", words.topic);
  let found = [];
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.ok) found = (await answer.json()).found;
  } catch {
    return close(); // out of reach: what is typed is read by the server all the same
  }
  if (number !== asked || document.activeElement !== at) return;
  show(at, found);
  shown = typed;
}

function show(at, found) {
  close();
  if (!found.length) return;
  field = at;
  list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${at.id}_suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.label ?? "");
  found.forEach(({ value, more }, place) => {
    const row = document.createElement("li");
    row.id = `${list.id}_${place}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.dataset.value = value;
    row.append(value);
    if (more) {
      const note = document.createElement("small");
      note.textContent = more;
      row.append(" ", note);
    }
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      put(value);
    });
    list.append(row);
  });
  at.setAttribute("aria-controls", list.id);
  at.setAttribute("aria-autocomplete", "list");
  at.after(list);
  if (!told) {
    told = document.createElement("p");
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    document.body.append(told);
  }
  told.textContent = `${words.label ?? ""}: ${found.length}`;
}

function point(place) {
  list.children[chosen]?.setAttribute("aria-selected", "false");
  chosen = place;
  const row = list.children[chosen];
  row.setAttribute("aria-selected", "true");
  row.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", row.id);
}

function put(value) {
  const at = field;
  const { start, stop } = part(at);
  const parted = at.dataset.suggestParted;
  const before = parted === "," && start > 0 ? " " : "";
  const last = stop === at.value.length;
  const after = last && parted ? (parted === "," ? ", " : parted) : "";
  at.value = at.value.slice(0, start) + before + value + after + at.value.slice(stop);
  const caret = start + before.length + value.length + after.length;
  at.setSelectionRange(caret, caret);
  close();
  at.dispatchEvent(new Event("input", { bubbles: true }));
  at.dispatchEvent(new Event("change", { bubbles: true }));
}

function close() {
  list?.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  [field, list, chosen] = [null, null, -1];
}
