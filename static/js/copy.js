// [data-copy]: a button that copies the text marked [data-copy-text] in the same block, and says so.

const blockOf = (button) => button.closest("aside, section, figure, div.cite") ?? document;

function show() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !blockOf(button).querySelector("[data-copy-text]");
  }
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const block = blockOf(button);
  const said = block.querySelector("[role=status]");
  await navigator.clipboard.writeText(block.querySelector("[data-copy-text]").textContent.trim());
  said.textContent = button.dataset.done;
  setTimeout(() => { said.textContent = ""; }, 4000);
});
document.addEventListener("htmx:load", show); // htmx brings new buttons
show();
