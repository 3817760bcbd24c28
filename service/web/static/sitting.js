// A sitting while it lasts: what is typed is sent field by field (sitting_queue.js), numbers come back (sitting_page.js).
// Without this script each form has its button, and keeps the same.
"use strict";

function startMinutes() {
  const says = page.dataset, status = document.getElementById("saved");
  const queue = new Queue(says.key, says.url, { state, kept, refused, after });
  let lastAt = "";
  page.classList.add("scripted");

  function state(name, at) {
    if (at) lastAt = at;
    const words = says[`says${name[0].toUpperCase()}${name.slice(1)}`];
    if (words === undefined) return;
    // Who listens is told that something is not kept, and that it is kept again; not each key.
    const bad = (one) => ["failed", "stuck", "out", "unstored"].includes(one);
    status.setAttribute("aria-live", bad(name) || bad(status.dataset.state) ? "polite" : "off");
    status.textContent = words.replace("{at}", lastAt);
    status.dataset.state = name;
  }

  // --- what a control is about
  function about(form, name) {
    const part = partOf(form), value = valueOf(form, name), was = wasOf(form)[name] || "";
    if (part === "attendee") {
      const [field, no] = name.split("-");
      return { id: `attendee/${no}/${field}`, body: { part, no: +no, values: { [field]: value }, was: { [field]: was } } };
    }
    const no = +valueOf(form, "no");
    if (name.startsWith("vote-")) {
      const person = name.slice(5);
      return { id: `ballot/${no}/${person}`, body: { part: "ballot", values: { item: no, person, vote: value } } };
    }
    if (!no) {
      const values = { item: +valueOf(form, "item"), what: valueOf(form, "what") };
      for (const field of ["owner_post", "due_on"]) if (valueOf(form, field)) values[field] = valueOf(form, field);
      return { id: `instruction/new/${form.dataset.key}`, body: { part, values, key: form.dataset.key } };
    }
    return { id: `${part}/${no}/${name}`, body: { part, no, values: { [name]: value }, was: { [name]: was } } };
  }

  function typed(control, pause) {
    const form = control.form;
    if (!form || !form.matches("[data-kept]") || !control.name || control.type === "hidden") return;
    const { id, body } = about(form, control.name);
    forget(form, control.name);
    if (body.key) {
      if (body.values.what.trim()) queue.put(id, { body }, pause);
      else if (!queue.entries.get(id)?.tried) queue.drop(id);
    } else if (valueOf(form, control.name) === (wasOf(form)[control.name] || "") && !queue.entries.get(id)?.tried) {
      queue.drop(id);
      if (!queue.size) state("saved");
    } else queue.put(id, { body }, pause);
    if (control.name === "ballot") ballot(form);
    if (control.name === "decision") hint(form);
  }

  // --- what the server said
  // After something older of a field has been kept, what its next sending says.
  function after(id, body, told, now) {
    return body.was ? { ...now, was: body.values } : now;
  }

  function kept(id, body, told) {
    const { form, name } = place(id);
    if (body.removes) form?.remove();
    else if (body.key && (!form || form.dataset.gone)) { queue.drop(id); gone(told.no); }
    else if (form && body.key) {
      for (const box of all(form, ".not-kept")) box.remove();
      named(form, told.no, body.values);
    }
    else if (form) {
      wasOf(form)[name] = body.part === "ballot" ? body.values.vote : Object.values(body.values)[0];
      forget(form, name);
    }
    if (told.numbers) count(told.numbers);
  }

  function named(form, no, values) {
    const id = `instruction/new/${form.dataset.key}`, later = queue.entries.has(id);
    queue.drop(id);
    form.elements.no.value = form.dataset.no = no;
    const was = { what: values.what, owner_post: values.owner_post || "", due_on: values.due_on || "" };
    before.set(form, was);
    if (later) for (const name of Object.keys(was)) if (valueOf(form, name) !== was[name]) typed(form.elements[name], 0);
  }

  function refused(id, status, told) {
    const { form, name: sent } = place(id);
    state("stuck");
    if (!form) return;
    // A new instruction is sent whole: what is wrong may be another field than the one it is known by.
    const name = Object.keys(told.errors || {}).find((one) => controlOf(form, one)) || sent;
    forget(form, name);
    const control = controlOf(form, name);
    const box = document.createElement("div");
    box.className = "not-kept";
    box.dataset.of = name;
    box.setAttribute("role", "alert");
    const words = (text, tag = "p") => { const one = document.createElement(tag); one.textContent = text; box.append(one); return one; };
    if (told.code === "typed-over") {
      words(says.saysOver);
      words(told.now || says.saysNothing, "blockquote");
      const press = (label, mine) => {
        const button = words(label, "button");
        Object.assign(button, { type: "button", className: "button quiet" });
        button.addEventListener("click", () => {
          wasOf(form)[name] = told.now;
          if (!mine) put(form, name, told.now);
          typed(control, 0);
          forget(form, name);
          control.focus();
        });
      };
      press(says.saysMine, true);
      press(says.saysTheirs, false);
    } else {
      const wrong = Object.values(told.errors || {});
      words(wrong.length ? wrong.join(" ") : [told.title, told.next_step].filter(Boolean).join(" ")).className = "error";
    }
    (control.closest(".field, fieldset") || control).append(box);
    const item = form.closest("details");
    if (item) item.open = true;
  }

  page.addEventListener("input", (event) => typed(event.target, event.target.matches("textarea, input[type=text]") ? PAUSE : 0));
  page.addEventListener("focusout", (event) => { if (queue.size && event.target.form?.matches("[data-kept]")) queue.hurry(); });
  page.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches("[data-kept]")) return;
    event.preventDefault();
    if (button?.name === "rest") rest(form, button.value);
    else if (button?.name === "propose") propose(form);
    else if (button?.name === "removes") remove(form);
    queue.hurry();
  });
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a, [data-instruct]");
    if (!link) return;
    if (link.dataset.instruct) {
      event.preventDefault();
      instruct(link.dataset.instruct, crypto.getRandomValues(new Uint32Array(4)).join("-")).elements.what.focus();
    } else if (link.dataset.item) {
      event.preventDefault();
      show(link.dataset.item);
    } else if (link.id === "to-closing" && queue.size) {
      event.preventDefault();
      queue.hurry();
      const waiting = setInterval(() => {
        if (!queue.size) { clearInterval(waiting); location.href = link.href; }
        else if (!queue.sending && !queue.next()) clearInterval(waiting);
      }, 100);
      setTimeout(() => clearInterval(waiting), PATIENCE);
    }
  });

  function show(no) {
    const item = document.getElementById(`item-${no}`);
    item.open = true;
    history.replaceState(null, "", `?item=${no}#item-${no}`);
    item.scrollIntoView();
    item.querySelector("summary").focus({ preventScroll: true });
  }

  function rest(form, value) {
    const groups = new Set(all(form, 'input[type="radio"]').filter((one) => !one.closest("[hidden]")).map((one) => one.name));
    for (const name of groups) {
      if (!/^(presence|vote)-/.test(name) || valueOf(form, name)) continue;
      form.elements[name].value = value;
      typed(controlOf(form, name), 0);
    }
  }

  function propose(form) {
    const words = form.elements.wording;
    if (!words.value.trim()) words.value = words.placeholder;
    words.focus();
    typed(words, 0);
  }

  function remove(form) {
    const no = +valueOf(form, "no"), asked = queue.entries.get(`instruction/new/${form.dataset.key}`)?.tried;
    if (!asked) for (const id of [...queue.entries.keys()]) if (id.startsWith(no ? `instruction/${no}/` : `instruction/new/${form.dataset.key}`)) queue.drop(id);
    form.hidden = true;
    if (no) gone(no);
    else if (asked) form.dataset.gone = "yes"; // the server may have it: once it says so, it is taken away there too
    else form.remove();
  }

  function gone(no) {
    queue.put(`instruction/${no}/removes`, { body: { part: "instruction", no, removes: true } }, 0);
  }

  // What was typed before and is not known to be kept stands in its fields again, and is sent.
  for (const [id, entry] of queue.entries) {
    const [part, no, name] = id.split("/"), { values, key } = entry.body;
    if (part === "instruction" && key) {
      const form = instruct(values.item, key);
      for (const [field, value] of Object.entries(values)) if (form.elements[field]) form.elements[field].value = value;
      continue;
    }
    const found = place(id);
    if (entry.body.removes && found.form) found.form.hidden = true;
    else if (!found.form) queue.drop(id);
    else put(found.form, found.name, part === "ballot" ? values.vote : values[name]);
  }
  for (const form of all(page, "form.item-form")) { ballot(form); hint(form); }
  all(page, 'form[action$="/add_item"] input[type="text"]').forEach(draft);
  if (queue.size) queue.hurry(); else state("ready");

  window.addEventListener("online", () => queue.size && queue.hurry());
  window.addEventListener("pagehide", () => queue.leave());
  document.addEventListener("visibilitychange", () => { if (document.hidden) queue.leave(); else if (queue.size) queue.hurry(); });
}

if (page) startMinutes();

// On the page that closes: nothing is signed while something typed is still on its way.
const unsent = document.getElementById("unsent");
if (unsent && Object.keys(Queue.stored(unsent.dataset.key)).length) {
  unsent.hidden = false;
  document.getElementById("close-form").hidden = true;
}
