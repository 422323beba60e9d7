// [data-print]: a button that prints. Hidden until this runs: without JavaScript it could do nothing.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
