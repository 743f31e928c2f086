// Dragging by pointer (mouse, pen, finger): a slot within the list or out of it, a story from beside into it.

const EDGE = 60; // pixels from the edge of the window within which it scrolls
const SLOP = 4; // pixels that a pointer moves before it drags

/**
 * Follows the pointer until it is let go. item: the slot; of a story from beside null, and `make` gives its slot once it
 * is over the list. drop(slot, out): out of the list or in it; cancel(slot): all is as it was.
 */
export function drag(event, { list, item, make, drop, cancel }) {
  if (event.button || !event.isPrimary) return;
  const start = { x: event.clientX, y: event.clientY };
  const home = item?.nextElementSibling ?? null;
  let slot = item;
  let dragging = false;
  let scroll = 0;
  let last = event;

  const form = list.closest("form"); // stays where it is while a slot is moved, so that it can hold the pointer
  form.setPointerCapture(event.pointerId);
  event.preventDefault();

  const over = ({ clientX, clientY }) => {
    const box = list.closest("section").getBoundingClientRect();
    return clientX >= box.left && clientX <= box.right && clientY >= box.top - EDGE && clientY <= box.bottom + EDGE;
  };

  function place(at) {
    const others = [...list.children].filter((one) => one !== slot);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return at.clientY < box.top + box.height / 2;
    });
    if (slot.parentElement !== list || slot.nextElementSibling !== (next ?? null)) list.insertBefore(slot, next ?? null);
  }

  function follow(at) {
    last = at;
    if (!dragging && Math.hypot(at.clientX - start.x, at.clientY - start.y) < SLOP) return;
    if (!dragging) {
      dragging = true;
      document.body.classList.add("dragging");
    }
    if (over(at)) {
      slot ??= make();
      if (!slot) return;
      slot.classList.add("dragged");
      slot.classList.remove("leaving");
      place(at);
    } else if (slot && item) {
      slot.classList.add("leaving");
    } else if (slot) {
      slot.remove();
    }
    const up = at.clientY < EDGE;
    const down = at.clientY > innerHeight - EDGE;
    if ((up || down) && !scroll) scroll = requestAnimationFrame(roll);
  }

  function roll() {
    scroll = 0;
    const step = last.clientY < EDGE ? -12 : last.clientY > innerHeight - EDGE ? 12 : 0;
    if (!step || !dragging) return;
    scrollBy(0, step);
    if (slot?.isConnected && over(last)) place(last);
    scroll = requestAnimationFrame(roll);
  }

  function end() {
    for (const [name, listener] of Object.entries(listeners)) form.removeEventListener(name, listener);
    document.removeEventListener("keydown", escape, true);
    document.body.classList.remove("dragging");
    slot?.classList.remove("dragged");
    cancelAnimationFrame(scroll);
  }

  function back() {
    end();
    if (!dragging) return;
    slot?.classList.remove("leaving");
    if (item) list.insertBefore(item, home);
    else slot?.remove();
    cancel(slot);
  }

  const escape = (key) => {
    if (key.key !== "Escape") return;
    key.preventDefault();
    key.stopPropagation();
    back();
  };
  const listeners = {
    pointermove: follow,
    pointerup: () => {
      end();
      if (!dragging || !slot) return;
      const out = slot.classList.contains("leaving") || !slot.isConnected;
      if (out && item) list.insertBefore(item, home); // what is taken out can be put back where it stood
      drop(slot, out);
    },
    pointercancel: back,
  };
  for (const [name, listener] of Object.entries(listeners)) form.addEventListener(name, listener);
  document.addEventListener("keydown", escape, true);
}
