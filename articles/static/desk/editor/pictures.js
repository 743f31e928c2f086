// Pictures: the node that stands for one of the library's pictures, and the dialog that chooses one.

import { Node, pm } from "django-prose-editor/editor";
import { fill, fillCount, freshId, h, openDialog } from "desk-editor/dom";

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
export function openChooser({ labels, urls }, choose, leave) {
  const search = h("input", { id: freshId("search"), type: "search", autocomplete: "off" });
  const status = h("p", { class: "desk-chooser__status", role: "status" });
  const again = h("button", { type: "button", hidden: true, onclick: () => load() }, labels.choose_again);
  const list = h("ul", { class: "desk-chooser__list", "aria-label": labels.choose_title });
  const add = h("a", { href: urls.add, target: "_blank", rel: "noopener" }, labels.choose_add);
  const dialog = openDialog(
    "desk-chooser",
    labels.choose_title,
    labels.close,
    h(
      "div",
      { class: "desk-chooser__search" },
      h("label", { for: search.id }, labels.choose_search),
      search,
    ),
    h("div", { class: "desk-chooser__results" }, list),
    h("div", { class: "desk-chooser__foot" }, h("div", {}, status, again), add),
  );
  search.focus();

  let chosen = null;
  let request = null;
  let waiting = 0;

  async function load() {
    request?.abort();
    const mine = (request = new AbortController());
    again.hidden = true;
    if (!list.children.length) status.textContent = labels.choose_loading;
    const address = new URL(urls.choose, document.baseURI);
    const words = search.value.trim();
    if (words) address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      show(await answer.json(), words);
    } catch {
      if (mine.signal.aborted) return;
      list.replaceChildren();
      status.textContent = labels.choose_failed;
      again.hidden = false;
    }
  }

  function show({ pictures, more }, words) {
    list.replaceChildren(...pictures.map((picture, index) => h("li", {}, card(picture, index))));
    if (!pictures.length) status.textContent = words ? labels.choose_none : labels.choose_empty;
    else status.textContent = fillCount(labels.choose_found, pictures.length) + (more ? ` · ${labels.choose_more}` : "");
  }

  function card(picture, index) {
    const pick = () => {
      chosen = picture;
      known.set(String(picture.id), picture);
      dialog.close();
    };
    return h(
      "button",
      { type: "button", class: "desk-chooser__card", tabindex: index ? "-1" : "0", onclick: pick },
      h("img", { src: picture.thumb, alt: picture.alt || "", loading: "lazy" }),
      h("span", { class: "desk-chooser__caption" }, picture.caption || fill(labels.picture_number, picture)),
      picture.credit ? h("span", { class: "desk-chooser__credit" }, picture.credit) : null,
    );
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(load, 250);
  }
  search.addEventListener("input", (event) => event.isComposing || later());
  search.addEventListener("compositionend", later);
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault(); // browsers would only empty the field
      dialog.close();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      focusCard(0);
    }
  });
  list.addEventListener("keydown", (event) => {
    const cards = [...list.querySelectorAll("button")];
    const here = cards.indexOf(event.target);
    const row = cards.filter((card) => card.offsetTop === cards[0].offsetTop).length || 1;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -here, End: cards.length - 1 - here };
    if (here < 0 || !(event.key in steps)) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && here < row) search.focus();
    else focusCard(Math.min(here + steps[event.key], cards.length - 1));
  });

  function focusCard(index) {
    const cards = [...list.querySelectorAll("button")];
    const next = cards[Math.max(index, 0)];
    if (!next) return;
    for (const card of cards) card.tabIndex = card === next ? 0 : -1;
    next.focus();
  }

  // Someone who added a picture in the other tab finds it here on return.
  const onReturn = () => document.visibilityState === "visible" && load();
  document.addEventListener("visibilitychange", onReturn);
  dialog.addEventListener("close", () => {
    document.removeEventListener("visibilitychange", onReturn);
    clearTimeout(waiting);
    request?.abort();
    if (chosen) choose(chosen);
    else leave();
  });
  load();
}
