// A story read aloud by the browser's own speech, a block at a time, in the order of the page: the notices too, but
// no mark of what was corrected, no caption, no table. Loaded when somebody first presses the button (reading.js).
const SAID = ".headline, .standfirst, .notice-head strong, .notice-text p, .notice-words > div, .reply-head, "
  + ".reply blockquote p, .body :is(p, h2, h3, h4, li, blockquote)";
const UNSAID = "figure, table, .corrected-mark, .corrected-change, .notice-links";

function words(block) {
  const copy = block.cloneNode(true);
  for (const one of copy.querySelectorAll(UNSAID)) one.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

export function blocksOf(story) {
  return [...story.querySelectorAll(SAID)]
    .filter(one => !one.closest(UNSAID) && !one.querySelector(SAID))
    .map(one => ({ text: words(one), lang: one.closest("[lang]").lang }))
    .filter(one => one.text);
}

// place: where the buttons stand, with their words; button: starts, pauses and goes on; voice: who reads.
export function reader(place, button, voice) {
  const speech = window.speechSynthesis;
  const { start, pause, resume, stop } = place.dataset;
  const blocks = blocksOf(place.closest("article"));
  const own = place.closest("article").lang;
  const end = document.createElement("button");
  end.type = "button";
  end.textContent = stop;
  let state = "";
  let turn = 0; // utterances of an earlier turn may still report their end
  let at = 0; // the block that is being read

  function show(next) {
    state = next;
    button.textContent = { "": start, speaking: pause, paused: resume }[state];
    if (!state) {
      if (end === document.activeElement) button.focus();
      end.remove();
    } else if (!end.isConnected) place.append(end);
  }

  // For a passage in another language: a voice of this device, too.
  function another(lang) {
    const wanted = lang.split("-")[0].toLowerCase();
    return speech.getVoices().find(one => one.localService && one.lang.toLowerCase().startsWith(wanted));
  }

  function say(index, mine) {
    if (mine !== turn) return;
    at = index;
    const block = blocks[index];
    if (!block) return show("");
    const utterance = new SpeechSynthesisUtterance(block.text);
    utterance.voice = block.lang === own ? voice : another(block.lang) ?? voice;
    utterance.lang = utterance.voice.lang;
    // Some telephones end what is paused; it is then said anew (press).
    utterance.addEventListener("end", () => { if (state !== "paused") say(index + 1, mine); });
    utterance.addEventListener("error", () => { if (mine === turn) finish(); });
    speech.speak(utterance);
  }

  function begin() {
    speech.cancel();
    turn += 1;
    show("speaking");
    say(0, turn);
  }

  function finish() {
    turn += 1;
    speech.cancel();
    show("");
  }

  function press() {
    if (state === "speaking") {
      speech.pause();
      show("paused");
    } else if (state === "paused") {
      speech.resume();
      show("speaking");
      if (!speech.speaking && !speech.pending) say(at, turn);
    } else begin();
  }

  button.addEventListener("click", press);
  end.addEventListener("click", finish);
  addEventListener("pagehide", finish);
  begin();
}
