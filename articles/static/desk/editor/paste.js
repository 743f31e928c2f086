// Makes what is pasted clean. Word, WeChat, Google Docs and web pages all wrap their text in their own dress;
// the text is read out and written anew with the few tags a body knows, and what had to stay behind is counted.

import { h } from "desk-editor/dom";
import { usableAddress } from "desk-editor/links";
import { convertWordLists } from "desk-editor/word";

const SILENT = "script style meta link title head template noscript xml colgroup col rt rp input select textarea button datalist map area svg math";
const STRUCK = "del s strike";
const EMBEDS = "iframe video audio object embed canvas mpvoice mpvideo qqmusic";
const BLOCKS = `address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form
  header hgroup hr html legend li main nav option p section summary tbody td tfoot th thead tr`;
const words = (list) => new Set(list.trim().split(/\s+/));
const silent = words(SILENT);
const struckOut = words(STRUCK);
const embeds = words(EMBEDS);
const blocks = words(BLOCKS);
const HEADINGS = { h1: "h2", h2: "h2", h3: "h3", h4: "h3", h5: "h3", h6: "h3" };

const FOREIGN = /\s(?:style|class|id)\s*=|<(?:img|h[1456]|del|s|strike)\b/i;

const LINE_THROUGH = /(?:^|;)\s*text-decoration(?:-line)?:[^;]*line-through/;

const INDENT = /^(?:[\u3000\u00a0\t]| {4})+ */;
const SPACE = "[ \\u00a0\\u3000\\t\\n\\u200b\\u2060\\ufeff]";
const LEADING = new RegExp(`^${SPACE}+`);
const TRAILING = new RegExp(`${SPACE}+$`);
const HAN = "[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u2018-\\u201d]";
const BROKEN_HAN = new RegExp(`(${HAN})[ \\t]*\\n[ \\t]*(?=${HAN})`, "g");

/** Plain text as a list of paragraphs: one per line, without blank lines and indents; a tab inside is a space. */
export function paragraphsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const bare = lines.length === 1 ? [lines[0].replace(INDENT, "")] : lines.map((line) => line.replace(LEADING, "").replace(TRAILING, ""));
  return bare.map((line) => line.replace(/ *\t[ \t]*/g, " ")).filter(Boolean);
}

/** Pasted HTML as clean HTML, and how many pictures, embeds, links and struck-out words were left out. */
export function cleanHtml(html) {
  const left = { pictures: 0, embeds: 0, links: 0, struck: 0 };
  // What was copied from a body is clean already, and its pictures are the library's.
  if (/<[^>]+\sdata-pm-slice=/.test(html) && !FOREIGN.test(html)) return { html, left };

  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  convertWordLists(page.body);
  const writer = new Writer(left);
  writer.read(page.body, {});
  const box = h("div", {}, ...writer.finished());
  return { html: box.innerHTML, left };
}

/**
 * Takes out scripts and style sheets and renames style and event attributes. None of it would run here, but the page's
 * CSP would complain about each; and we read the styles ourselves.
 */
