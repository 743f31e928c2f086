// Turns each textarea with `data-desk-editor` into the desk's writing surface. The textarea stays what is submitted.

import { Editor, Extension, pm } from "django-prose-editor/editor";
import { fillCount, freshId, h } from "desk-editor/dom";
import { cleanHtml, paragraphsOf } from "desk-editor/paste";
import { extensions, savedHtml } from "desk-editor/schema";
import { toolbar } from "desk-editor/toolbar";

function createEditor(textarea) {
  if (textarea.closest(".desk-editor")) return;
  const settings = JSON.parse(textarea.dataset.deskEditor);
  const { labels } = settings;
  const editable = !textarea.disabled && !textarea.readOnly;

  const page = h("div", { class: "desk-editor__page" });
  const note = h("p", { class: "desk-editor__note", role: "status" });
  const hint = h("p", { id: freshId("hint"), class: "desk-editor__hint" }, labels.toolbar_hint);
  const shell = h("div", { class: editable ? "desk-editor" : "desk-editor is-read-only" });
  textarea.before(shell);
  shell.append(page, note, hint, textarea);

  let tools = null;
  const editor = new Editor({
    element: page,
    editable,
    content: textarea.value,
    injectCSS: false, // editor.css has these few rules; a style element would be refused by the CSP
    enableInputRules: false, // what is typed is what is meant: "1. " and "- " stay text
    enablePasteRules: false,
    extensions: [
      ...extensions(settings),
      Extension.create({
        name: "deskKeys",
        addKeyboardShortcuts: () => ({
          "Alt-F10": () => {
            tools?.focus();
            return true;
          },
        }),
      }),
    ],
    editorProps: {
      attributes: surfaceAttributes(textarea, hint, editable),
      transformPastedHTML(html) {
        const { html: clean, left } = cleanHtml(html);
        tell(left);
        return clean;
      },
      clipboardTextParser(text, $context) {
        tell({});
        return paragraphSlice(editor, text, $context);
      },
      handlePaste(view, event, slice) {
        if (onlyFiles(event.clipboardData)) {
          tell({ pictures: event.clipboardData.files.length });
          return true;
        }
        if (!slice.size) return true; // nothing usable: leave the selection alone
        if (view.state.selection.$from.parent.type.name !== "picture") return false;
        const words = slice.content.textBetween(0, slice.content.size, " ", " ");
        view.dispatch(view.state.tr.insertText(words.replace(/\s+/g, " ")).scrollIntoView());
        return true;
      },
      handleDrop(view, event) {
        if (!onlyFiles(event.dataTransfer)) return false;
        tell({ pictures: event.dataTransfer.files.length });
        event.preventDefault();
        return true;
      },
    },
  });

  function tell(left) {
    const parts = Object.entries(left).filter(([, count]) => count);
    note.textContent = parts.map(([what, count]) => fillCount(labels[`left_${what}`], count)).join(" ");
  }

  if (editable) {
    tools = toolbar(editor, settings, editor.view.dom.id);
    page.before(tools.element);
  } else {
    hint.remove();
    note.remove();
  }

  // The stored text is touched only when the editor really says something else.
  let saved = savedHtml(editor);
  let written = textarea.value;
  editor.on("update", () => {
    const html = savedHtml(editor);
    if (html === saved) return;
    saved = html;
    written = textarea.value = html;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Browsers put back what was typed after Back or Reload, sometimes once we have already read the textarea; and so
  // does what was kept of it (autosave.js).
  function reread() {
    if (textarea.value === written) return;
    written = textarea.value;
    editor.commands.setContent(textarea.value, { emitUpdate: false });
    saved = savedHtml(editor);
  }
  window.addEventListener("pageshow", reread);
  textarea.addEventListener("desk:put", reread);

  textarea.dispatchEvent(new CustomEvent("prose-editor:ready", { detail: { editor, textarea }, bubbles: true }));
}

function surfaceAttributes(textarea, hint, editable) {
  const label = textarea.labels?.[0];
  const attributes = { id: freshId("text"), class: "desk-editor__text", "aria-multiline": "true" };
  if (label) {
    label.id ||= freshId("label");
    attributes["aria-labelledby"] = label.id;
    label.addEventListener("click", () => document.getElementById(attributes.id).focus());
  }
  for (const name of ["lang", "dir", "aria-label", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  const described = [textarea.getAttribute("aria-describedby"), editable && hint.id].filter(Boolean);
  if (described.length) attributes["aria-describedby"] = described.join(" ");
  if (!editable) attributes["aria-readonly"] = "true";
  return attributes;
}

function onlyFiles(data) {
  return Boolean(data?.files.length && !data.getData("text/html") && !data.getData("text/plain"));
}

/** Plain text as paragraphs; a single line keeps the marks at the cursor. */
function paragraphSlice(editor, text, $context) {
  const { Fragment, Slice } = pm.model;
  const { schema } = editor;
  const marks = $context.marks();
  const lines = paragraphsOf(text);
  const open = lines.length ? 1 : 0;
  const nodes = lines.map((line) => schema.nodes.paragraph.create(null, schema.text(line, marks)));
  return new Slice(Fragment.from(nodes), open, open);
}

function createAll(root) {
  for (const textarea of root.querySelectorAll("textarea[data-desk-editor]")) {
    if (!textarea.id.includes("__prefix__")) createEditor(textarea);
  }
}

createAll(document);
document.addEventListener("formset:added", (event) => createAll(event.target));
