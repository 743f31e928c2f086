// The lead picture, chosen by eye from the library. Without this script the field takes the picture's number, and
// Django's own look-up window fills it in.
import { openChooser } from "desk-editor/pictures";

const field = document.getElementById("id_lead_picture");
const body = document.querySelector("textarea[data-desk-editor]");
const words = document.getElementById("lead-picture-words").dataset;

if (field && body) {
  const settings = JSON.parse(body.dataset.deskEditor);
  const label = document.querySelector('label[for="id_lead_picture"]');
  const image = document.createElement("img");
  image.alt = field.parentElement.querySelector("strong")?.textContent.trim() || "";
  const choose = button(() => openChooser(settings, pick, () => choose.focus()));
  const remove = button(() => pick({ id: "" }));
  const buttons = document.createElement("div");
  const shown = document.createElement("div");

  remove.textContent = words.remove;
  buttons.className = "buttons";
  buttons.append(choose, remove);
  shown.className = "lead-picture";
  shown.append(image, buttons);
  field.parentElement.classList.add("has-chooser");
  field.parentElement.append(shown);
  image.addEventListener("error", () => (image.hidden = true));
  label?.addEventListener("click", (event) => {
    event.preventDefault();
    choose.focus();
  });
  field.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();

  function button(act) {
    const made = document.createElement("button");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function pick(picture) {
    field.value = picture.id;
    image.alt = picture.alt || "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    choose.focus();
  }

  function show() {
    const id = field.value.trim();
    remove.hidden = !id;
    choose.textContent = id ? words.other : words.choose;
    image.hidden = !/^\d+$/.test(id);
    if (!image.hidden) image.src = settings.urls.thumb.replace("{id}", id);
  }
}
