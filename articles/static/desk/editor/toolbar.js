// The toolbar: one tab stop, arrow keys inside, Escape back to the text.

import { freshId, h } from "desk-editor/dom";
import { icon } from "desk-editor/icons";
import { openLinkDialog } from "desk-editor/links";
import { openChooser } from "desk-editor/pictures";
import { insertWide } from "desk-editor/schema";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

function shortcut(keys) {
  if (!MAC) return keys.replace("Mod", "Ctrl");
  return keys.replace("Mod", "⌘").replace("Alt", "⌥").replace("Shift", "⇧").replaceAll("+", "");
}

const outsidePicture = (editor) => !editor.isActive("picture");

function tools(settings) {
  const block = (name, label, keys, toggle, active) => ({
    name: label,
    keys,
    active: (editor) => editor.isActive(name, active),
    enabled: (editor) => outsidePicture(editor) && editor.can()[toggle](active),
    run: (editor) => editor.chain().focus()[toggle](active).run(),
  });
  return [
    [
      block("heading", "subhead", "Mod+Alt+2", "toggleHeading", { level: 2 }),
      block("heading", "minor_subhead", "Mod+Alt+3", "toggleHeading", { level: 3 }),
    ],
    [
      block("bold", "bold", "Mod+B", "toggleBold"),
      block("italic", "emphasis", "Mod+I", "toggleItalic"),
      {
        name: "link",
        keys: "Mod+K",
        popup: "dialog",
        active: (editor) => editor.isActive("link"),
        enabled: outsidePicture,
        run: (editor) => openLinkDialog(editor, settings.labels),
      },
    ],
    [
      block("bulletList", "bullet_list", "Mod+Shift+8", "toggleBulletList"),
      block("orderedList", "ordered_list", "Mod+Shift+7", "toggleOrderedList"),
      block("blockquote", "quote", "Mod+Shift+B", "toggleBlockquote"),
    ],
    [
      { name: "table", active: (editor) => editor.isActive("table"), enabled: outsidePicture, run: insertTable },
      { name: "picture", popup: "dialog", words: true, run: (editor) => insertPicture(editor, settings) },
    ],
    [
      { name: "undo", keys: "Mod+Z", enabled: (editor) => editor.can().undo(), run: (editor) => editor.chain().focus().undo().run() },
      { name: "redo", keys: "Mod+Shift+Z", enabled: (editor) => editor.can().redo(), run: (editor) => editor.chain().focus().redo().run() },
    ],
  ];
}

const TABLE_COMMANDS = {
  row_above: "addRowBefore",
  row_below: "addRowAfter",
  column_before: "addColumnBefore",
  column_after: "addColumnAfter",
  header_row: "toggleHeaderRow",
  delete_row: "deleteRow",
  delete_column: "deleteColumn",
  delete_table: "deleteTable",
};

function insertTable(editor) {
  const { nodes } = editor.schema;
  const row = (cell) => nodes.tableRow.create(null, [0, 1, 2].map(() => cell.createAndFill()));
  insertWide(editor, nodes.table.create(null, [row(nodes.tableHeader), row(nodes.tableCell), row(nodes.tableCell)]));
}

function insertPicture(editor, settings) {
  openChooser(
    settings,
    ({ id, caption }) => {
      const words = (caption || "").replace(/\s+/g, " ").trim();
      const { nodes } = editor.schema;
      insertWide(editor, nodes.picture.create({ picture: String(id) }, words ? editor.schema.text(words) : null));
    },
    () => editor.view.focus(),
  );
}

export function toolbar(editor, settings, ownerId) {
  const { labels } = settings;
  const bar = h("div", { class: "desk-toolbar", role: "toolbar", "aria-label": labels.toolbar, "aria-controls": ownerId });
  const buttons = [];

  for (const group of tools(settings)) {
    const box = h("div", { class: "desk-toolbar__group", role: "presentation" });
    for (const tool of group) box.append(toolButton(tool));
    bar.append(box);
  }
  buttons[0].tabIndex = 0;

  function toolButton(tool) {
    const label = labels[tool.name];
    const button = h(
      "button",
      {
        type: "button",
        class: "desk-toolbar__button",
        tabindex: "-1",
        "data-tool": tool.name,
        "aria-label": label,
        "aria-haspopup": tool.popup,
        title: tool.keys ? `${label} (${shortcut(tool.keys)})` : label,
      },
      icon(tool.name),
      tool.words ? h("span", {}, label) : null,
    );
    buttons.push(button);
    // Keep the selection in the text while the mouse presses a button.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    const menu = tool.name === "table" ? tableMenu(editor, labels, button) : null;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (menu && editor.isActive("table")) menu.open();
      else {
        if (!tool.popup) editor.view.focus();
        tool.run(editor);
      }
    });
    editor.on("transaction", update);
    function update() {
      const active = Boolean(tool.active?.(editor));
      if (tool.active && !tool.popup && !menu) set(button, "aria-pressed", active);
      button.classList.toggle("is-active", active);
      set(button, "aria-disabled", !(tool.enabled ? tool.enabled(editor) : true));
      if (menu) {
        if (active) set(button, "aria-haspopup", "menu");
        else button.removeAttribute("aria-haspopup");
      }
    }
    update();
    return menu ? h("div", { class: "desk-toolbar__with-menu", role: "presentation" }, button, menu.element) : button;
  }

  function focusButton(index) {
    const next = buttons[(index + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
  bar.addEventListener("focusin", (event) => {
    if (!buttons.includes(event.target)) return;
    for (const button of buttons) button.tabIndex = button === event.target ? 0 : -1;
  });
  bar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(event.target);
    if (here < 0) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -here, End: buttons.length - 1 - here };
    if (event.key in steps) focusButton(here + steps[event.key]);
    else if (event.key === "Escape") editor.view.focus();
    else return;
    event.preventDefault();
  });

  return { element: bar, focus: () => focusButton(buttons.findIndex((button) => button.tabIndex === 0)) };
}

function set(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** What one can do to the table the cursor is in. */
function tableMenu(editor, labels, button) {
  const element = h("div", { id: freshId("menu"), class: "desk-menu", role: "menu", "aria-label": labels.table, hidden: true });
  for (const [name, command] of Object.entries(TABLE_COMMANDS)) {
    const item = h("button", { type: "button", role: "menuitem", tabindex: "-1", "data-tool": name }, labels[name]);
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => {
      close();
      editor.view.focus();
      editor.commands[command]();
    });
    element.append(item);
  }
  button.setAttribute("aria-controls", element.id);

  function open() {
    element.hidden = false;
    button.setAttribute("aria-expanded", "true");
    element.firstChild.focus();
    document.addEventListener("pointerdown", outside);
  }
  function close() {
    element.hidden = true;
    button.removeAttribute("aria-expanded");
    document.removeEventListener("pointerdown", outside);
  }
  function outside(event) {
    if (!element.contains(event.target) && !button.contains(event.target)) close();
  }
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget)) close();
  });
  element.addEventListener("keydown", (event) => {
    const items = [...element.children];
    const here = items.indexOf(event.target);
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -here, End: items.length - 1 - here };
    if (event.key in steps) items[(here + steps[event.key] + items.length) % items.length].focus();
    else if (event.key === "Escape") {
      close();
      button.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, open: () => (element.hidden ? open() : close()) };
}
