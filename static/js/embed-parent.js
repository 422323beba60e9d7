// For a page that shows our embeds: gives each frame the height it asks for. Reads nothing, sends nothing.
(() => {
  if (window.socialtIndeksHeights) return;
  window.socialtIndeksHeights = true;
  addEventListener("message", (event) => {
    if (event.data?.type !== "socialt-indeks:height" || !Number.isFinite(event.data.height)) return;
    const frame = [...document.querySelectorAll("iframe")].find((one) => one.contentWindow === event.source);
    if (frame) frame.height = Math.min(Math.max(Math.ceil(event.data.height), 100), 20000);
  });
})();
