// The toolbar's icons: thin lines on a 20 by 20 grid, in the colour of the text.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  subhead: "M4 4v12M11 4v12M4 10h7M14.5 9.5a1.6 1.6 0 1 1 2.8 1.2L14.5 15h3.4",
  minor_subhead: "M4 5v10M10 5v10M4 10h6M14 10h3.4l-2 2.2a1.7 1.7 0 1 1-1.6 2.3",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z",
  emphasis: "M8 4h7M5 16h7M11.5 4l-3 12",
  link: "M8.5 11.5l3-3M9.5 6.5l1.8-1.8a3 3 0 0 1 4.2 4.2L13.500 10.8M10.500 13.200l-1.800 1.800a3 3 0 0 1-4.200-4.200l2-1.900",
  bullet_list: "M8 5h9M8 10h9M8 15h9M3.500 5h.6M3.500 10h.6M3.500 15h.6",
  ordered_list: "M9 5h8M9 10h8M9 15h8M3 4l1.200-.700V7.500M2.800 12.300a1.200 1.200 0 1 1 2.100.900l-2.100 2.500h2.300",
  quote: "M4 4v12M8 6h9M8 10h9M8 14h6",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M10 8v8",
  picture: "M3 4h14v12H3zM3 13.500l4-4 4 4 2.500-2.500L17 14M13.200 7.500h.01",
  undo: "M7 5L3.500 8.500 7 12M4 8.500h7.500a4 4 0 0 1 0 8H9",
  redo: "M13 5l3.500 3.500L13 12M16 8.500H8.500a4 4 0 0 0 0 8H11",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
