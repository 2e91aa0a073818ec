// The workbench: boxes, words and findings lead to each other; keys for people who do this all day.
import { openPin, startDrawing, stopDrawing, isDrawing, pinSelection } from "./pinning.js";
import { showProblems } from "./problems.js";
import { restoreZoom, zoom } from "./zooming.js";

const desk = document.querySelector(".desk");
const TYPING = "input, textarea, select, [contenteditable]";
let current = null; // key of the finding the keys act on

const findings = () => [...desk.querySelectorAll("[data-finding]")].filter((one) => !one.hidden);
const withKey = (key) => desk.querySelectorAll(`[data-key="${key}"], [data-keys~="${key}"]`);
const entryOf = (key) => desk.querySelector(`article[data-key="${key}"], li[data-key="${key}"]`);

function keysOf(element) {
  const marked = element.closest?.("[data-key], [data-keys]");
  if (!marked || !desk.contains(marked)) return [];
  return marked.dataset.key ? [marked.dataset.key] : marked.dataset.keys.split(" ").filter(Boolean);
}

// --- hover ---
desk.addEventListener("pointerover", (event) => light(keysOf(event.target)));
desk.addEventListener("focusin", (event) => light(keysOf(event.target)));
desk.addEventListener("pointerleave", () => light([]));

function light(keys) {
  for (const hot of desk.querySelectorAll(".hot")) hot.classList.remove("hot");
  for (const key of keys) for (const one of withKey(key)) one.classList.add("hot");
}

// --- click ---
desk.addEventListener("click", (event) => {
  if (isDrawing()) return;
  const jump = event.target.closest("[data-jump]");
  if (jump) {
    event.preventDefault();
    choose(keysOf(jump)[0], { scroll: false });
    showPlace(jump.dataset.jump);
    return;
  }
  if (event.target.closest("button, input, select, textarea, summary, label")) return;
  if (!document.getSelection().isCollapsed) return;
  const [key] = keysOf(event.target);
  if (!key) return;
  const inList = event.target.closest("[data-judgement]");
  if (inList && event.target.closest("a")) return;
  event.preventDefault();
  choose(key, { scroll: !inList });
  if (inList) showFirstPlace(key);
});

// The finding the keys act on; in the list it is brought into view.
function choose(key, { scroll = true, focus = scroll } = {}) {
  if (!key) return;
  const entry = entryOf(key);
  for (const other of desk.querySelectorAll(".chosen-one")) other.classList.remove("chosen-one");
  for (const one of withKey(key)) one.classList.add("chosen-one");
  if (!entry) return;
  if (entry.matches("[data-finding]")) current = key;
  const folded = entry.closest("details");
  if (folded) folded.open = true;
  if (scroll) entry.scrollIntoView({ block: "nearest" });
  if (focus && entry.tabIndex >= -1) entry.focus({ preventScroll: true });
}

function showFirstPlace(key) {
  const box = desk.querySelector(`polygon.box[data-key="${key}"]`);
  const words = desk.querySelector(`.ref[data-key="${key}"]`);
  bring(box ?? words);
}

function showPlace(anchor) {
  bring(document.getElementById(`${anchor}-box`) ?? document.getElementById(anchor));
}

function bring(place) {
  if (!place) return;
  place.scrollIntoView({ block: "center", inline: "nearest" });
  const keys = keysOf(place);
  light(keys);
}

// --- keys ---
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isDrawing()) {
    stopDrawing();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.target.matches(TYPING)) {
    inField(event);
    return;
  }
  const inSheets = event.target.closest("[data-sheets]");
  if (inSheets && event.key.startsWith("Arrow")) return; // they scroll the ad
  const act = KEYS[event.key];
  if (!act || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
  if (act() !== false) event.preventDefault();
});

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  Enter: () => (current ? showFirstPlace(current) : false),
  c: () => press("confirm"),
  x: () => askReason(),
  n: () => startDrawing() || openPin({}),
  m: () => pinSelection(),
  "/": () => desk.querySelector("[data-find-finding]")?.focus() ?? false,
  "?": () => document.getElementById("keys").showModal(),
  "+": () => zoom(1),
  "=": () => zoom(1),
  "-": () => zoom(-1),
  0: () => zoom(0),
};

