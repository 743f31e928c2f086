// Rows that carry an order number can be moved up and down: by buttons, or by Alt with an arrow key from anywhere in the
// row. The numbers follow. Without this script they are typed.
const words = document.getElementById("order-words").dataset;

for (const group of document.querySelectorAll(".js-inline-admin-formset")) {
  if (!group.querySelector("input[name$='-order']")) continue;
  rows(group).forEach(equip);
  group.addEventListener("formset:added", (event) => {
    equip(event.target);
    const number = event.target.querySelector("input[name$='-order']");
    if (number && !number.value) number.value = rows(group).length;
  });
  group.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const row = rows(group).find((one) => one.contains(event.target));
    if (!row) return;
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1, event.target);
  });
}

function rows(group) {
  return [...group.querySelectorAll("tr.form-row, .inline-related[id]")].filter(
    (row) => !row.classList.contains("empty-form") && row.querySelector("input[name$='-order']"),
  );
}

function equip(row) {
  const number = row.querySelector("input[name$='-order']");
  if (!number || row.querySelector(".move-row")) return;
  const made = document.createElement("span");
  made.className = "move-row";
  for (const [by, name, sign] of [
    [-1, words.up, "↑"],
    [1, words.down, "↓"],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.title = name;
    button.addEventListener("click", () => move(row, by, button));
    made.append(button);
  }
  number.after(made);
}

function move(row, by, focused) {
  const group = row.closest(".js-inline-admin-formset");
  const all = rows(group);
  const other = all[all.indexOf(row) + by];
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
  rows(group).forEach((one, place) => {
    one.querySelector("input[name$='-order']").value = place + 1;
  });
  focused.focus();
  row.querySelector("input[name$='-order']").dispatchEvent(new Event("change", { bubbles: true }));
}
