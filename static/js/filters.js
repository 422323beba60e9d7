// [data-filters]: leave what is not chosen out of the address, so that a link says only what it filters. Listens on the
// document, because htmx brings new forms; and before htmx (capture), which reads the form at the same event.

const fields = () => document.querySelectorAll("[data-filters] [name]");
const wake = () => { for (const field of fields()) field.disabled = false; };

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-filters]")) return;
  for (const field of fields()) if (!field.value) field.disabled = true;
  setTimeout(wake);
}, true);
addEventListener("pageshow", wake); // back button