function step(by) {
  const all = findings();
  if (!all.length) return false;
  const at = all.findIndex((one) => one.dataset.key === current);
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  choose(next.dataset.key);
  const sheets = desk.querySelector("[data-sheets]");
  if (getComputedStyle(sheets).overflowY !== "visible" && innerWidth > 860) showFirstPlace(next.dataset.key);
  return true;
}

const form = () => (current ? entryOf(current)?.querySelector("form.judge") : null);

function press(what) {
  const button = form()?.querySelector(`[data-do="${what}"]`);
  if (!button || button.disabled) return false;
  button.click();
  return true;
}

function askReason() {
  const judge = form();
  if (!judge) return false;
  const again = judge.querySelector("details.again");
  if (again) again.open = true;
  judge.elements.namedItem("reason").focus();
  return true;
}

function inField(event) {
  const judge = event.target.closest("form.judge");
  if (event.key === "Enter" && judge && event.target.name === "reason" && !event.isComposing) {
    event.preventDefault();
    judge.querySelector('[data-do="dismiss"]').click(); // htmx only knows buttons that were clicked
  } else if (event.key === "Escape" && judge) {
    judge.closest("article").focus({ preventScroll: true });
  }
}

// --- verdicts ---
document.addEventListener("submit", (event) => {
  const judge = event.target;
  if (!judge.matches?.("form.judge")) return;
  choose(keysOf(judge)[0], { scroll: false });
  const reason = judge.elements.namedItem("reason");
  if (event.submitter?.dataset.do === "dismiss" && !reason.value.trim()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const told = "不认定须写明理由，可从列表里选";
    showProblems(judge, { detail: told, fields: { reason: told } });
  }
}, true);

let judged = null; // key of the finding whose verdict is on its way
document.addEventListener("htmx:beforeRequest", (event) => {
  const entry = event.detail.elt.closest?.("[data-finding]");
  if (entry) judged = entry.dataset.key;
});

let kept = null; // where both sides were scrolled before they are replaced
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "panes" || !event.detail.shouldSwap) return;
  kept = ["[data-sheets]", "[data-judgement]"].map((one) => desk.querySelector(one)?.scrollTop ?? 0);
});

document.addEventListener("htmx:afterSettle", () => {
  if (kept) {
    ["[data-sheets]", "[data-judgement]"].forEach((one, at) => {
      const side = desk.querySelector(one);
      if (side) side.scrollTop = kept[at];
    });
    kept = null;
    restoreZoom();
  }
  mute();
  if (judged) {
    const all = findings();
    const at = all.findIndex((one) => one.dataset.key === judged);
    const next = all.slice(at + 1).find((one) => one.dataset.verdict === "open") ?? all[at];
    judged = null;
    if (next) choose(next.dataset.key);
  } else if (current) {
    choose(current, { scroll: false });
  }
});

// Boxes and words of dismissed findings step back.
function mute() {
  const away = new Set(
    findings().filter((one) => one.dataset.verdict === "dismissed").map((one) => one.dataset.key),
  );
  for (const place of desk.querySelectorAll(".sheets [data-key], .sheets [data-keys]")) {
    const keys = keysOf(place);
    place.classList.toggle("dismissed-place", keys.length > 0 && keys.every((key) => away.has(key)));
  }
}

// --- looking for a finding, and for a part ---
desk.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find-finding]")) return;
  const words = event.target.value.trim().toLowerCase();
  for (const one of desk.querySelectorAll("[data-finding]")) {
    one.hidden = words !== "" && !one.textContent.toLowerCase().includes(words);
  }
});
desk.addEventListener("change", (event) => {
  if (event.target.matches("[data-part-jump]")) {
    document.getElementById(event.target.value)?.scrollIntoView({ block: "start" });
  }
});

mute();
const first = findings().find((one) => one.dataset.verdict === "open");
const named = location.hash.startsWith("#finding-") && document.getElementById(location.hash.slice(1));
if (named) choose(named.dataset.key);
else if (first) choose(first.dataset.key, { scroll: false });
