// [data-linked]: the same municipalities as map, dots and rows. Pointing at one, focusing it or touching it lights it in
// all three and fills the card from its row; a second touch goes. Each drawing is one stop of the keyboard, arrow keys
// walk in it. Listens on the document, because htmx brings new rows. Without this file every shape is a link.

const SLUG = /\/(?:kommune|municipality)\/([a-z0-9-]+)\//;
const slugOf = (link) => SLUG.exec(link?.getAttribute("href") ?? "")?.[1];
let touched = false;

function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

// The card says what the row says; the row stays where it is.
function fill(card, row) {
  const name = row.querySelector("th a").cloneNode(true);
  const facts = document.createElement("dl");
  const heads = row.closest("table").querySelectorAll("thead th[scope=col]");
  for (const cell of row.querySelectorAll("td")) {
    const said = [...cell.childNodes].filter((node) => node.nodeName !== "svg").map((node) => node.textContent).join(" ");
    if (!said.trim()) continue;
    const pair = document.createElement("div");
    const head = heads[cell.cellIndex];
    pair.append(element("dt", (head.querySelector("a") ?? head.firstChild).textContent), element("dd", said));
    facts.append(pair);
  }
  const head = document.createElement("h3");
  head.append(name);
  card.replaceChildren(head, facts);
  const line = row.querySelector("svg.span");
  if (line) head.after(line.cloneNode(true));
  card.hidden = false;
}

// Where there are no rows, it says what the shape is called: "Køge: nr. 7–8, mellem nr. 3 og 20".
function fillShort(card, link) {
  const [name, ...said] = link.querySelector("title").textContent.split(": ");
  const way = element("a", name);
  way.href = link.getAttribute("href");
  const head = document.createElement("h3");
  head.append(way);
  card.replaceChildren(head, element("p", said.join(": ")));
  card.hidden = false;
}

function light(view, slug) {
  if (view.dataset.lit === slug) return;
  view.dataset.lit = slug;
  for (const one of view.querySelectorAll(".lit")) {
    if (one.localName === "use") one.removeAttribute("href");
    else one.classList.remove("lit");
  }
  for (const link of view.querySelectorAll(`a[href*="/${CSS.escape(slug)}/"]`)) {
    if (slugOf(link) !== slug || link.closest("[data-card]")) continue;
    const shape = link.querySelector("path[id]");
    if (shape) link.ownerSVGElement.querySelector("use.lit").setAttribute("href", `#${shape.id}`);
    else (link.closest("tr") ?? link).classList.add("lit");
  }
  const row = view.querySelector("tbody tr.lit");
  const shape = [...view.querySelectorAll("svg a")].find((link) => slugOf(link) === slug);
  for (const card of view.querySelectorAll("[data-card]")) {
    if (row) fill(card, row);
    else if (shape) fillShort(card, shape);
  }
}

const viewOf = (target) => target.closest?.("[data-linked]");
const linkOf = (target) => {
  const link = target.closest("a") ?? target.closest("tbody tr")?.querySelector("th a");
  return slugOf(link) ? link : null;
};

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, ({ target, pointerType }) => {
    const view = viewOf(target);
    if (!view || pointerType === "touch" || touched) return;
    const link = linkOf(target);
    if (link) light(view, slugOf(link));
  });
}

document.addEventListener("pointerdown", ({ pointerType }) => { touched = pointerType === "touch"; }, true);
document.addEventListener("keydown", () => { touched = false; }, true);

document.addEventListener("click", (event) => {
  const view = viewOf(event.target);
  const link = view && linkOf(event.target);
  if (!link || !touched || event.target.closest("[data-card]")) return;
  const drawn = link.ownerSVGElement;
  if (drawn && view.dataset.lit !== slugOf(link)) event.preventDefault(); // the first touch shows, the second goes
  light(view, slugOf(link));
}, true);

const stops = (drawing) => [...drawing.querySelectorAll("a:not([aria-hidden])")];

document.addEventListener("keydown", (event) => {
  const drawing = event.target.closest?.("[data-linked] svg[role=group]");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!drawing || !step) return;
  event.preventDefault();
  const all = stops(drawing);
  const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
  event.target.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
});

function ready() {
  for (const view of document.querySelectorAll("[data-linked]")) {
    for (const drawing of view.querySelectorAll("svg[role=group]")) {
      stops(drawing).forEach((link, index) => link.setAttribute("tabindex", index ? "-1" : "0"));
    }
    const own = slugOf(view.querySelector("tr.pinned th a"));
    if (own) light(view, own);
  }
}

document.addEventListener("htmx:load", ready);
ready();
