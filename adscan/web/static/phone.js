// On a phone a bar of filters folds away behind one button, unless something is filtered; and a
// wide plot shows its newest end.
const TYPED = "input:not([type=hidden]), select";

function fold(form) {
  const given = [...form.querySelectorAll(TYPED)].some((one) => one.value !== "" && one.value !== "all");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button unfold";
  button.textContent = "筛选条件";
  const show = (folded) => {
    form.classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
  };
  button.addEventListener("click", () => show(!form.classList.contains("folded")));
  show(!given);
  form.prepend(button);
}

document.querySelectorAll("form.filters[role=search]").forEach(fold);
for (const plot of document.querySelectorAll(".plot")) plot.scrollLeft = plot.scrollWidth;
