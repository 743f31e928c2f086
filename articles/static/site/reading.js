// What a reader may set, ask for, pass on and tell the desk. Settings stay in this browser. The buttons are in the page;
// without this script none of them is shown (early.js), and the address stands there to be copied.
const percents = ["90%", "100%", "115%", "130%", "150%"];
const page = document.documentElement;
const all = css => document.querySelectorAll(css);

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* lasts for this page only */ }
}

// Text size: five steps. CSS knows what a step means.
function sizes(place) {
  const { label, letter } = place.dataset;
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = label;
  group.append(legend);
  percents.forEach((percent, index) => {
    const step = String(index + 1);
    const choice = document.createElement("label");
    const input = document.createElement("input");
    const sample = document.createElement("span");
    input.type = "radio";
    input.name = "text-size";
    input.value = step;
    input.checked = page.dataset.step === step;
    input.setAttribute("aria-label", percent);
    input.addEventListener("change", () => {
      page.dataset.step = step;
      keep("text-size", step);
    });
    sample.textContent = letter;
    sample.setAttribute("aria-hidden", "true");
    choice.append(input, sample);
    choice.title = percent;
    group.append(choice);
  });
  place.append(group);
}

function contrast(button) {
  const show = () => button.setAttribute("aria-pressed", String(page.dataset.contrast === "more"));
  button.addEventListener("click", () => {
    if (page.dataset.contrast === "more") delete page.dataset.contrast;
    else page.dataset.contrast = "more";
    keep("contrast", page.dataset.contrast ?? "");
    show();
  });
  show();
}

// The permanent address, told to whom the reader likes: by their own share sheet, or from the clipboard.
function share(place) {
  const { title, url, copied, failed } = place.dataset;
  const say = place.querySelector("[role=status]");
  place.querySelector(".share-sheet").addEventListener("click", () => {
    navigator.share({ title, url }).catch(() => {}); // closed without sharing
  });
  place.querySelector(".copy").addEventListener("click", async () => {
    say.textContent = "";
    try {
      await navigator.clipboard.writeText(url);
      say.textContent = copied;
    } catch { // refused, or no secure page: then it is marked, to be copied by hand
      getSelection().selectAllChildren(place.querySelector(".permalink a"));
      say.textContent = failed;
    }
  });
}

// Reading aloud is offered only where a voice for the language lives in this device: others send the words away.
function aloud(place) {
  const speech = window.speechSynthesis;
  if (!speech) return;
  const wanted = place.dataset.voices.toLowerCase().split(" ");
  const rank = voice => {
    const tag = voice.lang.replaceAll("_", "-").toLowerCase();
    return wanted.findIndex(one => tag === one || tag.startsWith(`${one}-`));
  };
  const voices = () => speech.getVoices().filter(one => one.localService && rank(one) >= 0);
  let offered = false;
  const offer = () => {
    const [voice] = voices().sort((one, other) => rank(one) - rank(other));
    if (!voice || offered) return;
    offered = true;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.dataset.start;
    button.addEventListener("click", async () => {
      const { reader } = await import(place.dataset.module);
      reader(place, button, voice);
    }, { once: true });
    place.append(button);
  };
  speech.addEventListener?.("voiceschanged", offer); // many browsers learn their voices late
  offer();
}

// What a reader has selected in the text goes with them to the form on which an error is reported.
const MOST = 1000; // characters of a passage
const AROUND = 64; // characters on each side of it
const MARKS = ".corrected-mark, .corrected-change"; // site/marks.py

// What it says to a reader: not what the marks in it hold, which is there but hidden.
function said(range) {
  const words = range.cloneContents();
  for (const mark of words.querySelectorAll(MARKS)) mark.remove();
  return words.textContent;
}

function report(link) {
  const body = document.querySelector("article.story .body");
  if (!body) return;
  function take() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return; // pressing the link must not lose it
    const range = selection.getRangeAt(0).cloneRange();
    if (!range.intersectsNode(body)) return;
    const [before, after] = [document.createRange(), document.createRange()];
    before.selectNodeContents(body);
    after.selectNodeContents(body);
    // What three clicks select ends in front of the next block, which may stand outside the text.
    if (range.compareBoundaryPoints(Range.START_TO_START, before) < 0) range.setStart(body, 0);
    if (range.compareBoundaryPoints(Range.END_TO_END, after) > 0) range.setEnd(body, body.childNodes.length);
    const around = range.commonAncestorContainer;
    if ((around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement).closest(MARKS)) return;
    const words = said(range);
    if (!words.trim()) return;
    before.setEnd(range.startContainer, range.startOffset);
    after.setStart(range.endContainer, range.endOffset);
    const address = new URL(link.href);
    address.search = new URLSearchParams({
      edition: link.dataset.edition,
      passage: [...words].slice(0, MOST).join(""),
      prefix: [...said(before)].slice(-AROUND).join(""),
      suffix: [...said(after)].slice(0, AROUND).join(""),
    });
    link.href = address;
  }
  let waits = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waits);
    waits = setTimeout(take, 50);
  });
  for (const kind of ["pointerdown", "focus"]) link.addEventListener(kind, take);
}

all(".text-size:empty").forEach(sizes);
all(".contrast").forEach(contrast);
all(".share:has(button)").forEach(share); // a preview shows the address alone
all(".aloud:empty").forEach(aloud);
all("p.report a[data-edition]").forEach(report);

// A table wider than its column scrolls in itself; the keyboard must reach it, too.
all(".body table").forEach(table => {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
});
