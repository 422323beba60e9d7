// An embed tells the page it stands in how high it is. Without this file it keeps the height it was given.

if (window.parent !== window) {
  const tell = () => {
    const height = Math.ceil(document.querySelector("main").getBoundingClientRect().height) + 2;
    window.parent.postMessage({ type: "socialt-indeks:height", height }, "*"); // a height is no secret
  };
  new ResizeObserver(tell).observe(document.querySelector("main"));
  addEventListener("load", tell);
}
