// Links: which addresses may be linked, and the dialog that asks for one.

import { freshId, h, openDialog } from "desk-editor/dom";

/** The address as it is saved, or "" where it may not be linked. */
export function usableAddress(typed) {
  const address = (typed || "").trim();
  if (!address || /[\u0000-\u0020\u007f]/.test(address)) return "";
  if (/^\/(?![/\\])/.test(address)) return address;
  if (/^(mailto:[^@\s]+@[^@\s]+|tel:\+?[\d().-]+)$/i.test(address)) return address;
  if (!/^https?:\/\//i.test(address)) return "";
  try {
    return new URL(address).hostname ? address : "";
  } catch {
    return "";
  }
}

/** What an editor means by `example.org/a` or `desk@example.org`. */
function completed(typed) {
  const address = typed.trim();
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address)) return `mailto:${address}`;
  if (/^[^\s/:@]+\.[^\s/:@.]{2,}(:\d+)?([/?#]\S*)?$/.test(address)) return `https://${address}`;
  return address;
}

export function openLinkDialog(editor, labels) {
  const linked = editor.isActive("link");
  const needsText = !linked && editor.state.selection.empty;
  const address = h("input", {
    id: freshId("address"),
    type: "text",
    inputmode: "url",
    autocomplete: "off",
    spellcheck: "false",
    value: editor.getAttributes("link").href || "",
  });
  const help = h("p", { id: freshId("help"), class: "desk-dialog__help" }, labels.link_help);
  const error = h("p", { id: freshId("error"), class: "desk-dialog__error", role: "alert" });
  address.setAttribute("aria-describedby", `${help.id} ${error.id}`);
  const text = h("input", { id: freshId("text"), type: "text", autocomplete: "off" });

  const form = h(
    "form",
    { method: "dialog", novalidate: true },
    h("label", { for: address.id }, labels.link_address),
    address,
    help,
    error,
    needsText ? h("label", { for: text.id }, labels.link_text) : null,
    needsText ? text : null,
    h(
      "div",
      { class: "desk-dialog__buttons" },
      h("button", { type: "submit", class: "desk-dialog__strong" }, labels.link_save),
      linked ? h("button", { type: "button", onclick: remove }, labels.link_remove) : null,
      h("button", { type: "button", onclick: () => dialog.close() }, labels.cancel),
    ),
  );
  const dialog = openDialog("desk-dialog--link", labels.link, labels.close, form);
  dialog.addEventListener("close", () => editor.view.focus());
  address.focus();
  address.select();

  function remove() {
    editor.chain().extendMarkRange("link").unsetLink().run();
    dialog.close();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const href = usableAddress(completed(address.value));
    if (!href) {
      error.textContent = labels.link_bad;
      address.setAttribute("aria-invalid", "true");
      address.focus();
      return;
    }
    if (needsText) {
      const words = text.value.trim() || address.value.trim();
      const { schema, storedMarks, selection, tr } = editor.state;
      const marks = schema.marks.link.create({ href }).addToSet(storedMarks || selection.$from.marks());
      editor.view.dispatch(tr.replaceSelectionWith(schema.text(words, marks), false).removeStoredMark(schema.marks.link));
    } else {
      editor.chain().extendMarkRange("link").setLink({ href }).run();
    }
    dialog.close();
  });
}
