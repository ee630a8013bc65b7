// Ease for every page: keys, the menu, the theme without a reload, toasts. Nothing here is needed.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
const visible = (element) => element !== null && element.getClientRects().length > 0;

function focusSearch() {
  const box = [...document.querySelectorAll("input[type=search]")].find(visible);
  if (box === undefined) return false;
  box.focus();
  box.select();
  return true;
}

// "/" goes to the search box, "?" shows the keys of the page (<dialog id="keys">).
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/" && focusSearch()) event.preventDefault();
  if (event.key === "?") document.getElementById("keys")?.showModal();
});

// An open menu closes on Escape (focus returns to it) and when something else is used.
const openMenus = () => document.querySelectorAll("details.menu[open], details.jump[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// The theme changes at once; the cookie follows.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button === null || button.name !== "theme") return;
  event.preventDefault();
  const data = new FormData(event.target, button);
  if (button.value) document.documentElement.dataset.theme = button.value;
  else delete document.documentElement.dataset.theme;
  document.querySelector("meta[name=color-scheme]").content = button.value || "light dark";
  for (const other of document.querySelectorAll("button[name=theme]")) {
    if (other.value === button.value) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  fetch(button.formAction, { method: "POST", body: data, redirect: "manual" });
});

// A server answer with HX-Trigger {"toast": {"text": "..."}} shows a toast.
document.addEventListener("toast", (event) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(Object.assign(document.createElement("p"), { textContent: event.detail.text }));
  document.getElementById("toasts").append(toast);
});
document.addEventListener("animationend", (event) => {
  if (event.target.classList.contains("toast") && event.animationName === "toast-away") event.target.remove();
});

// The first field that is wrong has the focus.
document.querySelector(".field.is-invalid :is(input, select, textarea)")?.focus();
