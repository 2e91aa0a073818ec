// Places in a part's words. The server counts code points, scripts count UTF-16 units.

export const codePoints = (text) => [...text].length;

// The words selected in a part: {part, name, start, end, text}; null if none are.
export function selectedWords() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  for (const words of document.querySelectorAll("[data-words]")) {
    if (!range.intersectsNode(words)) continue;
    const found = within(range, words);
    if (found) return found;
  }
  return null;
}

function within(range, words) {
  let start = null;
  let end = null;
  let text = "";
  for (const run of words.querySelectorAll("[data-start]")) {
    if (!range.intersectsNode(run)) continue;
    const piece = common(range, run);
    const chosen = piece.toString();
    if (!chosen) continue;
    const before = document.createRange();
    before.selectNodeContents(run);
    before.setEnd(piece.startContainer, piece.startOffset);
    const at = Number(run.dataset.start) + codePoints(before.toString());
    start ??= at;
    end = at + codePoints(chosen);
    text += chosen;
  }
  if (start === null) return null;
  const part = words.closest("[data-part]");
  return { part: part.dataset.part, name: part.dataset.partName, start, end, text };
}

// What a range and a run of words share.
function common(range, run) {
  const piece = document.createRange();
  piece.selectNodeContents(run);
  if (piece.compareBoundaryPoints(Range.START_TO_START, range) < 0) piece.setStart(range.startContainer, range.startOffset);
  if (piece.compareBoundaryPoints(Range.END_TO_END, range) > 0) piece.setEnd(range.endContainer, range.endOffset);
  return piece;
}

// The part's text without the numbers that stand in it.
export function textOf(words) {
  return [...words.querySelectorAll("[data-start]")].map((run) => run.textContent).join("");
}

// Its lines that hold anything: {start, end, text}, in code points.
export function linesOf(text) {
  const lines = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const length = codePoints(line);
    if (line.trim()) lines.push({ start: at, end: at + length, text: line });
    at += length + 1;
  }
  return lines;
}
