// Before the first paint: the reader's text size (1 to 5; 2 is ours), so that nothing jumps.
(d => {
  let s;
  try { s = localStorage.getItem("text-size"); } catch { /* storage refused */ }
  d.dataset.step = /^[1-5]$/.test(s) ? s : "2";
})(document.documentElement);
