// The preview opens over the text that is being written; without this script it has a window of its own.
const sheet = document.getElementById("preview-sheet");
const screen = sheet.querySelector(".screen");
const frame = document.createElement("iframe");

frame.name = "preview";
frame.title = screen.dataset.title;
screen.append(frame);

document.addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("formtarget") === "preview") sheet.showModal();
});
sheet.querySelector(".close").addEventListener("click", () => sheet.close());
