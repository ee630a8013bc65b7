// What is on its way changes in place (templates/uploads/_live.html). News of a row that this page does not
// show, or not yet, is left out: there is no place for it.

document.addEventListener("htmx:beforeSwap", (event) => {
  const news = document.createElement("template");
  news.innerHTML = event.detail.serverResponse;
  const lost = [...news.content.querySelectorAll("[hx-swap-oob][id]")].filter(({ id }) => !document.getElementById(id));
  if (lost.length === 0) return;
  for (const row of lost) row.remove();
  event.detail.serverResponse = news.innerHTML;
});
