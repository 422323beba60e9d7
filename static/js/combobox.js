// [data-combobox]: suggestions under a search field, fetched as an HTML fragment. Without this file the form still
// searches. Pattern: ARIA combobox with a list; focus stays in the field, aria-activedescendant points.

const WAIT = 120;

function enhance(search) {
  const field = search.querySelector("input[type=search]");
  const status = search.querySelector("[role=status]");
  const list = document.createElement("ul");
  let timer = 0, asked = "", active = -1, request = null;

  Object.assign(list, { id: `${field.id}-liste`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent || field.getAttribute("aria-label"));
  field.form.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list",
  })) field.setAttribute(name, value);

  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  function mark(index) {
    active = index;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const chosen = options()[index];
    if (chosen) {
      field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  async function suggest() {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    request?.abort();
    if (!text) { list.replaceChildren(); status.textContent = ""; return show(false); }
    request = new AbortController();
    try {
      const address = new URL(search.dataset.combobox, location);
      address.searchParams.set("q", text);
      const mine = new URLSearchParams(location.search).get("min");
      if (mine) address.searchParams.set("min", mine);
      const answer = await fetch(address, { signal: request.signal });
      if (!answer.ok) return show(false);
      list.innerHTML = await answer.text();
    } catch { return; } // aborted by the next letter, or no network: the form still works
    options().forEach((option, i) => { option.id = `${list.id}-${i}`; });
    status.textContent = options().length ? `${options().length} ${search.dataset.count}` : search.dataset.none;
    active = -1;
    field.removeAttribute("aria-activedescendant");
    show(options().length > 0 && document.activeElement === field);
  }

  const go = (option) => location.assign(option.dataset.href);

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, WAIT); });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      if (list.hidden) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = active < 0 && step < 0 ? all.length - 1 : active + step;
      mark(next >= all.length || next < 0 ? -1 : next);
    } else if (event.key === "Enter" && all[active]) {
      event.preventDefault();
      go(all[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}

const all = document.querySelectorAll("[data-combobox]");
all.forEach(enhance);

// "/" goes to the search field, unless somebody writes.
document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey || !all.length) return;
  event.preventDefault();
  all[0].querySelector("input[type=search]").focus();
});