function withoutStyles(html) {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(["'\s/])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}

const styleOf = (element) => (element.getAttribute("data-style") || "").toLowerCase();

/** Reads elements of any dress and writes paragraphs, subheads, lists, quotes and tables. */
class Writer {
  constructor(left, { headings = true, wide = true } = {}) {
    this.left = left;
    this.allow = { headings, wide };
    this.blocks = [];
    this.run = [];
    this.tag = "p";
  }

  finished() {
    this.flush();
    return this.blocks;
  }

  /** The blocks of an element, written apart: inside a quote, a list item or a cell. */
  inner(element, marks) {
    const writer = new Writer(this.left, { headings: false, wide: false });
    writer.read(element, marks);
    return writer.finished();
  }

  read(parent, marks) {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks);
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, marks);
    }
  }

  text(data, marks) {
    const text = data
      .replace(/\r\n?/g, "\n")
      .replace(/[\ufeff\u00ad]/g, "")
      .replace(BROKEN_HAN, "$1")
      .replace(/[ \t\n]+/g, " ");
    if (text) this.run.push({ text, marks });
  }

  element(element, outer) {
    const tag = element.localName;
    const style = styleOf(element);
    if (silent.has(tag) || hidden(element, style) || this.struck(element, style)) return;
    if (tag === "img" || tag === "picture" || tag === "v:imagedata") return this.picture(element, outer);
    if (embeds.has(tag) || tag.startsWith("mp-")) {
      this.left.embeds += 1;
      return;
    }
    const marks = this.marks(element, tag, style, outer);

    if (tag === "br") {
      if (!element.classList.contains("Apple-interchange-newline")) this.run.push({ br: true });
    } else if (tag in HEADINGS) {
      this.heading(element, HEADINGS[tag]);
    } else if (tag === "ul" || tag === "ol" || tag === "menu" || tag === "dir") {
      this.put(this.list(element, tag === "ol" ? "ol" : "ul", marks));
    } else if (tag === "blockquote" && this.allow.wide) {
      this.put(filled("blockquote", this.inner(element, {})));
    } else if (tag === "table") {
      this.table(element, marks);
    } else if (tag === "pre") {
      this.flush();
      for (const line of paragraphsOf(element.textContent)) this.put(h("p", {}, line));
    } else if (blocks.has(tag) || tag === "blockquote") {
      this.flush();
      this.read(element, marks);
      this.flush();
    } else {
      this.read(element, marks);
    }
  }

  /** Whether somebody has struck it out; that it is left out is told. */
  struck(element, style = styleOf(element)) {
    const struck = struckOut.has(element.localName) || LINE_THROUGH.test(style);
    if (struck && element.textContent.trim()) this.left.struck += 1;
    return struck;
  }

  marks(element, tag, style, outer) {
    const marks = { ...outer };
    const weight = /(?:^|;)\s*font-weight:\s*(\w+)/.exec(style)?.[1];
    const slant = /(?:^|;)\s*font-style:\s*(\w+)/.exec(style)?.[1];
    if (tag === "b" || tag === "strong") marks.strong = true;
    if (tag === "i" || tag === "em") marks.em = true;
    if ((tag === "sub" || tag === "sup") && !element.querySelector("a")) marks.script = tag;
    if (weight) marks.strong = /^bold/.test(weight) || Number(weight) >= 600;
    if (slant) marks.em = slant !== "normal";
    if (tag === "a" && element.hasAttribute("href")) {
      const address = element.getAttribute("href").trim();
      marks.href = usableAddress(address);
      if (!marks.href && address && !address.startsWith("#") && element.textContent.trim()) this.left.links += 1;
    }
    return marks;
  }

  picture(element, marks) {
    const image = element.localName === "picture" ? element.querySelector("img") || element : element;
    const alt = image.getAttribute("alt") || "";
    if (/^\p{Extended_Pictographic}/u.test(alt) && [...alt].length < 8) return this.text(alt, marks);
    const tiny = ["width", "height"].some((side) => image.hasAttribute(side) && Number.parseInt(image.getAttribute(side), 10) < 3);
    if (!tiny) this.left.pictures += 1;
  }

  heading(element, tag) {
    this.flush();
    this.tag = this.allow.headings ? tag : "p";
    this.read(element, {});
    this.flush();
    this.tag = "p";
  }

  list(element, tag, marks) {
    const items = [];
    for (const child of element.children) {
      const nested = /^(?:ul|ol|menu|dir)$/.test(child.localName);
      if (nested && items.length) {
        items.at(-1).append(this.list(child, child.localName === "ol" ? "ol" : "ul", marks) || "");
      } else if (!silent.has(child.localName) && !this.struck(child)) {
        const content = this.inner(nested ? wrapped(child) : child, marks);
        if (content.length && content[0].localName !== "p") content.unshift(h("p"));
        if (content.length) items.push(h("li", {}, ...content));
      }
    }
    const list = filled(tag, items);
    const start = Number.parseInt(element.getAttribute("start"), 10);
    if (list && tag === "ol" && start > 1) list.setAttribute("start", start);
    return list;
  }

  table(table, marks) {
    const rows = [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table);
    const cellsOf = (row) => [...row.children].filter((cell) => /^t[dh]$/.test(cell.localName));
    const layout =
      table.getAttribute("role") === "presentation" ||
      table.querySelector("table") ||
      rows.every((row) => cellsOf(row).length < 2);
    this.flush();
    if (layout || !this.allow.wide) {
      this.read(table, marks);
      this.flush();
      return;
    }
    const caption = table.querySelector("caption");
    if (caption) this.put(...this.inner(caption, {}));
    const written = rows.map((row) => filled("tr", cellsOf(row).map((cell) => this.cell(cell))));
    const used = written.filter((row) => row?.textContent.trim());
    if (used.length) this.put(h("table", {}, h("tbody", {}, ...used)));
  }

  cell(cell) {
    const content = this.struck(cell) ? [] : this.inner(cell, {});
    const heading = cell.localName === "th" || cell.closest("thead");
    const element = h(heading ? "th" : "td", {}, ...(content.length ? content : [h("p")]));
    for (const name of ["colspan", "rowspan"]) {
      const span = Number.parseInt(cell.getAttribute(name), 10);
      if (span > 1) element.setAttribute(name, Math.min(span, 50));
    }
    return element;
  }

  put(...elements) {
    this.flush();
    this.blocks.push(...elements.filter(Boolean));
  }

  /** Ends the paragraph at hand. Two breaks, or a break before an indent, are how some pages end theirs. */
  flush() {
    const paragraphs = [[]];
    const run = this.run;
    this.run = [];
    run.forEach((piece, index) => {
      const next = run[index + 1];
      if (!piece.br) paragraphs.at(-1).push(piece);
      else if (next?.br || (next && /^ ?(?:\u3000|\u00a0{2})/.test(next.text)) || blankBeforeBreak(run, index)) paragraphs.push([]);
      else paragraphs.at(-1).push(piece);
    });
    for (const pieces of paragraphs) {
      const line = trimmed(pieces);
      if (line.length) this.blocks.push(h(this.tag, {}, ...line.map((piece) => this.inline(piece))));
    }
  }

  inline({ br, text, marks }) {
    if (br) return h("br");
    const heading = this.tag !== "p";
    let node = document.createTextNode(text);
    if (marks.script) node = h(marks.script, {}, node);
    if (marks.em && !heading) node = h("em", {}, node);
    if (marks.strong && !heading) node = h("strong", {}, node);
    if (marks.href) node = h("a", { href: marks.href }, node);
    return node;
  }
}

