// [data-dropzone]: files by choosing, dropping or pasting; the list of those chosen, each with a
// button to take it out again. Without this script the plain file input remains.

const PASTED = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif" };

function setUp(zone) {
  if (zone.dataset.ready) return;
  zone.dataset.ready = "1";
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector(".chosen");
  const opener = openerOf(zone, input);
  let files = [];

  const show = () => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    list.replaceChildren(...files.map((file, at) => row(file, () => remove(at))));
  };
  const add = (more) => {
    const known = new Set(files.map(keyOf));
    const fresh = [...more].filter((file) => !known.has(keyOf(file)));
    files = input.multiple ? [...files, ...fresh] : fresh.slice(0, 1);
    show();
  };
  const remove = (at) => {
    files.splice(at, 1);
    show();
    (list.querySelectorAll("button")[Math.min(at, files.length - 1)] ?? opener).focus();
  };

  input.addEventListener("change", () => add(input.files));
  input.form?.addEventListener("reset", () => {
    files = [];
    list.replaceChildren();
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    add(event.dataTransfer.files);
  });
  zone.addFiles = add;
}

// The browser's own button speaks the browser's language and tells again what the list tells.
function openerOf(zone, input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = input.multiple ? "选择文件…" : "选择一个文件…";
  button.setAttribute("aria-label", `选择${zone.querySelector("label").firstChild.data.trim()}`);
  button.addEventListener("click", () => input.click());
  input.before(button);
  input.classList.add("visually-hidden");
  input.tabIndex = -1;
  input.addEventListener("focus", () => button.focus());
  return button;
}

function row(file, onRemove) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = file.name;
  const size = document.createElement("span");
  size.className = "quiet nowrap";
  size.textContent = sizeName(file.size);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small quiet";
  button.textContent = "移除";
  button.setAttribute("aria-label", `移除 ${file.name}`);
  button.addEventListener("click", onRemove);
  item.append(name, size, button);
  return item;
}

function sizeName(bytes) {
  if (bytes < 1000) return `${bytes} 字节`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function keyOf(file) {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

// A screenshot in the clipboard goes to the first zone of the page, or of the form one is in.
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  const near = event.target.closest?.("form") ?? document;
  const zone = near.querySelector("[data-dropzone]") ?? document.querySelector("[data-dropzone]");
  if (!zone?.addFiles) return;
  event.preventDefault();
  zone.addFiles(files.map(named));
});

function named(file, at) {
  const ending = PASTED[file.type];
  if (!ending || !/^image\.\w+$/.test(file.name)) return file;
  const when = new Date().toISOString().slice(0, 19).replace(/\D/g, "");
  return new File([file], `粘贴的图片-${when}-${at + 1}.${ending}`, { type: file.type });
}

// A file dropped beside a zone must not open in place of the page.
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (event.dataTransfer?.types.includes("Files") && document.querySelector("[data-dropzone]")) event.preventDefault();
  });
}

const setUpAll = () => document.querySelectorAll("[data-dropzone]").forEach(setUp);
setUpAll();
document.addEventListener("htmx:afterSettle", setUpAll);
