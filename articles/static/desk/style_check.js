// House style as you write: asks the desk's checker once typing pauses, marks what it found in the text, and lists it
// below with the reason and the way out. Never while an input method composes; nothing is changed by itself.

import { pm } from "django-prose-editor/editor";
import { fill, fillCount, h } from "desk-editor/dom";

const PAUSE = 900; // milliseconds without a keystroke
const LINES = ["kicker", "headline", "standfirst", "lead_caption"];
const ORDER = ["kicker", "headline", "standfirst", "body", "lead_caption"]; // as they stand on the page

const script = document.getElementById("style-words");
const words = JSON.parse(script.dataset.words);
const form = document.getElementById("article_form");
const surface = document.querySelector(".desk-editor__text");
const editor = surface?.editor;

if (form && editor?.isEditable) start();

function start() {
  const key = new pm.state.PluginKey("style");
  const count = h("p", { role: "status", class: "help" });
  const back = h("button", { type: "button", class: "style-undo", hidden: true, onclick: () => undo().focus() }, words.undo);
  const list = h("ol", { class: "style-list" });
  const panel = h(
    "section",
    { class: "style-panel", "aria-labelledby": "style-panel-name" },
    h("h2", { id: "style-panel-name" }, words.title),
    count,
    back,
    list,
  );
  surface.closest(".desk-editor").after(panel);

  let findings = [];
  let waiting = 0;
  let asked = null;
  let composing = false;
  let step = null; // the last change: what its fields and the body said before and say now

  editor.registerPlugin(
    new pm.state.Plugin({
      key,
      state: {
        init: () => pm.view.DecorationSet.empty,
        apply: (tr, marks) => tr.getMeta(key) ?? marks.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => key.getState(state) },
    }),
  );

  // --- Asking ---------------------------------------------------------------------------------------------------
  form.addEventListener("compositionstart", () => (composing = true));
  form.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("pageshow", later);
  ask();

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }

  async function ask() {
    if (composing || editor.view.composing) return; // its end asks again
    asked?.abort();
    const mine = (asked = new AbortController());
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", "desk", "language", "body", ...LINES]) {
      sent.set(name, form.elements[name]?.value ?? "");
    }
    for (const name of ["desk", "language"]) if (!sent.get(name)) sent.set(name, script.dataset[name] ?? "");
    try {
      const answer = await fetch(script.dataset.url, { method: "POST", body: sent, signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = (await answer.json()).findings;
      if (!composing && !editor.view.composing) show(found);
    } catch {
      if (!mine.signal.aborted) count.textContent = words.failed;
    }
  }

  // --- Showing --------------------------------------------------------------------------------------------------
  /** The editor's blocks of text in the order in which the server counts them. */
  function blocks() {
    const found = [];
    editor.state.doc.descendants((node, at) => {
      if (!node.isTextblock) return true;
      const text = node.textBetween(0, node.content.size, "", "\n");
      if (text.trim()) found.push({ at: at + 1, text });
      if (node.attrs.credit?.trim()) found.push({ at: null, text: node.attrs.credit });
      return false;
    });
    return found;
  }

  function show(found) {
    const here = blocks();
    const marks = [];
    findings = found
      .sort((a, b) => ORDER.indexOf(a.field) - ORDER.indexOf(b.field) || a.block - b.block || a.start - b.start)
      .map((finding, id) => ({ ...finding, id }));
    for (const finding of findings) {
      const block = finding.field === "body" && here[finding.block];
      if (!block || block.at === null) continue;
      const start = within(block.text, finding);
      if (start < 0) continue;
      const from = block.at + start;
      const attributes = { class: finding.blocking ? "style-mark blocking" : "style-mark", title: finding.why };
      marks.push(pm.view.Decoration.inline(from, from + finding.words.length, attributes, { id: finding.id }));
    }
    editor.view.dispatch(
      editor.state.tr.setMeta(key, pm.view.DecorationSet.create(editor.state.doc, marks)).setMeta("addToHistory", false),
    );
    const told = findings.length ? fillCount(words.found, findings.length) : words.nothing;
    if (count.textContent !== told) count.textContent = told;
    const focused = list.contains(document.activeElement) ? [...list.children].indexOf(document.activeElement.closest("li")) : -1;
    list.replaceChildren(...findings.map(item));
    if (focused >= 0) (list.children[Math.min(focused, findings.length - 1)]?.querySelector("button") ?? surface).focus();
  }

  /** Where its words stand in a text, in UTF-16 units: at its place, which counts characters, or not at all. */
  function within(text, { start, words: marked }) {
    const at = [...text].slice(0, start).join("").length;
    return text.startsWith(marked, at) ? at : -1;
  }

  function item(finding) {
    const language = form.elements.language?.value || surface.lang;
    const offer = finding.suggestion;
    const alike = findings.filter((one) => one.rule === finding.rule && one.key === finding.key && one.suggestion !== null);
    const buttons = [h("button", { type: "button", class: "style-show", onclick: () => go(finding) }, words.show)];
    if (offer !== null) {
      const label = offer.trim() ? fill(words.change, { to: offer }) : words.leave_out;
      buttons.unshift(h("button", { type: "button", class: "style-fix", onclick: () => change([finding]) }, label));
      if (alike.length > 1 && alike[0] === finding) {
        const all = fill(words.change_all, { count: alike.length });
        buttons.push(h("button", { type: "button", class: "style-fix-all", onclick: () => change(alike) }, all));
      }
    }
    return h(
      "li",
      { class: finding.blocking ? "blocking" : "" },
      h("p", { class: "style-words", lang: language }, finding.before, h("mark", {}, finding.words), finding.after),
      h("p", { class: "help" }, finding.blocking ? h("strong", {}, `${words.blocks} `) : null, `${finding.where}: ${finding.why}`),
      h("p", { class: "style-buttons" }, ...buttons),
    );
  }

  // --- Going there, and changing ----------------------------------------------------------------------------------
  function place(finding) {
    const [mark] = key.getState(editor.state).find(undefined, undefined, (spec) => spec.id === finding.id);
    const words = mark && editor.state.doc.textBetween(mark.from, mark.to, "", "\n");
    return words === finding.words ? mark : null;
  }

  function go(finding) {
    const field = form.elements[finding.field];
    if (finding.field === "body") {
      const mark = place(finding);
      editor.view.focus();
      if (mark) editor.chain().setTextSelection(mark).focus(null, { scrollIntoView: true }).run();
    } else {
      const start = within(field.value, finding);
      field.focus();
      if (start >= 0) field.setSelectionRange(start, start + finding.words.length);
    }
  }

  /** Puts what is offered in the place of each, as one step back; what has changed meanwhile is passed over. */
  function change(chosen) {
    const tr = pm.history.closeHistory(editor.state.tr);
    const doc = tr.doc;
    const lines = new Map();
    const bodies = chosen.filter(({ field }) => field === "body").map((one) => [one, place(one)]);
    for (const [finding, mark] of bodies.filter(([, mark]) => mark).sort(([, a], [, b]) => b.from - a.from)) {
      if (finding.suggestion) tr.insertText(finding.suggestion, mark.from, mark.to);
      else tr.delete(mark.from, mark.to);
    }
    step = null;
    if (tr.docChanged) editor.view.dispatch(tr);
    for (const finding of chosen.filter(({ field }) => field !== "body").reverse()) {
      const field = form.elements[finding.field];
      const start = within(field.value, finding);
      if (start < 0) continue;
      if (!lines.has(field)) lines.set(field, field.value);
      field.setRangeText(finding.suggestion, start, start + finding.words.length, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (lines.size) {
      step = {
        lines: [...lines].map(([field, was]) => ({ field, was, is: field.value })),
        body: tr.docChanged ? { was: doc, is: editor.state.doc } : null,
      };
    }
    back.hidden = !step;
    clearTimeout(waiting);
    ask();
  }

  /** Takes the last change back in the lines and in the body at once, but for a line where somebody went on typing. */
  function undo() {
    const { lines, body } = step;
    step = null;
    back.hidden = true;
    if (body && editor.state.doc.eq(body.is)) editor.commands.undo();
    for (const { field, was, is } of lines) {
      if (field.value !== is) continue;
      field.value = was;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return lines[0].field;
  }

  // Ctrl+Z in the body, or in a line, takes the whole change back as the button does.
  editor.on("update", () => {
    if (!step?.body) return;
    back.hidden = !editor.state.doc.eq(step.body.is);
    if (editor.state.doc.eq(step.body.was)) undo();
  });
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key !== "z") return;
    if (!step?.lines.some(({ field, is }) => field === event.target && field.value === is)) return;
    event.preventDefault();
    undo();
  });

  // --- F8 and Shift+F8 (shortcuts.js) -----------------------------------------------------------------------------
  const before = (one, other) => {
    const apart = one.field.compareDocumentPosition(other.field);
    if (apart) return Boolean(apart & Node.DOCUMENT_POSITION_FOLLOWING);
    return one.to <= other.from;
  };

  /** Where the caret is, as a field with a stretch of it; null where it is in none that is looked at. */
  function caret() {
    const field = document.activeElement;
    if (surface.contains(field)) return { field: surface, from: editor.state.selection.from, to: editor.state.selection.to };
    return LINES.includes(field?.name) ? { field, from: field.selectionStart, to: field.selectionEnd } : null;
  }

  /** Where a finding is; null where its words have changed, or stand in a picture's credit. */
  function spot(finding) {
    if (finding.field === "body") {
      const mark = place(finding);
      return mark && { field: surface, from: mark.from, to: mark.to };
    }
    const field = form.elements[finding.field];
    const from = within(field.value, finding);
    return from < 0 ? null : { field, from, to: from + finding.words.length };
  }

  let last = null; // the finding one was led to, and where the caret was then
  const unmoved = (now) => last && JSON.stringify([now?.field.id, now?.from, now?.to]) === last.caret;

  /** The number of the one behind the caret, or before it; round from the last to the first. */
  function nextFrom(now, way) {
    const there = findings.indexOf(last?.finding);
    if (there >= 0 && unmoved(now)) return there + way;
    const row = document.activeElement?.closest(".style-list > li");
    if (row) return [...list.children].indexOf(row) + (way < 0 ? -1 : 0);
    const spots = now ? findings.map(spot) : [];
    if (way < 0) return spots.findLastIndex((one) => one && before(one, now));
    return Math.max(0, spots.findIndex((one) => one && before(now, one)));
  }

  document.addEventListener("desk:finding", (event) => {
    if (!findings.length) return;
    const number = (nextFrom(caret(), event.detail.step) + findings.length) % findings.length;
    go(findings[number]);
    const now = caret();
    last = { finding: findings[number], caret: JSON.stringify([now?.field.id, now?.from, now?.to]) };
    count.textContent = `${number + 1}/${findings.length}: ${findings[number].why}`;
  });
}
