// [data-min]: the reader's own municipality stands in the address. Where the reader asks for it, this device remembers
// it too (localStorage, no cookie) and puts it in the address of a page that names none. Without this file nothing is
// remembered, and the address still works.

const KEY = "min";
const bar = document.querySelector("[data-min]");
const here = new URL(location);
const asked = here.searchParams.get(KEY);
const stored = {
  get() { try { return localStorage.getItem(KEY); } catch { return null; } },
  set(slug) { try { slug ? localStorage.setItem(KEY, slug) : localStorage.removeItem(KEY); } catch { /* not allowed */ } },
};

function say(button) {
  button.dataset.start ??= button.textContent;
  button.textContent = stored.get() === bar.dataset.min ? button.dataset.stop : button.dataset.start;
  button.hidden = false;
}

if (asked === "") {
  stored.set("");
  here.searchParams.delete(KEY);
  history.replaceState(history.state, "", here);
} else if (asked === null && /^[a-z0-9-]+$/.test(stored.get() ?? "")) {
  here.searchParams.set(KEY, stored.get());
  location.replace(here);
} else if (asked && bar.dataset.min === asked && stored.get()) stored.set(asked); // who changes it, changes what is kept

for (const button of document.querySelectorAll("[data-keep]")) {
  say(button);
  button.addEventListener("click", () => {
    stored.set(stored.get() === bar.dataset.min ? "" : bar.dataset.min);
    say(button);
  });
}
