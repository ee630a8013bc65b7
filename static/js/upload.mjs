// Eases the upload page: drop, paste, previews, progress, one file at a time, again when the line breaks.
// Without it the form is sent whole.

const form = document.querySelector("form[data-upload]");
const list = form?.querySelector(".upload-list");
const drop = form?.querySelector(".drop");
const input = form?.querySelector("input[type=file]");
const template = document.getElementById("chosen");
const sum = form?.querySelector("[data-sum]");
const maxBytes = Number(form?.dataset.maxBytes);
const AT_ONCE = 2;
const PAUSES = [2, 5, 15]; // seconds, before a file whose line broke is sent again
const ON_THE_WAY = "[id]:is(.is-queued, .is-sending, .is-waiting, .is-confirming)";
let chosen = []; // { file, row } that are not sent yet
let total = 0;
let safe = 0;
let sending = 0;
const batches = new Set();
let followed = 0; // how many of them the page asks for
const taken = new Map(); // by its row's id: the site's own time when a file was taken

const language = document.documentElement.lang;
const unit = (name, digits) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, maximumFractionDigits: digits });
const size = (bytes) =>
  bytes < 2 ** 20 ? unit("kilobyte", 0).format(Math.max(1, bytes / 2 ** 10)) : unit("megabyte", 1).format(bytes / 2 ** 20);
const seconds = (count) => new Promise((done) => { setTimeout(done, 1000 * count); });
const word = (row, name) => {
  const place = row.querySelector(".upload-row__state .num");
  place.textContent = place.dataset[name] ?? name;
};

function add(files) {
  for (const file of files) {
    const row = template.content.firstElementChild.cloneNode(true);
    const picture = row.querySelector("img");
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    picture.addEventListener("error", () => {
      picture.replaceWith(Object.assign(document.createElement("span"), { className: picture.className }));
    }, { once: true });
    row.querySelector(".upload-row__name b").textContent = file.name;
    row.querySelector(".upload-row__name span").textContent = size(file.size);
    word(row, file.size > maxBytes ? "large" : "chosen");
    const item = { file, row };
    row.querySelector("[data-remove]").addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== item);
      row.remove();
    });
    chosen.push(item);
    list.append(row);
  }
}

// Dropped folders are walked through; the name of a single one becomes the album where none was chosen.
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return found;
    for (const each of some) found.push(...await filesOf(each));
  }
}

async function dropped(event) {
  event.preventDefault();
  drop.classList.remove("is-over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...event.dataTransfer.files];
  if (entries.every((entry) => entry.isFile)) return add(plain);
  const album = form.elements.new_album;
  if (entries.length === 1 && !form.elements.album.value && !album.value) album.value = entries[0].name;
  for (const entry of entries) add((await filesOf(entry)).filter((file) => file.type.startsWith("image/")));
}

function pasted(event) {
  const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (files.length === 0) return;
  event.preventDefault();
  add(files);
}

function tell() {
  sum.hidden = total === 0;
  const says = sum.querySelector("[data-says]");
  says.textContent = says.dataset.says.replace("{n}", safe).replace("{m}", total);
  sum.querySelector("progress").value = total ? 100 * safe / total : 0;
}

function dataFor({ file, row }) {
  const data = new FormData(form);
  data.delete("files");
  for (const own of row.querySelectorAll("[data-own]")) if (own.value.trim()) data.set(own.dataset.own, own.value);
  data.append("files", file, file.name);
  return data;
}

// One try; the request when it is over, however it ended.
function post(item, bar) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-One-File", "1");
    request.upload.addEventListener("progress", (event) => {
      bar.value = 100 * event.loaded / event.total;
      item.row.querySelector(".upload-row__name span").textContent =
        `${size(Math.min(event.loaded, item.file.size))} / ${size(item.file.size)}`;
    });
    request.addEventListener("loadend", () => done(request));
    request.send(dataFor(item));
  });
}

