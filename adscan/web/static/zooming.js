// How large the ad is shown: pictures by their width, words by their size.

const STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4];
const SMALLER = [0.75, 0.5];
const ALL = [...SMALLER].reverse().concat(STEPS);
let factor = 1; // 1: pictures as wide as the pane

const sheets = () => document.querySelector("[data-sheets]");

// 1 larger, -1 smaller, 0 as wide as the pane.
export function zoom(direction) {
  const at = ALL.indexOf(factor);
  const next = direction === 0 ? 1 : ALL[Math.min(Math.max(at + direction, 0), ALL.length - 1)];
  show(next);
  return true;
}

export function restoreZoom() {
  show(factor);
}

function show(next) {
  const pane = sheets();
  if (!pane) return;
  const middleX = (pane.scrollLeft + pane.clientWidth / 2) / pane.scrollWidth;
  const middleY = (pane.scrollTop + pane.clientHeight / 2) / pane.scrollHeight;
  const changes = next !== factor;
  factor = next;
  for (const canvas of pane.querySelectorAll("[data-canvas]")) canvas.style.width = `${factor * 100}%`;
  for (const words of pane.querySelectorAll("[data-words]")) words.style.fontSize = `${Math.max(0.8, factor)}em`;
  if (!changes) return;
  pane.scrollLeft = middleX * pane.scrollWidth - pane.clientWidth / 2;
  pane.scrollTop = middleY * pane.scrollHeight - pane.clientHeight / 2;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zoom({ in: 1, out: -1, fit: 0 }[button.dataset.zoom]);
});

document.addEventListener("wheel", (event) => {
  if (!event.ctrlKey || !event.target.closest("[data-sheets]")) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1 : -1);
}, { passive: false });
