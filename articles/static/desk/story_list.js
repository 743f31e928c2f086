// One box above the others chooses all stories of the page; the rest of the list works without it.
const boxes = [...document.querySelectorAll('#result_list input[name="story"]')];
const head = document.querySelector("#result_list thead .column-chosen .text");

if (head && boxes.length) {
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.textContent.trim());
  const settle = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) => box.addEventListener("change", settle));
  head.replaceChildren(all);
  settle();
}
