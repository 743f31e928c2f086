// The arrows lead from day to day, as on paper; without this script Tab does.
const days = [...document.querySelectorAll(".calendar .day-number")];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

document.querySelector(".calendar")?.addEventListener("keydown", (event) => {
  const place = days.indexOf(event.target.closest(".day-number"));
  const step = STEPS[event.key];
  if (place < 0 || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  const rtl = getComputedStyle(event.currentTarget).direction === "rtl" && Math.abs(step) === 1;
  const next = days[place + (rtl ? -step : step)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
