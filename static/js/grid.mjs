// Photo grids: arrow keys walk over the tiles, the tapped photo grows into the photo viewer and shrinks back
// into its place, and after "more" the focus stands on the first new photo.

const links = () => [...document.querySelectorAll(".tile__link")];
const middle = (box) => box.left + box.width / 2;

// The tile of the nearest row above or below that stands closest to the same column.
function inNextRow(all, from, isDown) {
  const here = from.getBoundingClientRect();
  const away = all
    .map((link) => ({ link, box: link.getBoundingClientRect() }))
    .filter(({ box }) => (isDown ? box.top >= here.bottom - 2 : box.bottom <= here.top + 2));
  if (away.length === 0) return undefined;
  const edge = isDown ? Math.min(...away.map(({ box }) => box.top)) : Math.max(...away.map(({ box }) => box.bottom));
  return away
    .filter(({ box }) => Math.abs((isDown ? box.top : box.bottom) - edge) < 2)
    .sort((a, b) => Math.abs(middle(a.box) - middle(here)) - Math.abs(middle(b.box) - middle(here)))[0].link;
}

document.addEventListener("keydown", (event) => {
  const from = event.target.closest(".tile__link");
  if (from === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const all = links();
  const forward = getComputedStyle(from).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  let to;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") to = inNextRow(all, from, event.key === "ArrowDown");
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight")
    to = all[all.indexOf(from) + (event.key === forward ? 1 : -1)];
  else return;
  event.preventDefault();
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
});

// Only the photo that is opened carries the name of the one in the photo viewer (pages.css).
document.addEventListener("click", (event) => {
  const image = event.target.closest(".tile__link")?.querySelector("img");
  if (!image) return;
  carryName(image);
  sessionStorage.setItem("list", globalThis.navigation?.currentEntry.key ?? "");
});

function carryName(image) {
  document.querySelector(".is-opening")?.classList.remove("is-opening");
  image?.classList.add("is-opening");
}

// Who comes back finds the photo that was looked at last, even if it was not the one opened here.
addEventListener("pageshow", (event) => {
  if (links().length === 0) return;
  const path = sessionStorage.getItem("photo");
  sessionStorage.removeItem("photo");
  const isBack = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const link = isBack && path && document.querySelector(`.tile__link[href^="${CSS.escape(path)}"]`);
  carryName(link ? link.querySelector("img") : null);
  if (!link) return;
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
});
addEventListener("pagereveal", (event) => event.viewTransition?.finished.finally(() => carryName(null)));

let isMore = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  isMore = event.detail.target.matches(".more");
});
document.addEventListener("htmx:load", (event) => {
  if (!isMore) return;
  const first = event.detail.elt.querySelector(".tile__link");
  if (first === null) return;
  isMore = false;
  first.focus({ preventScroll: true });
});
