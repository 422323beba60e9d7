// [data-copy]: a button that copies the text marked [data-copy-text] in the same block, and says so.

for (const button of document.querySelectorAll("[data-copy]")) {
  const block = button.closest("aside, section, figure, div.cite") ?? document;
  const text = block.querySelector("[data-copy-text]");
  if (!navigator.clipboard || !text) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = block.querySelector("[role=status]");
    await navigator.clipboard.writeText(text.textContent.trim());
    said.textContent = button.dataset.done;
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
}
