// What a reader has selected in the text goes with them to the form on which an error is reported.
const MOST = 1000; // characters of a passage
const AROUND = 64; // characters on each side of it
const MARKS = ".corrected-mark, .corrected-change"; // site/marks.py
const link = document.querySelector("p.report a[data-edition]");
const body = document.querySelector("article.story .body");

// What it says to a reader: not what the marks in it hold, which is there but hidden.
function said(range) {
  const words = range.cloneContents();
  for (const mark of words.querySelectorAll(MARKS)) mark.remove();
  return words.textContent;
}

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

if (link && body) {
  let waits = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waits);
    waits = setTimeout(take, 50);
  });
  for (const kind of ["pointerdown", "focus"]) link.addEventListener(kind, take);
}
