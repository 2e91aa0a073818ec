// What is wrong with a form, told in it: a sentence on top, and one beside each field.

export function clearProblems(form) {
  for (const told of form.querySelectorAll("[data-told]")) told.remove();
  for (const field of form.querySelectorAll(".field.wrong, .judge-row.wrong")) field.classList.remove("wrong");
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    const others = described(control).filter((id) => !id.endsWith("-told"));
    if (others.length) control.setAttribute("aria-describedby", others.join(" "));
    else control.removeAttribute("aria-describedby");
  }
}

// `problem` is a problem+json document: detail, hint, fields {name: sentence}.
export function showProblems(form, problem) {
  clearProblems(form);
  const left = [];
  let first = null;
  for (const [name, sentence] of Object.entries(problem.fields ?? {})) {
    const control = [...form.elements].find((one) => one.name === name && one.type !== "hidden");
    if (!control) {
      left.push(sentence);
      continue;
    }
    beside(control, sentence);
    first ??= control;
  }
  const words = [problem.detail, problem.hint, ...left].filter(Boolean);
  const told = [...new Set(words)].join("。");
  const single = first && Object.values(problem.fields).includes(problem.detail);
  if (told && !single) form.prepend(notice(told, problem.status === 409));
  if (first) first.focus();
  else form.querySelector("[data-told]")?.scrollIntoView({ block: "nearest" });
}

function beside(control, sentence) {
  const field = control.closest(".field, .judge-row") ?? control.parentElement;
  const error = document.createElement("p");
  error.className = "error";
  error.id = `${control.id || control.name}-told`;
  error.dataset.told = "";
  error.textContent = sentence;
  field.classList.add("wrong");
  field.append(error);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [...described(control), error.id].join(" "));
}

function described(control) {
  return (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}

// After a conflict only a fresh page helps; what was typed stays until one asks for it.
function notice(sentence, isStale) {
  const box = document.createElement("div");
  box.className = "notice error";
  box.dataset.told = "";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  if (isStale) {
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = "刷新页面";
    box.append(" ", link);
  }
  return box;
}
