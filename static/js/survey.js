// Saves an answer as soon as a field is left, over the version that was shown. Without this file the button saves.
const form = document.querySelector("[data-save]");

async function save(question) {
  const body = new FormData();
  for (const field of question.querySelectorAll("input, select, textarea")) {
    if (field.type === "file" || (field.type === "radio" && !field.checked)) continue;
    body.append(field.name, field.value);
  }
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  const code = question.dataset.code;
  const answer = await fetch(`${form.dataset.save}${code}/`, { method: "POST", body });
  const told = await answer.json();
  const doubts = question.querySelector("[data-doubts]");
  const lines = answer.ok ? told.doubts : [told.theirs ? `${told.said} (${told.theirs})` : told.said];
  doubts.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  question.classList.toggle("wrong", !answer.ok);
  if (!answer.ok) return;
  question.querySelector(`[name="${code}-version"]`).value = told.version;
  question.querySelector(`[name="${code}-vist"]`).value = told.shown;
  form.querySelector("[data-saved]").textContent = "✓";
}

// One after the other: an answer is saved over the version that the one before it got.
let queue = Promise.resolve();
form?.addEventListener("change", (event) => {
  const question = event.target.closest("[data-code]");
  if (question && event.target.type !== "file") {
    queue = queue.then(() => save(question)).catch(() => question.classList.add("wrong"));
  }
});