function blankBeforeBreak(run, index) {
  const [blank, second] = [run[index + 1], run[index + 2]];
  return Boolean(second?.br && !blank.text.replace(LEADING, ""));
}

/** A line without space or breaks at its ends and without double spaces between its pieces. */
function trimmed(pieces) {
  const line = pieces.map((piece) => ({ ...piece }));
  while (line.length && (line[0].br || !(line[0].text = line[0].text.replace(LEADING, "")))) line.shift();
  while (line.length && (line.at(-1).br || !(line.at(-1).text = line.at(-1).text.replace(TRAILING, "")))) line.pop();
  let before = "";
  for (const piece of line) {
    if (piece.br) {
      before = " ";
      continue;
    }
    piece.text = piece.text.replace(/^\u00a0$/, " ").replace(/[ \u00a0]{2,}/g, " ");
    if (before.endsWith(" ")) piece.text = piece.text.replace(/^[ \u00a0]+/, "");
    before = piece.text || before;
  }
  return line.filter((piece) => piece.br || piece.text);
}

function hidden(element, style) {
  return (
    element.hidden ||
    /(?:^|;)\s*(?:display:\s*none|mso-hide:\s*all|mso-element:\s*(?:comment|field-))/.test(style) ||
    /mso-comment-reference/.test(style) ||
    /^Mso(?:CommentReference|CommentText)$/.test(element.className)
  );
}

function filled(tag, children) {
  const present = children.filter(Boolean);
  return present.length ? h(tag, {}, ...present) : null;
}

function wrapped(element) {
  return h("div", {}, element.cloneNode(true));
}
