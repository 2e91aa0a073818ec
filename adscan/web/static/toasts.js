// Short words at the foot of the page: from a response's X-Toast header, a cookie, or a script.

const SHOWN_MS = 7000;

export function toast(message) {
  const box = place();
  const item = document.createElement("div");
  item.className = "toast";
  const words = document.createElement("span");
  words.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "关闭提示");
  close.addEventListener("click", () => item.remove());
  item.append(words, close);
  box.append(item);
  while (box.children.length > 3) box.firstElementChild.remove();
  setTimeout(() => item.remove(), SHOWN_MS);
}

// An open dialog lies above the rest of the page: what is said must be said inside it.
function place() {
  const box = document.getElementById("toasts");
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  (open ?? document.body).append(box);
  return box;
}

// A dialog may vanish with the box inside it.
document.addEventListener("close", () => {
  const box = document.getElementById("toasts");
  if (box && box.parentElement !== document.body) document.body.append(box);
}, true);

export function toastOf(header) {
  if (!header) return;
  try {
    toast(decodeURIComponent(header));
  } catch {
    toast(header);
  }
}

// Before a redirect the server leaves its word in a cookie.
function fromCookie() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("adscan_toast="));
  if (!found) return;
  document.cookie = "adscan_toast=; max-age=0; path=/; samesite=lax";
  let value = found.slice("adscan_toast=".length);
  if (value.startsWith('"')) value = value.slice(1, -1);
  toastOf(value);
}

fromCookie();
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, successful } = event.detail;
  if (successful && xhr) toastOf(xhr.getResponseHeader("X-Toast"));
});
