// Before the first paint: the reader's text size (1 to 5; 2 is ours) and contrast, so that nothing jumps or flashes.
(d => {
  let size, contrast;
  try { [size, contrast] = [localStorage.getItem("text-size"), localStorage.getItem("contrast")]; } catch { /* refused */ }
  d.dataset.step = /^[1-5]$/.test(size) ? size : "2";
  if (contrast === "more") d.dataset.contrast = contrast;
  if (navigator.share) d.dataset.share = "";
})(document.documentElement);