// Until it is answered, or lost for now. Sent again after a lost answer it is the same upload (its key).
async function deliver(item) {
  const { row } = item;
  const bar = Object.assign(document.createElement("progress"), { className: "bar", max: 100, value: 0 });
  bar.setAttribute("aria-label", item.file.name);
  row.querySelector(".upload-row__state").after(bar);
  row.querySelector("details").hidden = true;
  row.className = "upload-row is-sending";
  for (const pause of [...PAUSES, 0]) {
    word(row, "sending");
    const request = await post(item, bar);
    if (request.status !== 0 && request.status < 500) return answered(item, request);
    if (pause) word(row, "again");
    await seconds(pause);
  }
  stays(item, "lost");
}

// A row takes the row's place. A form that was not understood comes back with its errors.
function answered(item, request) {
  const holder = document.createElement("template");
  holder.innerHTML = request.responseText;
  const first = holder.content.firstElementChild;
  if (first?.matches(".upload-row")) {
    item.row.replaceWith(first);
    globalThis.htmx?.process(first);
    if (request.status !== 201) {
      total -= 1;
      return;
    }
    safe += 1;
    taken.set(first.id, request.getResponseHeader("X-Since"));
    batches.add(request.getResponseHeader("X-Batch"));
    follow();
  } else if (request.status === 422 && first?.id === "where") {
    document.getElementById("where").replaceWith(first);
    first.querySelector("[aria-invalid=true]")?.focus();
    stays(item, "chosen");
  } else {
    stays(item, request.status === 413 ? "large" : "out");
  }
}

// The file stays chosen, to be sent once more.
function stays(item, why) {
  const { file, row } = item;
  row.className = "upload-row is-queued";
  row.querySelector("progress")?.remove();
  row.querySelector("details").hidden = false;
  row.querySelector(".upload-row__name span").textContent = size(file.size);
  word(row, why);
  chosen.push(item);
}

// The page asks how the files fare (templates/uploads/_live.html) as long as it shows one on its way: the
// first may be stored, and the asking have ended, before the next has come to us.
function follow() {
  const live = document.getElementById("live");
  const waiting = [...list.querySelectorAll(ON_THE_WAY)].map(({ id }) => taken.get(id)).filter(Boolean);
  if (waiting.length === 0 || (live.hasAttribute("hx-get") && batches.size === followed)) return;
  followed = batches.size;
  const since = encodeURIComponent(waiting.sort()[0]);
  live.setAttribute("hx-get", `${form.dataset.changes}?of=${[...batches].join(".")}&since=${since}&rows=only`);
  live.setAttribute("hx-trigger", "every 2s");
  live.setAttribute("hx-swap", "outerHTML");
  globalThis.htmx?.process(live);
}

async function sendAll() {
  const line = chosen.filter(({ file }) => file.size <= maxBytes);
  chosen = chosen.filter(({ file }) => file.size > maxBytes);
  total += line.length;
  sending = line.length;
  tell();
  const button = form.querySelector("#where [type=submit]");
  button.disabled = true;
  const [first, ...rest] = line;
  if (first) await deliver(first); // alone: a form that is not understood is found out once
  if (chosen.includes(first)) {
    chosen.push(...rest);
  } else {
    const worker = async () => { while (rest.length) { await deliver(rest.shift()); tell(); } };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  total -= chosen.filter((item) => line.includes(item)).length;
  sending = 0;
  tell();
  form.querySelector("#where [type=submit]").disabled = false;
}

if (form) {
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  document.addEventListener("htmx:afterSettle", follow);
  // What is not safe with us yet would be lost with the page.
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    if (chosen.length === 0) return;
    event.preventDefault();
    sendAll();
  });
  // The albums follow the account.
  form.addEventListener("change", async (event) => {
    if (event.target.name !== "account") return;
    const answer = await fetch(`${form.action}?account=${encodeURIComponent(event.target.value)}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const albums = page.querySelector("#where select[name=album]");
    if (albums) form.elements.album.replaceChildren(...albums.children);
  });
}
