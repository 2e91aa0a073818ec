// The session's CSRF token, and signing in again without leaving the page.

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

function setCsrf(value) {
  document.querySelector('meta[name="csrf-token"]').content = value;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": value }));
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = value;
}

let asking = null; // one dialog for all requests that find the session over

// Resolves to true once signed in, to false if the person would rather not.
export function askToSignIn() {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

function ask() {
  const dialog = document.getElementById("sign-in-again");
  if (!dialog) return Promise.resolve(false); // nobody was signed in here
  const form = dialog.querySelector("form");
  const login = form.elements.namedItem("login");
  const password = form.elements.namedItem("password");
  const problem = form.querySelector("[data-problem]");
  const before = login.defaultValue;
  problem.hidden = true;
  password.value = "";
  dialog.showModal();
  (login.value ? password : login).focus();
  return new Promise((resolve) => {
    let done = false;
    const onSubmit = async (event) => {
      event.preventDefault();
      const told = await signIn(form);
      if (told.problem) {
        problem.textContent = told.problem;
        problem.hidden = false;
        password.select();
        return;
      }
      setCsrf(told.csrf);
      // Someone else must not send what this person has typed.
      done = !before || told.login === undefined || told.login === before;
      dialog.close();
      if (!done) location.reload();
    };
    form.addEventListener("submit", onSubmit);
    dialog.addEventListener("close", () => {
      form.removeEventListener("submit", onSubmit);
      resolve(done);
    }, { once: true });
  });
}

async function signIn(form) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { "X-In-Place": "1" },
      body: new URLSearchParams(new FormData(form)),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    return { problem: [answer.detail, answer.hint].filter(Boolean).join("。") || "没有登录成功，请再试" };
  } catch {
    return { problem: "暂时连不上，请稍后再试" };
  }
}
