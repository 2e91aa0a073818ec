// Something new at a place: a box drawn on a picture, words marked, lines chosen from a list.
import { selectedWords, textOf, linesOf } from "./places.js";
import { clearProblems } from "./problems.js";
import { toast } from "./toasts.js";

const SMALLEST_PX = 6; // on the screen: less is a slip of the hand
const desk = document.querySelector(".desk");
const pin = document.getElementById("pin");
let drawing = null; // null, or {canvas, from} once the button is down
let isOn = false;

export const isDrawing = () => isOn;

// --- drawing ---
export function startDrawing() {
  if (!desk.querySelector("[data-draw]")) return false;
  isOn = true;
  shown();
  toast("在图上拖动画框；再按“框选”或 Esc 取消");
  return true;
}

export function stopDrawing() {
  isOn = false;
  drawing = null;
  shown();
  for (const rect of desk.querySelectorAll("[data-drawing]")) rect.setAttribute("hidden", "");
}

function shown() {
  desk.querySelector("[data-draw]")?.setAttribute("aria-pressed", String(isOn));
  desk.querySelector("[data-sheets]")?.classList.toggle("drawing-on", isOn);
}

function at(canvas, event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  const { x, y } = point.matrixTransform(canvas.getScreenCTM().inverse());
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  return [within(x, Number(canvas.dataset.width)), within(y, Number(canvas.dataset.height))];
}

desk.addEventListener("pointerdown", (event) => {
  const canvas = isOn && event.button === 0 ? event.target.closest("[data-canvas]") : null;
  if (!canvas) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  drawing = { canvas, from: at(canvas, event), screen: [event.clientX, event.clientY] };
});

desk.addEventListener("pointermove", (event) => {
  if (drawing) draw(drawing.canvas, boxOf(event));
});

desk.addEventListener("pointerup", (event) => {
  if (!drawing) return;
  const { canvas, screen } = drawing;
  const box = boxOf(event);
  drawing = null;
  const small = [event.clientX - screen[0], event.clientY - screen[1]].some((one) => Math.abs(one) < SMALLEST_PX);
  if (small) {
    canvas.querySelector("[data-drawing]").setAttribute("hidden", "");
    return;
  }
  isOn = false;
  shown();
  const part = canvas.closest("[data-part]");
  openPin({ part: part.dataset.part, box, told: `${part.dataset.partName}，框出的区域` });
});
desk.addEventListener("pointercancel", () => drawing && stopDrawing());

function boxOf(event) {
  const [x, y] = at(drawing.canvas, event);
  const [fromX, fromY] = drawing.from;
  return [Math.min(x, fromX), Math.min(y, fromY), Math.max(x, fromX), Math.max(y, fromY)];
}

function draw(canvas, [left, top, right, bottom]) {
  const rect = canvas.querySelector("[data-drawing]");
  rect.setAttribute("x", left);
  rect.setAttribute("y", top);
  rect.setAttribute("width", right - left);
  rect.setAttribute("height", bottom - top);
  rect.removeAttribute("hidden");
}

// --- marking words ---
export function pinSelection() {
  if (!pin) return false;
  const words = selectedWords();
  if (!words) {
    toast("请先在文字里选中要标记的词句");
    return true;
  }
  openPin({ ...words, told: `${words.name}，“${shortened(words.text)}”` });
  return true;
}

const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

// --- the dialog ---
// `place`: part with start and end (code points) or box (part's units); nothing: the whole.
export function openPin(place, kind = null) {
  if (!pin) return false;
  fill(place);
  for (const form of pin.querySelectorAll("form")) clearProblems(form);
  pin.querySelector(".pin-lines").open = false;
  listParts();
  if (kind) setKind(kind);
  pin.showModal();
  const form = pin.querySelector("form:not([hidden])");
  form.querySelector("[data-find-rule], textarea")?.focus();
  return true;
}

