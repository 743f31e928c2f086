// Comments beside the text: their passages are marked in the writing surface, and what is said is sent without leaving
// the form. The marks are highlights over the page: the text that is written does not know of them. What was typed and
// not sent yet is kept in this browser.

import { Shelf } from "desk/kept";

const panel = document.getElementById("comments");
const AROUND = 64; // characters sent along with a passage
const MOST = 1000; // characters of a passage
const PARTS = ["exact", "before", "after"]; // as they are sent
const squeeze = (text) => text.replace(/\s+/g, "");
const surface = () => document.querySelector(".desk-editor__text");
const marks = CSS.highlights ? { open: new Highlight(), here: new Highlight() } : null;
let places = new Map(); // thread -> Range

/** The texts of the surface, without the words of the editor's own buttons. */
function* written() {
  const { FILTER_ACCEPT, FILTER_REJECT, FILTER_SKIP, SHOW_ELEMENT, SHOW_TEXT } = NodeFilter;
  const walker = document.createTreeWalker(surface(), SHOW_ELEMENT | SHOW_TEXT, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return FILTER_ACCEPT;
    return node.contentEditable === "false" ? FILTER_REJECT : FILTER_SKIP;
  });
  while (walker.nextNode()) yield walker.currentNode;
}

/** The text of the surface without its white space, and where each character stands. */
function layer() {
  const letters = [];
  let text = "";
  for (const node of written()) {
    for (let at = 0; at < node.data.length; at += 1) {
      if (/\s/.test(node.data[at])) continue;
      text += node.data[at];
      letters.push([node, at]);
    }
  }
  return { text, letters };
}

/** How many characters two texts share from their ends, or from their beginnings. */
function shared(one, two, backwards) {
  let count = 0;
  const at = (text) => text[backwards ? text.length - 1 - count : count];
  while (count < one.length && count < two.length && at(one) === at(two)) count += 1;
  return count;
}

/** Where the passage of a thread stands: its words, where most of what stood around them does. */
function find({ text, letters }, { exact, prefix, suffix }) {
  const words = squeeze(exact);
  const [before, behind] = [squeeze(prefix), squeeze(suffix)];
  let best = null;
  for (let at = words ? text.indexOf(words) : -1; at >= 0; at = text.indexOf(words, at + 1)) {
    const end = at + words.length;
    const fit = shared(before, text.slice(Math.max(0, at - before.length), at), true) + shared(behind, text.slice(end, end + behind.length), false);
    if (!best || fit > best.fit) best = { at, end, fit };
  }
  if (!best) return null;
  const range = new Range();
  range.setStart(...letters[best.at]);
  range.setEnd(letters[best.end - 1][0], letters[best.end - 1][1] + 1);
  return range;
}

function mark() {
  if (!surface()) return;
  const found = layer();
  places = new Map();
  marks?.open.clear();
  for (const thread of panel.querySelectorAll(".thread[data-exact]")) {
    const range = find(found, thread.dataset);
    thread.querySelector(".show").hidden = !range;
    thread.querySelector(".gone").hidden = Boolean(range); // here words count that the server has not seen yet
    if (!range) continue;
    places.set(thread, range);
    marks?.open.add(range);
  }
}

function point(thread) {
  marks?.here.clear();
  panel.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
  if (!thread) return;
  thread.classList.add("here");
  if (places.has(thread)) marks?.here.add(places.get(thread));
}

