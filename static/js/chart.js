// [data-figure]: when a reader points at a chart, touches or focuses it, its Plotly figure takes the server's drawing's
// place, in the same height. The bundle (a third of a megabyte, seconds of a slow phone's time) is fetched once, from
// our own origin, and not before: the drawing that stands has everything. Without this file it stays.

// The figure carries the light colours (portal/charts/figures.py); the page shows the ones in force.
const LIGHT = {
  ink: "#17212b", muted: "#525d6b", paper: "#ffffff", wash: "#f5f6f4", line: "#d9dfdd", edge: "#7b8794",
  accent: "#0a5566", "area-b": "#a34a12", "area-h": "#2456a6", "area-v": "#6a3d9a",
};
const DANISH = {
  moduleType: "locale", name: "da",
  dictionary: { Reset: "Nulstil", Autoscale: "Tilpas", "Zoom in": "Zoom ind", "Zoom out": "Zoom ud" },
  format: {
    days: ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
    shortDays: ["søn", "man", "tir", "ons", "tor", "fre", "lør"],
    months: ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    shortMonths: ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    date: "%d-%m-%Y", decimal: ",", thousands: ".",
  },
};

let loading = null;

function plotly(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => { window.Plotly.register?.(DANISH); resolve(window.Plotly); };
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

function inForce(figure) {
  const style = getComputedStyle(document.documentElement);
  const colours = new Map(Object.entries(LIGHT).map(([name, light]) => [light, style.getPropertyValue(`--${name}`).trim()]));
  return JSON.parse(JSON.stringify(figure), (_, value) => colours.get(value) ?? value);
}

// On the page the heading stands above and the source below; the saved picture carries both itself.
// Where it is narrow, the names of lines stand below (the key that line_chart.html draws) and the lines get the room.
function onPage(figure, box, height) {
  const shown = inForce(figure);
  const narrow = getComputedStyle(box.querySelector(".key") ?? box).display === "flex";
  delete shown.layout.title;
  shown.layout.annotations = (shown.layout.annotations ?? [])
    .filter((note) => note.name !== "source" && !(narrow && note.name === "line"));
  if (narrow) shown.layout.xaxis.range[1] = shown.layout.meta.end;
  Object.assign(shown.layout, { height, autosize: true, margin: { ...shown.layout.margin, t: 24, b: 40 } });
  return shown;
}

function button(text, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function tools(Plotly, box, figure) {
  return ["png", "svg"].map((format) => button(box.dataset[format], () => Plotly.downloadImage(
    structuredClone(figure),
    { format, filename: box.dataset.filename, width: 1200, height: 675, scale: format === "png" ? 2 : 1 },
  )));
}

// Arrow keys walk the points: left and right along a line, up and down between lines. What is met is read aloud.
function keyboard(Plotly, box, drawn, live) {
  let curve = -1, point = -1;
  drawn.tabIndex = 0;
  drawn.setAttribute("role", "application");
  drawn.setAttribute("aria-label", `${box.dataset.title}. ${box.dataset.keys}`);
  drawn.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const lines = drawn.data.map((trace, index) => [trace, index]).filter(([trace]) => trace.hoverinfo !== "skip");
    curve = Math.min(Math.max(curve < 0 ? 0 : curve + move[0], 0), lines.length - 1);
    const [trace, number] = lines[curve];
    const length = trace.x.length;
    do {
      point = Math.min(Math.max(point + move[1], 0), length - 1);
    } while (trace.y[point] == null && point > 0 && point < length - 1 && move[1]);
    if (trace.y[point] == null) return;
    Plotly.Fx.hover(drawn, [{ curveNumber: number, pointNumber: point }]);
    live.textContent = trace.hovertext?.[point] ?? `${trace.name ?? ""} ${trace.x[point]}: ${trace.y[point]}`;
  });
  drawn.addEventListener("blur", () => Plotly.Fx.unhover(drawn));
}

async function draw(box) {
  let Plotly, figure;
  try {
    const answer = await fetch(box.dataset.figure);
    if (!answer.ok) return;
    [figure, Plotly] = await Promise.all([answer.json(), plotly(box.dataset.plotly)]);
  } catch { return; } // the drawing that is there stays
  const server = box.querySelector("svg");
  const height = server.getBoundingClientRect().height;
  const drawn = document.createElement("div");
  const live = document.createElement("p");
  drawn.className = "live";
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  drawn.style.height = `${height}px`; // through the CSSOM: the policy allows no style attribute
  server.replaceWith(drawn);
  const page = () => onPage(figure, box, height);
  const config = { displayModeBar: false, responsive: true, scrollZoom: false, locale: document.documentElement.lang };
  const { data, layout } = page();
  await Plotly.newPlot(drawn, data, layout, config);
  keyboard(Plotly, box, drawn, live);
  box.append(live);
  box.closest("figure").querySelector("[data-tools]").replaceChildren(...tools(Plotly, box, figure));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    const again = page();
    Plotly.react(drawn, again.data, again.layout, config);
  });
}

// Focus comes first to the box, so that the keyboard can ask too, and goes on to what is drawn in it.
function wait(box) {
  const asked = new AbortController();
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `${box.dataset.title}. ${box.dataset.keys}`);
  const wanted = async () => {
    asked.abort();
    const focused = document.activeElement === box;
    await draw(box);
    const drawn = box.querySelector(".live");
    if (!drawn) return;
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    if (focused) drawn.focus();
  };
  for (const kind of ["pointerenter", "pointerdown", "focus"]) {
    box.addEventListener(kind, wanted, { signal: asked.signal });
  }
}

document.querySelectorAll("[data-figure]").forEach(wait);
