// Nothing typed is lost by a stray click: leaving with unsaved changes asks first. Ctrl+S saves, where it can without
// leaving the page (autosave.js); a second click on Save while the first is on its way does nothing.
const form = document.querySelector("#content-main form[id$='_form']");

if (form) {
  const told = form.querySelector(".unsaved");
  let unsaved = false;
  let sent = false;

  const change = () => {
    if (unsaved) return;
    unsaved = true;
    if (told) told.textContent = told.dataset.words;
  };
  if (document.querySelector(".error-summary")) change();
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  document.addEventListener("formset:removed", change);

  // To whom a story is handed, and by when, goes with a save by hand alone: colleagues are told of it.
  const handed = () => ["assignee", "due_at"].map((name) => form.elements[name]?.value).join();
  let hand = handed();
  form.addEventListener("desk:handed", () => (hand = handed()));

  // What this browser keeps (autosave.js) is safe: nobody need be held back.
  for (const kept of ["desk:kept", "desk:saved"]) {
    form.addEventListener(kept, () => {
      unsaved = handed() !== hand;
      if (told) told.textContent = unsaved ? told.dataset.words : "";
    });
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return; // the preview, in a window of its own
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !sent) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (sent = false)); // Back brings the page as it was

  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!form.dispatchEvent(new CustomEvent("desk:save", { cancelable: true }))) return;
    form.requestSubmit(form.querySelector("[name=_continue], [name=_save]"));
  });
  document.querySelector(".error-summary")?.focus();
}