/** What is selected in the surface, with what stands around it; null where nothing is. */
function selected() {
  const selection = getSelection();
  const text = surface();
  if (!text || !selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const passage = { exact: "", before: "", after: "" };
  for (const node of written()) {
    const { data, length } = node;
    let [from, to] = [0, length];
    if (node === range.startContainer) from = range.startOffset;
    else if (range.comparePoint(node, length) < 0) from = length;
    if (node === range.endContainer) to = range.endOffset;
    else if (range.comparePoint(node, 0) > 0) to = 0;
    passage.before += data.slice(0, from);
    passage.exact += data.slice(from, to);
    passage.after += data.slice(to);
  }
  const exact = passage.exact.trim();
  if (!exact || exact.length > MOST) return null;
  return { exact, before: passage.before.slice(-AROUND), after: passage.after.slice(0, AROUND), range };
}

const say = () => panel.querySelector(".say");

function choose(passage) {
  const form = say();
  for (const name of PARTS) form.elements[name].value = passage ? passage[name] : "";
  const quote = form.querySelector(".chosen");
  quote.hidden = form.querySelector(".drop-passage").hidden = !passage;
  quote.textContent = passage ? passage.exact : "";
  shelve();
}

function begin(passage) {
  offer.hidden = true;
  if (!panel.matches(":popover-open")) panel.showPopover();
  choose(passage);
  document.getElementById("comment-text").focus();
}

/** What was typed and not sent yet, by field, and the passage that it is about. */
function unsent(sent) {
  const texts = {};
  for (const field of panel.querySelectorAll("textarea")) if (field.form !== sent && field.value) texts[field.id] = field.value;
  const passage = Object.fromEntries(PARTS.map((name) => [name, sent === say() ? "" : say().elements[name].value]));
  return { texts, passage };
}

/** It is still there when the list, or the page, comes anew. An answer to what is settled by now stays a comment. */
function putBack({ texts, passage }) {
  for (const [id, value] of Object.entries(texts)) {
    const own = document.getElementById(id);
    const field = own ?? document.getElementById("comment-text");
    if (!field.value) field.value = value;
    else if (!own) field.value += `\n${value}`;
    field.closest("details")?.setAttribute("open", "");
  }
  if (passage.exact) choose(passage);
}

/** Keeps it in this browser until it is sent. */
function shelve() {
  const kept = unsent();
  const waits = Object.keys(kept.texts).length > 0;
  if (waits) lost = !shelf.put(draft, kept);
  else {
    shelf.drop(draft);
    lost = false;
  }
  const button = document.querySelector(".comments-button");
  if (!button) return; // in a window that only chooses
  let told = button.querySelector(".unsent");
  if (!told) button.append(" ", (told = Object.assign(document.createElement("span"), { className: "unsent" })));
  told.textContent = waits ? panel.dataset.unsent : "";
}

async function send(form, button) {
  const data = new FormData(form, button);
  const trouble = panel.querySelector(".trouble");
  try {
    const answer = await fetch(panel.dataset.url, { method: "POST", body: data });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const list = await answer.text();
    const [others, all] = [unsent(form), unsent()];
    panel.querySelector(".comment-list").outerHTML = list;
    putBack(panel.querySelector(".errornote") ? all : others);
    shelve();
    trouble.hidden = true;
    count();
    mark();
    (panel.querySelector("[role=alert]:not([hidden])") ? document.getElementById("comment-text") : panel.querySelector(".comments-head button")).focus();
  } catch {
    trouble.textContent = panel.dataset.failed;
    trouble.hidden = false;
    button.disabled = false;
  }
}

function count() {
  const button = document.querySelector(".comments-button");
  const open = panel.querySelector(".comment-list").dataset.open;
  let shown = button.querySelector(".count");
  if (!shown) button.append(" ", (shown = Object.assign(document.createElement("span"), { className: "count" })));
  shown.textContent = open === "0" ? "" : open;
}

const shelf = panel && new Shelf(panel.dataset.user);
const draft = panel && `comment:${panel.dataset.story}`;
let lost = false; // typed, not sent, and not kept: a browser that keeps nothing
const offer = Object.assign(document.createElement("button"), { type: "button", className: "comment-offer", hidden: true });

if (panel) {
  panel.classList.remove("asleep");
  offer.textContent = panel.dataset.comment;
  offer.title = `${panel.dataset.comment} (Shift+F2)`;
  document.body.append(offer);
  CSS.highlights?.set("comment", marks.open);
  CSS.highlights?.set("comment-here", marks.here);
  if (marks) marks.here.priority = 1;

  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.submitter.disabled) return;
    const { submitter } = event;
    send(event.target, submitter);
    submitter.disabled = true;
  });
  panel.addEventListener("input", shelve);
  addEventListener("beforeunload", (event) => lost && event.preventDefault());
  panel.addEventListener("click", (event) => {
    const thread = event.target.closest(".thread");
    if (event.target.closest(".drop-passage")) choose(null);
    if (event.target.closest(".show") && places.has(thread)) {
      surface().focus();
      getSelection().setBaseAndExtent(...ends(places.get(thread)));
      places.get(thread).startContainer.parentElement.scrollIntoView({ block: "center" });
      point(thread);
    }
  });
  for (const name of ["focusin", "pointerover"]) {
    panel.addEventListener(name, (event) => point(event.target.closest(".thread")));
  }
  panel.addEventListener("pointerleave", () => point(null));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    panel.hidePopover();
    document.querySelector(".comments-button").focus();
  });

  document.addEventListener("selectionchange", () => {
    const passage = selected();
    offer.hidden = !passage;
    if (passage) {
      const box = passage.range.getBoundingClientRect();
      const roof = document.querySelector(".desk-toolbar")?.getBoundingClientRect().bottom ?? 0;
      const above = box.top - 44;
      offer.style.top = `${scrollY + (above < roof ? Math.max(box.bottom, roof) + 8 : above)}px`;
      offer.style.left = `${Math.min(Math.max(box.right + scrollX - 40, 8), document.documentElement.clientWidth - 120)}px`;
      return;
    }
    const caret = getSelection();
    if (!panel.matches(":popover-open") || !caret.rangeCount || panel.contains(document.activeElement)) return;
    point([...places].find(([, range]) => range.isPointInRange(caret.focusNode, caret.focusOffset))?.[0]);
  });
  offer.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  offer.addEventListener("click", () => begin(selected()));
  document.addEventListener("desk:comment", () => begin(selected()));

  let timer = 0;
  document.addEventListener("prose-editor:ready", mark);
  document.addEventListener("input", (event) => {
    if (event.target.id !== "id_body") return; // the writing surface tells there what has changed
    clearTimeout(timer);
    timer = setTimeout(mark, 400);
  });
  if (surface()) mark();
  putBack(shelf.get(draft) ?? { texts: {}, passage: {} });
  shelve();
  if (location.hash === "#comments" || location.hash.startsWith("#comment-")) panel.showPopover();
}

function ends(range) {
  return [range.startContainer, range.startOffset, range.endContainer, range.endOffset];
}
