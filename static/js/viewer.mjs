// The photo page: J and the arrow go to the next photo, K and the other to the one before, Escape back
// to the list. Turning to a neighbour takes this photo's place in the history, so "back" is the list too.

const rtl = document.documentElement.dir === "rtl";
const targets = {
  j: "a[rel=next]",
  k: "a[rel=prev]",
  ArrowRight: rtl ? "a[rel=prev]" : "a[rel=next]",
  ArrowLeft: rtl ? "a[rel=next]" : "a[rel=prev]",
  Escape: ".stage__bar a",
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, dialog, details[open]") !== null) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const link = targets[key] && document.querySelector(targets[key]);
  if (!link) return;
  event.preventDefault();
  link.click();
});

const here = document.querySelector(".film [aria-current]");
here?.scrollIntoView({ block: "nearest", inline: "center" });
sessionStorage.setItem("photo", location.pathname); // the list shows it again (grid.mjs)

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const neighbour = event.target.closest(".film a, a[rel=next], a[rel=prev]");
  if (neighbour !== null) {
    event.preventDefault();
    location.replace(neighbour.href);
  } else if (event.target.closest(targets.Escape) !== null && isListBehind()) {
    event.preventDefault();
    history.back(); // as it was left, with all that was added to it
  }
});

function isListBehind() {
  const entries = globalThis.navigation?.entries() ?? [];
  const behind = entries[globalThis.navigation?.currentEntry.index - 1];
  return behind !== undefined && behind.key === sessionStorage.getItem("list");
}

// While this photo is looked at, its neighbours are fetched in the same size.
const shown = document.querySelector(".stage__photo img");
function fetchNeighbours() {
  for (const thumb of [here?.nextElementSibling, here?.previousElementSibling]) {
    const small = thumb?.querySelector("img");
    if (small) Object.assign(new Image(), { fetchPriority: "low", sizes: shown.sizes, srcset: small.srcset });
  }
}
if (shown?.complete) fetchNeighbours();
else shown?.addEventListener("load", fetchNeighbours, { once: true });

// A swipe over the photo does the same for a finger; a pinch and a scroll are left alone.
const photo = document.querySelector(".stage__photo");
let start;
photo?.addEventListener("touchstart", (event) => {
  start = event.touches.length === 1 ? event.touches[0] : undefined;
}, { passive: true });
photo?.addEventListener("touchend", (event) => {
  if (start === undefined || event.touches.length > 0 || visualViewport.scale > 1.05) return;
  const end = event.changedTouches[0];
  const across = end.clientX - start.clientX;
  if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(end.clientY - start.clientY)) return;
  document.querySelector(across < 0 ? targets.ArrowRight : targets.ArrowLeft)?.click();
}, { passive: true });
