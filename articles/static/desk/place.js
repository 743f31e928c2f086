// The Save button brings the story form anew; whoever writes goes on where they were, caret, scroll and all. Until they
// click, or move by a key, no single key is a shortcut (shortcuts.js): what they type goes on being words.
const KEPT = "desk-place";
const LONGEST = 60_000; // milliseconds: a save is not slower
const form = document.getElementById("article_form");
const surface = () => document.querySelector(".desk-editor__text");
let last = null; // the field that had the focus before the button

const remembered = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null; // a browser that keeps nothing
  }
};

/** Where the focus is, and the caret in it. */
function caret() {
  if (!last) return {};
  if (last !== surface()) return { field: last.id, from: last.selectionStart, to: last.selectionEnd };
  const { from, to } = last.editor.state.selection;
  return { from, to };
}

function goOn({ field, from, to, scroll }) {
  const { editor } = surface() ?? {};
  if (field) {
    const line = document.getElementById(field);
    line?.focus({ preventScroll: true });
    if (typeof from === "number") line?.setSelectionRange(from, to);
  } else if (from !== undefined && editor?.isEditable) {
    editor.commands.setTextSelection({ from, to });
    editor.view.focus();
  }
  scrollTo({ top: scroll, behavior: "instant" });
}

function quiet() {
  document.body.dataset.quiet = "";
  const events = ["pointerdown", "keydown"];
  const end = (event) => {
    if (event.type === "keydown" && event.key.length === 1) return;
    delete document.body.dataset.quiet;
    for (const name of events) document.removeEventListener(name, end);
  };
  for (const name of events) document.addEventListener(name, end);
}

if (form) {
  const note = (target) => {
    if (target === surface() || target.matches("#article_form :is(input:not([type=submit]), select, textarea)[id]")) last = target;
  };
  form.addEventListener("focusin", ({ target }) => note(target));
  note(document.activeElement);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.name !== "_continue") return;
    const place = { ...caret(), scroll: scrollY, path: location.pathname, at: Date.now() };
    remembered((kept) => kept.setItem(KEPT, JSON.stringify(place)));
  });

  const place = JSON.parse(remembered((kept) => kept.getItem(KEPT)) ?? "null");
  remembered((kept) => kept.removeItem(KEPT));
  const done = document.querySelector(".messagelist .success");
  const here = place && (place.path === location.pathname || place.path.endsWith("/add/"));
  if (done && here && Date.now() - place.at < LONGEST) {
    const told = form.querySelector(".autosaved"); // what stands above is out of sight now
    if (told) {
      told.textContent = done.textContent;
      told.classList.add("done");
    }
    quiet();
    goOn(place);
  }
}
