// The preview as a phone or as a desktop shows it; without this script it takes the width that there is.
const place = document.querySelector(".widths");
const screen = document.querySelector(".screen");
const frame = screen?.querySelector("iframe");
const DESKTOP = 1200; // pixels

/** Lays the page out at a desktop's width and shrinks it to the room that there is. */
function fit() {
  const room = screen.clientWidth;
  if (!room) return; // in a sheet that is closed
  const scale = screen.matches(".phone, .tablet") ? 1 : Math.min(1, room / DESKTOP);
  frame.style.width = scale < 1 ? `${DESKTOP}px` : "";
  frame.style.height = scale < 1 ? `${screen.clientHeight / scale}px` : "";
  frame.style.transform = scale < 1 ? `scale(${scale})` : "";
}

if (place && frame) {
  const start = matchMedia("(min-width: 40em)").matches ? "desktop" : "phone";
  for (const width of ["desktop", "tablet", "phone"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.dataset[width];
    button.setAttribute("aria-pressed", String(width === start));
    button.addEventListener("click", () => {
      for (const one of ["tablet", "phone"]) screen.classList.toggle(one, width === one);
      for (const other of place.children) other.setAttribute("aria-pressed", String(other === button));
      fit();
    });
    place.append(button);
  }
  screen.classList.toggle("phone", start === "phone");
  place.hidden = false;
  new ResizeObserver(fit).observe(screen);
}
