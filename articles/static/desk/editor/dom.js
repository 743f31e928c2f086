// Small helpers to make elements and to fill messages.

/** An element with attributes and children: `h("button", {type: "button"}, "Close")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A message from Django with its `%(name)s` filled in. */
export function fill(message, values) {
  return message.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** The singular or the plural of a message, with its `%(count)s` filled in. */
export function fillCount([one, many], count) {
  return fill(count === 1 ? one : many, { count });
}

let ids = 0;

export function freshId(prefix) {
  return `desk-editor-${prefix}-${++ids}`;
}

/** A modal dialog on the page; Escape closes it, and it is gone when closed. */
export function openDialog(className, title, closeLabel, ...content) {
  const heading = h("h2", { id: freshId("title"), class: "desk-dialog__title" }, title);
  const close = h(
    "button",
    { type: "button", class: "desk-dialog__close", "aria-label": closeLabel, title: closeLabel },
    "✕",
  );
  const dialog = h(
    "dialog",
    { class: `desk-dialog ${className}`, "aria-labelledby": heading.id },
    h("div", { class: "desk-dialog__head" }, heading, close),
    ...content,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
