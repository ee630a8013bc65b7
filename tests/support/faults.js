// What is wrong with the page that is open, each in a few words; run by Window.faults (window.py).
() => {
  const found = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const called = (e) => `${e.localName}${e.id && `#${e.id}`} ${e.className} "${e.textContent.trim().slice(0, 30)}"`;
  const page = document.documentElement;

  // One title, one main part, no identifier twice, nothing that refers to what is not there.
  for (const part of ["h1", "main"]) if (all(part).length !== 1) found.push(`${all(part).length} ${part}`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4")) {
    const own = Number(heading.localName[1]);
    if (own > level + 1) found.push(`a heading of level ${own} below one of ${level}: ${called(heading)}`);
    level = own;
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `twice on the page: #${id}`));
  for (const attribute of ["aria-labelledby", "aria-describedby"]) {
    for (const e of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of e.getAttribute(attribute).split(" ")) if (!ids.includes(id)) found.push(`no #${id} for ${called(e)}`);
    }
  }

  // Every picture has a text, even an empty one; every control, navigation and bar has a name.
  for (const image of document.images) if (!image.hasAttribute("alt")) found.push(`no alt: ${image.src}`);
  for (const image of all("img").filter((image) => image.naturalWidth && getComputedStyle(image).objectFit === "fill")) {
    const { width, height } = image.getBoundingClientRect();
    const stretched = (width / height) / (image.naturalWidth / image.naturalHeight);
    if (Math.abs(Math.log(stretched)) > 0.02 && Math.min(width, height) > 16) found.push(`stretched ${stretched.toFixed(2)} times: ${image.src}`);
  }
  const name = (e) =>
    e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") && "by another") ||
    [...(e.labels ?? [])].map((label) => label.textContent).join("").trim() || e.textContent.trim() ||
    [...e.querySelectorAll("img")].map((image) => image.alt).join("");
  const named = "a[href], button, input:not([type=hidden]), select, textarea, summary, nav, progress";
  for (const e of all(named)) if (!name(e)) found.push(`no name: ${called(e)}`);
  const navigations = all("nav").map((e) => e.getAttribute("aria-label"));
  found.push(...navigations.filter((label, at) => navigations.indexOf(label) !== at).map((label) => `two navigations "${label}"`));

  // Nothing over the edge; nothing to touch that is smaller than 24 pixels, words in a text aside.
  if (page.scrollWidth > page.clientWidth) found.push(`wider than the window: ${page.scrollWidth}`);
  for (const e of all("a[href], button, select, textarea, summary")) {
    const box = e.getBoundingClientRect();
    const isCovered = getComputedStyle(e, "::after").position === "absolute";
    if (getComputedStyle(e).display !== "inline" && !isCovered && Math.min(box.width, box.height) < 23.5) found.push(`small: ${called(e)}`);
  }

  // Text stands out from what is behind it: 4.5, large text 3. What lies on pictures is measured elsewhere.
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [];
    const scale = text.startsWith("color(srgb") ? 255 : 1;
    return [...parts.slice(0, 3).map((part) => part * scale), parts[3] ?? 1];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3]));
  const behind = (e) => {
    if (e === null) return [255, 255, 255];
    const style = getComputedStyle(e);
    if (style.backgroundImage !== "none") return null;
    const own = colour(style.backgroundColor);
    if (own[3] === 1) return own;
    const below = behind(e.parentElement);
    return below && over(own, below);
  };
  const light = (rgb) => rgb.slice(0, 3)
    .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  for (const e of all("body *")) {
    const hasText = [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const ground = hasText && !e.closest(".visually-hidden, .hero, .tile__name, .skip, noscript") && behind(e);
    if (!ground) continue;
    const style = getComputedStyle(e);
    const [one, other] = [light(over(colour(style.color), ground)), light(ground)].sort((a, b) => b - a);
    const isLarge = parseFloat(style.fontSize) >= 24;
    if ((one + 0.05) / (other + 0.05) < (isLarge ? 3 : 4.5)) found.push(`hard to read: ${called(e)}`);
  }
  return found;
}
