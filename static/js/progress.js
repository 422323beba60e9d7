// Keeps the progress of a long job up to date without reloading the page under its reader; reloads once at its end.
const EVERY = 2000;

async function follow() {
  const shown = document.querySelector("[data-poll]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-poll]");
    if (!now) { location.reload(); return; }
    const bar = shown.querySelector("progress");
    bar.value = now.querySelector("progress").value;
    shown.querySelector("[data-share]").textContent = now.querySelector("[data-share]").textContent;
  } catch { /* the server is away for a moment: ask again */ }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
