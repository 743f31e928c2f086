// The story form's small conveniences; it works without them.
const form = document.getElementById("article_form");
const language = document.getElementById("id_language");
const lines = ["kicker", "headline", "standfirst", "lead_caption"].map((name) => document.getElementById(`id_${name}`));

// A headline is one line, however it breaks on the screen: Enter goes on to the next field.
for (const line of lines.filter((field) => field?.tagName === "TEXTAREA")) {
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = lines[lines.indexOf(line) + 1];
    if (line.id === "id_standfirst") document.querySelector(".desk-editor__text")?.focus();
    else next?.focus();
  });
}

// The words stand in the type of their language.
function speak() {
  for (const field of [...lines, document.querySelector(".desk-editor__text")]) {
    if (field) field.lang = language.value;
  }
}
if (language?.tagName === "SELECT") {
  language.addEventListener("change", speak);
  form.addEventListener("prose-editor:ready", speak);
  speak();
}

// From the summary of errors to the body, whose own field the editor hides.
document.querySelector('.error-summary a[href="#id_body"]')?.addEventListener("click", (event) => {
  const surface = document.querySelector(".desk-editor__text");
  if (!surface) return;
  event.preventDefault();
  surface.focus();
  surface.scrollIntoView({ block: "center" });
});

if (!document.querySelector(".error-summary") && !document.getElementById("id_headline")?.value) {
  document.getElementById("id_headline")?.focus();
}
