// Word writes its lists as paragraphs with a marker in front; here they become lists again.

import { h } from "desk-editor/dom";

const BULLET = /^[^\p{L}\p{N}(（]$|^[oØ§ül]$/u;
const NUMBER = /^[(（]?(\d{1,3})[.)）．]?$/;

/** Turns runs of Word's list paragraphs below `root` into ul and ol; other markers (一、 a. IV.) stay as text. */
export function convertWordLists(root) {
  const lists = []; // the open lists, outermost first
  for (const paragraph of [...root.querySelectorAll("p, div, h1, h2, h3, h4, h5, h6")]) {
    const style = (paragraph.getAttribute("data-style") || "").toLowerCase();
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/.exec(style)?.[1] || 0);
    const marker = level && findMarker(paragraph);
    if (!marker) continue;
    const sign = marker.textContent.replace(/[\s\u00a0]/g, "");
    const number = NUMBER.exec(sign);
    if (paragraph.localName !== "p" || !(number || BULLET.test(sign))) {
      marker.replaceWith(sign);
      continue;
    }
    marker.remove();
    addItem(lists, paragraph, level, number ? "ol" : "ul", number && Number(number[1]));
  }
}

function findMarker(paragraph) {
  return [...paragraph.querySelectorAll("span")].find((span) =>
    /mso-list:\s*ignore/i.test(span.getAttribute("data-style") || ""),
  );
}

function addItem(lists, paragraph, level, tag, number) {
  const outermost = lists[0]?.element;
  const goesOn = outermost && previousElement(paragraph) === outermost;
  if (!goesOn) lists.length = 0;
  while (lists.length && lists.at(-1).level > level) lists.pop();
  if (lists.at(-1)?.level === level && lists.at(-1).element.localName !== tag) lists.pop();

  if (lists.at(-1)?.level !== level) {
    const element = h(tag, number > 1 ? { start: number } : {});
    const parent = lists.at(-1)?.element.lastElementChild;
    if (parent) parent.append(element);
    else paragraph.before(element);
    lists.push({ element, level });
  }
  const item = h("li");
  item.append(...paragraph.childNodes);
  lists.at(-1).element.append(item);
  paragraph.remove();
}

function previousElement(element) {
  let before = element.previousSibling;
  while (before && (before.nodeType === Node.COMMENT_NODE || (before.nodeType === Node.TEXT_NODE && !before.data.trim()))) {
    before = before.previousSibling;
  }
  return before;
}
