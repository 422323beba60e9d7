// [data-print]: a button that prints. Hidden until this runs: without JavaScript it could do nothing.

const show = () => { for (const button of document.querySelectorAll("[data-print]")) button.hidden = false; };

document.addEventListener("click", ({ target }) => { if (target.closest("[data-print]")) print(); });
document.addEventListener("htmx:load", show); // htmx brings new buttons
show();
