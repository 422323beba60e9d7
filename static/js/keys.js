// Says in words why a passkey did not work; allauth's script would only tell the console.

const REASONS = { SecurityError: "address", InvalidStateError: "known" };

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("key-trouble");
  said.textContent = said.dataset[REASONS[event.detail.exception?.name] ?? "refused"];
});