function fill({ part = "", start = "", end = "", box = [], told = "整篇" }) {
  pin.querySelector("[data-pin-told]").textContent = told;
  const values = { part, start, end, box: box.map((side) => side.toFixed(1)).join(",") };
  for (const field of pin.querySelectorAll("[data-pin-field]")) field.value = values[field.name];
}

pin?.addEventListener("close", stopDrawing);

function setKind(kind) {
  const radio = pin.querySelector(`[data-pin-kind][value="${kind}"]`);
  if (radio) radio.checked = true;
  for (const form of pin.querySelectorAll("[data-pin-form]")) form.hidden = form.dataset.pinForm !== kind;
}

// The keyboard's way: lines of a part from a list.
function listParts() {
  const parts = [...desk.querySelectorAll("[data-part]")];
  const chooser = pin.querySelector("[data-pin-part]");
  chooser.replaceChildren(...parts.map((part) => new Option(part.dataset.partName, part.dataset.part)));
  listLines();
}

function listLines() {
  const chooser = pin.querySelector("[data-pin-part]");
  const part = partOf(chooser.value);
  const words = part?.querySelector("[data-words]");
  const lines = words ? linesOf(textOf(words)) : [];
  const options = lines.map(({ start, end, text }) => new Option(text, `${start},${end}`));
  pin.querySelector("[data-pin-lines]").replaceChildren(...options);
}

const partOf = (id) => [...desk.querySelectorAll("[data-part]")].find((one) => one.dataset.part === id);

pin?.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("[data-pin-part]")) listLines();
  if (target.matches("[data-pin-kind]")) setKind(target.value);
  if (target.matches("[data-pin-part], [data-pin-lines]")) chooseLines();
  if (target.matches("[data-rules]")) forOther(target);
});

function chooseLines() {
  const chosen = [...pin.querySelector("[data-pin-lines]").selectedOptions];
  if (!chosen.length) {
    fill({});
    return;
  }
  const part = partOf(pin.querySelector("[data-pin-part]").value);
  const start = chosen[0].value.split(",")[0];
  const end = chosen.at(-1).value.split(",")[1];
  const text = chosen.map((one) => one.text).join("");
  fill({ part: part.dataset.part, start, end, told: `${part.dataset.partName}，“${shortened(text)}”` });
}

// --- rules by a few letters ---
const rules = pin?.querySelector("[data-rules]");
const groups = rules ? [...rules.children].map((group) => ({ label: group.label, options: [...group.children] })) : [];

pin?.querySelector("[data-find-rule]")?.addEventListener("input", (event) => {
  const words = event.target.value.trim().toLowerCase();
  const chosen = rules.value;
  const fitting = groups.map(({ label, options }) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...options.filter((one) => fits(one, label, words)));
    return group;
  });
  rules.replaceChildren(...fitting.filter((group) => group.children.length));
  rules.value = chosen;
  if (!rules.value && words && rules.options.length) rules.selectedIndex = 0;
  forOther(rules);
});

function fits(option, label, words) {
  return !words || option.value === "other" || `${option.text} ${option.value} ${label}`.toLowerCase().includes(words);
}

function forOther(select) {
  const isOther = select.value === "other";
  pin.querySelector("[data-for-other]").hidden = !isOther;
  pin.querySelector("#pin-explanation").required = isOther;
}

// --- buttons, and what happens once it is kept ---
desk.addEventListener("click", (event) => {
  if (event.target.closest("[data-draw]")) isOn ? stopDrawing() : startDrawing();
  else if (event.target.closest("[data-mark]")) pinSelection();
  else {
    const add = event.target.closest("[data-add]");
    if (add) openPin({}, add.dataset.add || "finding");
  }
});
// A click on a button must not take the selection away before it is read.
desk.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-mark]")) event.preventDefault();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("[data-pin-form]");
  if (!form || !event.detail.successful) return;
  form.reset();
  pin.close();
});
