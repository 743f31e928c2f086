// The library as a dialog in which a picture is chosen by eye.

import { fill, fillCount, freshId, h, openDialog } from "desk-editor/dom";

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
