// Forms that lose nothing. form[data-keep] is sent by script and stays as it is until it has
// worked; forms with hx-post are sent by htmx. Both tell their problems in place, and both ask
// for the password in place when the session is over.
import { askToSignIn, csrf } from "./session.js";
import { clearProblems, showProblems } from "./problems.js";
import { toast, toastOf } from "./toasts.js";

const AWAY = "暂时连不上，填写的内容还在，请稍后再提交";
const BIG_BYTES = 1_000_000; // from here on an upload shows how far it is
const DOWN = new Set([0, 502, 503, 504]);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-keep]") || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  send(form, event.submitter);
});

function send(form, submitter) {
  if (form.dataset.busy) return;
  const tooLarge = overLimit(form);
  if (tooLarge) {
    showProblems(form, { detail: tooLarge });
    return;
  }
  clearProblems(form);
  const body = new FormData(form, submitter);
  if (body.has("csrf")) body.set("csrf", csrf());
  const request = new XMLHttpRequest();
  request.open(form.method || "post", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRF-Token", csrf());
  const bar = sizeOf(form) > BIG_BYTES ? progressIn(form) : null;
  if (bar) request.upload.onprogress = ({ loaded, total }) => bar.tell(loaded, total);
  const done = () => {
    bar?.remove();
    setBusy(form, false);
  };
  request.onload = () => {
    done();
    answer(form, submitter, request);
  };
  request.onerror = request.ontimeout = () => {
    done();
    toast(AWAY);
  };
  setBusy(form, true);
  request.send(body);
}

function answer(form, submitter, request) {
  const to = request.getResponseHeader("HX-Redirect");
  if (to) {
    leaveFor(to);
  } else if (request.status === 401) {
    askToSignIn().then((again) => again && send(form, submitter));
  } else if (DOWN.has(request.status)) {
    toast(AWAY);
  } else if (request.status >= 400) {
    showProblems(form, problemOf(request));
  } else if (request.responseURL && new URL(request.responseURL).pathname !== new URL(form.action).pathname) {
    leaveFor(request.responseURL);
  } else {
    toastOf(request.getResponseHeader("X-Toast"));
    showPage(request);
  }
}

function leaveFor(to) {
  const target = new URL(to, location.href);
  const here = target.pathname === location.pathname && target.search === location.search;
  if (here) {
    location.hash = target.hash;
    location.reload();
  } else {
    location.assign(target.href);
  }
}

// A page instead of a redirect, as after making a token: what it says takes the content's place.
function showPage(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const content = page.getElementById("content");
  if (!content) return;
  const mine = document.getElementById("content");
  mine.replaceChildren(...content.childNodes);
  window.htmx?.process(mine);
  mine.focus();
}

function problemOf(request) {
  const type = request.getResponseHeader("Content-Type") ?? "";
  if (type.includes("json")) {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return { detail: `没有成功（${request.status}）` };
    }
  }
  return fromPage(request);
}

// The same form again with its errors beside the fields: only the errors are taken from it.
function fromPage(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fields = {};
  for (const field of page.querySelectorAll(".field.wrong, .wrong")) {
    const control = field.querySelector("[name]");
    const error = field.querySelector(".error");
    if (control && error) fields[control.getAttribute("name")] = error.textContent.trim();
  }
  const notice = page.querySelector("#content .notice.error, #content [role=alert]");
  const words = [...(notice?.querySelectorAll("p") ?? [])].map((one) => one.textContent.trim());
  const told = [...new Set(words)].join("。") || notice?.textContent.trim();
  return { detail: told || (Object.keys(fields).length ? "有内容需要改正" : `没有成功（${request.status}）`), fields };
}

function overLimit(form) {
  const most = Number(document.querySelector('meta[name="max-upload-bytes"]')?.content);
  return most && sizeOf(form) > most
    ? `选择的文件共 ${megabytes(sizeOf(form))}，一次最多 ${megabytes(most)}。请压缩图片或分几次提交`
    : "";
}

function sizeOf(form) {
  let size = 0;
  for (const input of form.querySelectorAll("input[type=file]")) {
    for (const file of input.files) size += file.size;
  }
  return size;
}

function megabytes(bytes) {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

function progressIn(form) {
  const box = document.createElement("div");
  box.className = "upload";
  box.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", "上传进度");
  const words = document.createElement("p");
  words.className = "quiet";
  words.textContent = "正在上传…";
  box.append(bar, words);
  const buttons = [...form.querySelectorAll(".actions")].at(-1);
  if (buttons) buttons.before(box);
  else form.append(box);
  return {
    tell(loaded, total) {
      bar.value = total ? loaded / total : 0;
      words.textContent = loaded < total ? `已上传 ${megabytes(loaded)} / ${megabytes(total)}` : "已上传，正在检查…";
    },
    remove: () => box.remove(),
  };
}

function setBusy(form, busy) {
  if (busy) form.dataset.busy = "1";
  else delete form.dataset.busy;
  form.setAttribute("aria-busy", String(busy));
  for (const button of form.querySelectorAll("button[type=submit]")) button.classList.toggle("busy", busy);
}

// --- what htmx sends ---
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf();
  if ("csrf" in event.detail.parameters) event.detail.parameters.csrf = csrf();
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt, requestConfig } = event.detail;
  const form = elt.closest("form");
  if (xhr.status === 401) {
    const submitter = requestConfig.triggeringEvent?.submitter ?? null;
    askToSignIn().then((again) => again && form?.isConnected && resend(form, submitter));
  } else if (DOWN.has(xhr.status)) {
    if (form) toast(AWAY);
  } else if (form) {
    showProblems(form, problemOf(xhr));
  } else {
    toastOf(xhr.getResponseHeader("X-Toast"));
  }
});

// htmx sends a button's value only if the button was clicked.
function resend(form, submitter) {
  if (submitter?.isConnected) submitter.click();
  else form.requestSubmit();
}

document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.closest("form")) toast(AWAY);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) clearProblems(form);
});
