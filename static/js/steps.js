// [data-steps]: a drawing over the years is walked a year at a time by two buttons or the arrow keys. The year's line in
// the drawing is marked, and what its row of the table (whose id the attribute names) says is written and read aloud.
const SVG = "http://www.w3.org/2000/svg";

function words(row) {
  const parts = (cell) => [...cell.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join(", ");
  const cells = [...row.querySelectorAll("td")].map((cell) => `${cell.dataset.label ?? ""} ${parts(cell)}`.trim());
  return [row.querySelector("th").textContent.trim(), ...cells].join(" · ").replace(/\s+/g, " ");
}

function begin(box) {
  const svg = box.querySelector("svg.lines");
  const rows = [...document.querySelectorAll(`#${box.dataset.steps} tbody tr`)].reverse();
  if (!svg || rows.length < 2) return;
  const places = new Map([...svg.querySelectorAll(".point.chosen")].map((point) => [
    point.textContent.match(/, (\d{4}):/)?.[1], point.getAttribute("cx"),
  ]));
  const line = document.createElementNS(SVG, "line");
  line.setAttribute("class", "at");
  line.setAttribute("y2", "100%");
  svg.prepend(line);
  const bar = document.createElement("div");
  bar.className = "cluster stepper no-print";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", box.dataset.label);
  const said = document.createElement("output");
  let at = rows.length - 1;
  const go = (to) => {
    at = Math.min(Math.max(to, 0), rows.length - 1);
    const place = places.get(rows[at].querySelector("th").textContent.match(/\d{4}/)?.[0]);
    line.toggleAttribute("hidden", !place);
    for (const end of ["x1", "x2"]) line.setAttribute(end, place ?? 0);
    said.textContent = words(rows[at]);
    before.setAttribute("aria-disabled", at === 0);
    after.setAttribute("aria-disabled", at === rows.length - 1);
  };
  const button = (sign, name, step) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: sign });
    made.setAttribute("aria-label", name);
    made.addEventListener("click", () => go(at + step()));
    return made;
  };
  const before = button("‹", box.dataset.before, () => -1), after = button("›", box.dataset.after, () => 1);
  bar.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  bar.append(before, after, said);
  box.after(bar);
  go(at);
}

document.querySelectorAll("[data-steps]").forEach(begin);
