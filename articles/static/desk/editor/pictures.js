// Pictures: the node that stands for one of the library's pictures, and the dialog that chooses one.

import { Node, pm } from "django-prose-editor/editor";
import { openChooser as open } from "desk-editor/chooser";
import { fill, h } from "desk-editor/dom";

const MAX_CREDIT = 200; // characters
const known = new Map(); // pictures chosen on this page, by id

/**
 * The node `<figure data-picture="7"><figcaption>…</figcaption><cite>…</cite></figure>`; its content is the caption,
 * plain text. The credit here is an attribute, and only there where it is another one than the picture's own.
 */
export function pictureNode({ labels, urls }) {
  return Node.create({
    name: "picture",
    group: "wide",
    content: "text*",
    marks: "",
    isolating: true,
    defining: true,
    selectable: true,

    addAttributes: () => ({
      picture: {
        isRequired: true,
        parseHTML: (figure) => figure.getAttribute("data-picture"),
        renderHTML: ({ picture }) => ({ "data-picture": picture }),
      },
      credit: {
        default: "",
        parseHTML: (figure) => oneLine(figure.querySelector("cite")?.textContent || ""),
        rendered: false,
      },
    }),

    parseHTML: () => [
      {
        tag: "figure[data-picture]",
        priority: 100,
        getAttrs: (figure) => (/^[\w-]{1,64}$/.test(figure.getAttribute("data-picture")) ? null : false),
        contentElement: (figure) => figure.querySelector("figcaption") || document.createElement("figcaption"),
      },
      { tag: "figure[data-picture]", priority: 90, ignore: true },
    ],

    renderHTML({ node, HTMLAttributes }) {
      const credit = oneLine(node.attrs.credit);
      return ["figure", HTMLAttributes, ["figcaption", 0], ...(credit ? [["cite", {}, credit]] : [])];
    },

    addNodeView() {
      return ({ node, editor, getPos }) => pictureView(node, editor, getPos, labels, urls);
    },

    addKeyboardShortcuts() {
      return {
        Enter: ({ editor }) => leaveCaption(editor),
        Tab: ({ editor }) => enterCredit(editor),
        "Shift-Enter": ({ editor }) => editor.isActive("picture"),
        Backspace: ({ editor }) => selectFromCaption(editor, -1),
        Delete: ({ editor }) => selectFromCaption(editor, 1),
      };
    },
  });
}

function captionAt(editor) {
  const { $from, empty } = editor.state.selection;
  return empty && $from.parent.type.name === "picture" ? $from : null;
}

/** Enter in a caption goes on with a paragraph below the picture. */
function leaveCaption(editor) {
  const { $from } = editor.state.selection;
  if ($from.parent.type.name !== "picture") return false;
  const { tr, schema } = editor.state;
  const after = $from.after();
  tr.insert(after, schema.nodes.paragraph.create());
  tr.setSelection(pm.state.TextSelection.create(tr.doc, after + 1)).scrollIntoView();
  editor.view.dispatch(tr);
  return true;
}

function oneLine(words) {
  return words.replace(/\s+/g, " ").trim();
}

/** Tab in a caption goes on to the credit. */
function enterCredit(editor) {
  const { $from } = editor.state.selection;
  if ($from.parent.type.name !== "picture") return false;
  editor.view.nodeDOM($from.before()).querySelector(".desk-picture__credit input").focus();
  return true;
}

/** Backspace before a caption (or Delete behind it) picks the picture up; the next one removes it. */
function selectFromCaption(editor, direction) {
  const $caret = captionAt(editor);
  if (!$caret) return false;
  const edge = direction < 0 ? 0 : $caret.parent.content.size;
  if ($caret.parentOffset !== edge) return false;
  if (direction < 0) editor.commands.setNodeSelection($caret.before());
  return true;
}

function pictureView(node, editor, getPos, labels, urls) {
  const image = h("img", { draggable: "false" });
  const missing = h("p", { class: "desk-picture__missing", hidden: true });
  const remove = editor.options.editable
    ? h("button", { type: "button", tabindex: "-1", class: "desk-picture__remove" }, labels.picture_remove)
    : null;
  const frame = h("div", { class: "desk-picture__frame", contenteditable: "false" }, image, missing, remove);
  const contentDOM = h("figcaption", { "data-placeholder": labels.caption });
  const credit = h("input", {
    type: "text",
    autocomplete: "off",
    maxlength: MAX_CREDIT,
    "aria-label": labels.credit,
    disabled: !editor.options.editable,
  });
  const under = h("div", { class: "desk-picture__credit", contenteditable: "false" }, credit);
  const dom = h("figure", { class: "desk-picture" }, frame, contentDOM, under);

  credit.addEventListener("input", () => {
    editor.view.dispatch(editor.state.tr.setNodeAttribute(getPos(), "credit", credit.value));
  });
  credit.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "Tab", "Escape"].includes(event.key)) return;
    event.preventDefault();
    const caption = getPos() + 1 + node.content.size;
    editor.commands.setTextSelection(caption);
    editor.view.focus();
    if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) leaveCaption(editor);
  });

  image.addEventListener("error", () => {
    image.hidden = true;
    missing.hidden = false;
  });
  remove?.addEventListener("click", () => {
    const at = getPos();
    editor.view.dispatch(editor.state.tr.delete(at, at + node.nodeSize));
    editor.view.focus();
  });
  frame.addEventListener("mousedown", (event) => {
    if (event.target === remove || !editor.isEditable) return;
    event.preventDefault();
    editor.chain().setNodeSelection(getPos()).focus(null, { scrollIntoView: false }).run();
  });

  function show(next, first) {
    const id = next.attrs.picture;
    if (first || id !== node.attrs.picture) {
      image.hidden = false;
      missing.hidden = true;
      image.alt = known.get(String(id))?.alt || fill(labels.picture_number, { id });
      const own = known.get(String(id))?.credit;
      credit.placeholder = own ? fill(labels.credit_own, { credit: own }) : labels.credit_of_picture;
      missing.textContent = fill(labels.picture_missing, { id });
      image.src = urls.thumb.replace("{id}", encodeURIComponent(id));
    }
    contentDOM.classList.toggle("is-empty", next.content.size === 0);
    if (credit.value !== next.attrs.credit) credit.value = next.attrs.credit;
    node = next;
  }
  show(node, true);

  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type.name !== "picture") return false;
      show(next, false);
      return true;
    },
    stopEvent: (event) =>
      under.contains(event.target) || (frame.contains(event.target) && /^(mouse|click|pointer)/.test(event.type)),
    ignoreMutation: (change) => change.type !== "selection" && !contentDOM.contains(change.target),
  };
}

/** Opens the library; calls `choose({id, caption, …})` once, after the dialog has closed. */
export function openChooser(settings, choose, leave) {
  const pick = (picture) => {
    known.set(String(picture.id), picture);
    choose(picture);
  };
  open(settings, pick, leave);
}
