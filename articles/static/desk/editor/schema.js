// What a body may contain: the nodes and marks of the editor, and the HTML each is saved as.

import {
  Blockquote,
  Bold,
  BulletList,
  Document,
  Dropcursor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  Link,
  ListItem,
  Mark,
  OrderedList,
  Paragraph,
  pm,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
  TrailingNode,
} from "django-prose-editor/editor";
import { openLinkDialog, usableAddress } from "desk-editor/links";
import { pictureNode } from "desk-editor/pictures";

const TEXT_BLOCKS = "(paragraph | bulletList | orderedList)+";

/** A cell's width and alignment belong to the page, not to the text. */
const cellAttributes = () => ({
  colspan: { default: 1, parseHTML: (cell) => span(cell, "colspan") },
  rowspan: { default: 1, parseHTML: (cell) => span(cell, "rowspan") },
  colwidth: { default: null, rendered: false, parseHTML: () => null },
});

function span(cell, name) {
  return Math.min(Math.max(Number.parseInt(cell.getAttribute(name), 10) || 1, 1), 50);
}

/** The language of a fragment has no button here, but what is marked stays marked. */
function languageAttribute(name) {
  return {
    default: null,
    parseHTML: (element) => languageOf(element, name),
    renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
  };
}

function languageOf(element, name = "lang") {
  const language = element.getAttribute(name) || "";
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language) ? language : null;
}

const languageOfBlocks = Extension.create({
  name: "languageOfBlocks",
  addGlobalAttributes: () => [
    { types: ["paragraph", "heading", "blockquote", "link"], attributes: { lang: languageAttribute("lang") } },
  ],
});

const languageMark = Mark.create({
  name: "language",
  inclusive: false,
  addAttributes: () => ({ lang: languageAttribute("lang") }),
  parseHTML: () => [{ tag: "span[lang]", getAttrs: (element) => (languageOf(element) ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

export function extensions(settings) {
  const { labels } = settings;
  return [
    // Pictures and tables stand between paragraphs, never inside a list, a quote or a cell.
    Document.extend({ content: "(block | wide)+" }),
    Paragraph,
    Text,
    HardBreak,
    Heading.configure({ levels: [2, 3] }),
    Bold,
    Italic,
    Subscript,
    Superscript,
    languageMark,
    languageOfBlocks,
    BulletList,
    OrderedList.extend({
      addAttributes: () => ({
        start: {
          default: 1,
          parseHTML: (list) => Math.max(Number.parseInt(list.getAttribute("start"), 10) || 1, 0),
          renderHTML: ({ start }) => (start === 1 ? {} : { start }),
        },
      }),
      addNodeView: null,
    }),
    ListItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*" }),
    Blockquote.extend({ content: TEXT_BLOCKS }),
    Link.extend({
      addAttributes: () => ({ href: { default: null }, hreflang: languageAttribute("hreflang") }),
      addKeyboardShortcuts: () => ({
        "Mod-k": ({ editor }) => {
          if (!editor.isActive("picture")) openLinkDialog(editor, labels);
          return true;
        },
      }),
    }).configure({ autolink: false, isAllowedUri: (address) => Boolean(usableAddress(address)) }),
    Table.extend({ group: "wide" }),
    TableRow,
    TableHeader.extend({ content: TEXT_BLOCKS, addAttributes: cellAttributes }),
    TableCell.extend({ content: TEXT_BLOCKS, addAttributes: cellAttributes }),
    pictureNode(settings),
    History,
    Dropcursor,
    Gapcursor,
    TrailingNode,
    Extension.create({ name: "calm", addKeyboardShortcuts: () => ({ "Mod-e": () => true, "Mod-u": () => true }) }),
  ];
}

/** Puts a block below the paragraph, list or table the cursor is in; an empty paragraph makes room for it. */
export function insertWide(editor, node) {
  const { state } = editor;
  const { $from } = state.selection;
  const at = $from.depth ? $from.before(1) : $from.pos;
  const here = state.doc.nodeAt(at);
  const tr = state.tr;
  let start;
  if (here?.type.name === "paragraph" && here.content.size === 0) {
    tr.replaceWith(at, at + here.nodeSize, node);
    start = at;
  } else {
    start = $from.depth ? $from.after(1) : state.selection.to;
    tr.insert(start, node);
  }
  // Behind the caption, or into the first cell.
  const { Selection, TextSelection } = pm.state;
  const caret = node.isTextblock
    ? TextSelection.create(tr.doc, start + node.nodeSize - 1)
    : Selection.findFrom(tr.doc.resolve(start), 1, true);
  tr.setSelection(caret);
  editor.view.dispatch(tr.scrollIntoView());
  editor.view.focus();
}

/** The HTML that is saved: empty paragraphs are only room to write in and stay behind. */
export function savedHtml(editor) {
  const { DOMSerializer, Fragment } = pm.model;
  const kept = [];
  editor.state.doc.forEach((node) => {
    const empty = node.isTextblock && node.type.name !== "picture" && !node.textContent.trim();
    if (!empty) kept.push(node);
  });
  const box = document.implementation.createHTMLDocument("").createElement("div");
  box.append(
    DOMSerializer.fromSchema(editor.schema).serializeFragment(Fragment.from(kept), { document: box.ownerDocument }),
  );
  return box.innerHTML;
}
