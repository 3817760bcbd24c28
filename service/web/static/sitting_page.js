// The page of a sitting: where each thing that is typed stands, and putting numbers, votes and proposals into it.
"use strict";

const page = document.getElementById("minutes");
const all = (from, what) => [...from.querySelectorAll(what)];

// --- forms and their fields
const partOf = (form) => form.elements.part.value;
// Beside the forms: a form's own property of that name is its hidden field.
const before = new WeakMap();
const wasOf = (form) => {
  if (!before.has(form)) before.set(form, JSON.parse(form.elements.was.value || "{}"));
  return before.get(form);
};
const valueOf = (form, name) => {
  const found = form.elements[name];
  return found ? found.value || "" : "";
};

function place(id) {
  const [part, no, name] = id.split("/");
  if (part === "attendee") return { form: document.getElementById("attendance-form"), name: `${name}-${no}` };
  if (part === "ballot") return { form: document.getElementById(`form-${no}`), name: `vote-${name}` };
  if (part === "agenda_item") return { form: document.getElementById(`form-${no}`), name };
  const which = no === "new" ? `[data-key="${name}"]` : `[data-no="${no}"]`;
  return { form: page.querySelector(`form.instruction${which}`), name: no === "new" ? "what" : name };
}

const controlOf = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]`);

function forget(form, name) {
  for (const box of all(form, ".not-kept")) if (box.dataset.of === name) box.remove();
}

function put(form, name, value) {
  if (name.startsWith("vote-")) byName(form);
  const found = form.elements[name];
  if (!found) return;
  found.value = value;
  if (name === "ballot") ballot(form);
}

function count(numbers) {
  const quorum = document.getElementById("quorum");
  quorum.textContent = numbers.quorum.text;
  quorum.className = `quorum tone-${numbers.quorum.tone}`;
  document.getElementById("done").textContent = `${numbers.done} / ${numbers.of}`;
  for (const [no, one] of Object.entries(numbers.items)) {
    const item = document.getElementById(`item-${no}`);
    if (!item) continue;
    const told = item.querySelector(".counted");
    if (told.textContent !== one.counted) told.textContent = one.counted;
    told.className = `counted tone-${one.tone}`;
    item.querySelector(".wrongs").replaceChildren(...one.wrong.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    for (const mark of [item, page.querySelector(`.agenda-nav [data-item="${no}"]`)]) mark.classList.toggle("done", one.done);
    for (const mark of all(page, `[data-done-of="${no}"]`)) mark.hidden = !one.done;
  }
  page.voices = new Set(numbers.voices);
  all(page, ".voter").forEach(voter);
}

function voter(row) {
  if (page.voices) row.hidden = !page.voices.has(row.dataset.person) && !row.querySelector('input[value]:not([value=""]):checked');
}

// --- the page itself
function byName(form) {
  const box = form.querySelector(".by-name");
  if (box && !box.firstElementChild) {
    box.append(document.getElementById("by-name").content.cloneNode(true));
    all(box, ".voter").forEach(voter);
  }
  return box;
}

function ballot(form) {
  const kind = form.elements.ballot.value;
  if (kind === "by_name") byName(form);
  form.querySelector(".by-name").hidden = kind !== "by_name";
  form.querySelector(".in-numbers").hidden = kind === "by_name" || kind === "none";
}

function hint(form) {
  const chosen = form.querySelector('[name="decision"]:checked');
  const proposal = (chosen && chosen.dataset.proposal) || "";
  form.elements.wording.placeholder = proposal;
  form.querySelector(".propose").hidden = !proposal;
}

function instruct(item, key) {
  const list = document.querySelector(`#item-${item} .instructions`);
  const form = document.getElementById("instruction").content.cloneNode(true).querySelector("form");
  form.dataset.key = key;
  form.elements.item.value = item;
  all(form, "[id]").forEach((one) => { form.querySelector(`[for="${one.id}"]`)?.setAttribute("for", `${one.id}-${key}`); one.id += `-${key}`; });
  list.append(form);
  return form;
}

// Words of a form that is sent as a whole: in the storage until it has been done.
function draft(control) {
  const key = `draft:${page.dataset.key}:${control.name}`;
  try {
    if (new URLSearchParams(location.search).has("done")) localStorage.removeItem(key);
    control.value ||= localStorage.getItem(key) || "";
    control.addEventListener("input", () => control.value ? localStorage.setItem(key, control.value) : localStorage.removeItem(key));
  } catch { /* no storage: nothing is lost but this */ }
}
