// The preview at the width of a phone or of a desk; without this script it takes the width that there is.
const place = document.querySelector(".widths");
const frame = document.querySelector(".preview iframe");
if (place && frame) {
  for (const width of ["desktop", "phone"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.dataset[width];
    button.setAttribute("aria-pressed", String(width === "desktop"));
    button.addEventListener("click", () => {
      frame.classList.toggle("phone", width === "phone");
      for (const other of place.children) other.setAttribute("aria-pressed", String(other === button));
    });
    place.append(button);
  }
  place.hidden = false;
}
