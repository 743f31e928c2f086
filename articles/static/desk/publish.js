// Only the fields that the chosen kind asks for; without this script all are there.
const form = document.querySelector("form.decision");

/** A further notice has its own kind; all else goes by the first one's. */
function ask() {
  for (const part of form.querySelectorAll(".asked[data-kinds]")) {
    const said = part.classList.contains("further") && part.querySelector("select[name$=kind]").value;
    const further = part.parentElement.closest(".further");
    const choice = further?.querySelector("select[name$=kind]") ?? form.querySelector("input[name=kind]:checked");
    const asked = part.dataset.kinds.split(" ").includes(choice?.value ?? "");
    part.hidden = !asked && !said && !part.querySelector(".errorlist"); // nothing that counts is hidden
  }
}

if (form?.querySelector("input[name=kind]")) {
  form.addEventListener("change", ask);
  window.addEventListener("pageshow", ask); // Back brings the choice as it was, after this has run
  ask();
}

// Back asks the server anew, and the browser fills in what had been typed: with it comes the edition it was typed for,
// so that nothing is published a second time unseen.
const after = form?.querySelector("input[name=after]");
if (after) {
  const key = `after ${location.pathname}`;
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "back_forward") after.value = sessionStorage.getItem(key) ?? after.value;
  else sessionStorage.setItem(key, after.value);
}

// What readers would see of a proposal is there at once; without this script a button shows it.
document.querySelector("form[data-at-once]")?.requestSubmit();

const screen = document.querySelector(".screen");

// On a narrow screen the preview lies far below the button that fills it.
document.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("formtarget") !== "preview" || !screen) return;
  const { top, bottom } = screen.getBoundingClientRect();
  if (top < 0 || Math.min(bottom, top + 200) > innerHeight) document.querySelector(".preview").scrollIntoView();
});

// A changed clause goes into the notice by one click.
const offers = document.querySelector(".suggestions");
if (offers && form?.querySelector("[name=was]")) {
  offers.hidden = false;
  offers.addEventListener("click", (event) => {
    const offer = event.target.closest("button")?.dataset;
    if (!offer) return;
    const correction = form.querySelector("input[name=kind][value=correction]:enabled");
    if (correction && !form.querySelector("input[name=kind]:checked")) correction.checked = true;
    for (const name of ["was", "now", "passage", "field"]) form.querySelector(`[name=${name}]`).value = offer[name];
    ask();
    form.querySelector("[name=was]").focus();
  });
}
