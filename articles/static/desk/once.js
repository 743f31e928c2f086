// What is sent is sent once: a second click while the first is on its way does nothing. The preview may be filled as
// often as one likes.
const buttons = (form) => [...form.elements].filter((one) => one.type === "submit");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.submitter?.formTarget || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => buttons(form).forEach((one) => (one.disabled = true))); // after the one that was clicked has been read
});

// Back brings the page as it was.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    if (form.method !== "post") continue;
    delete form.dataset.sent;
    buttons(form).forEach((one) => (one.disabled = false));
  }
});
