// The text-size control of a story: five steps, kept in this browser only. CSS knows what a step means.
const percents = ["90%", "100%", "115%", "130%", "150%"];
const page = document.documentElement;

function choose(step) {
  page.dataset.step = step;
  try { localStorage.setItem("text-size", step); } catch { /* lasts for this page only */ }
}

function build(place) {
  const { label, letter } = place.dataset;
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = label;
  group.append(legend);
  percents.forEach((percent, index) => {
    const step = String(index + 1);
    const choice = document.createElement("label");
    const input = document.createElement("input");
    const sample = document.createElement("span");
    input.type = "radio";
    input.name = "text-size";
    input.value = step;
    input.checked = page.dataset.step === step;
    input.setAttribute("aria-label", percent);
    input.addEventListener("change", () => choose(step));
    sample.textContent = letter;
    sample.setAttribute("aria-hidden", "true");
    choice.append(input, sample);
    choice.title = percent;
    group.append(choice);
  });
  place.append(group);
}

document.querySelectorAll(".text-size:empty").forEach(build);

// A table wider than its column scrolls in itself; the keyboard must reach it, too.
document.querySelectorAll(".body table").forEach(table => {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
});
