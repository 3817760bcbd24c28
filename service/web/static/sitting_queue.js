// What was typed and is not known to be kept: in this browser's storage until the server has said that it has it.
// One thing is sent at a time. What the server could not be asked is tried again, each time after a longer pause and
// never more than TRIES times by itself; then the next key, the network's return or a look at the page begins anew.
"use strict";

const PAUSE = 400, LONGEST_PAUSE = 30000, PATIENCE = 15000, TRIES = 40;

class Queue {
  // key: where the storage has it; url: where it is sent; told: what to call as things happen.
  constructor(key, url, told) {
    Object.assign(this, { url, told, failures: 0, sending: "", timer: 0 });
    // Each window has a place of its own, so that two do not write over each other; what another one left is taken up.
    this.key = `${key}:${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    this.entries = new Map(Object.entries(Queue.stored(key)));
    for (const entry of this.entries.values()) Object.assign(entry, { due: 0, refused: false, over: false, tried: true });
    this.keep();
    for (const left of Queue.places(key)) if (left !== this.key) localStorage.removeItem(left);
  }

  static places(key) {
    try {
      return Object.keys(localStorage).filter((one) => one.startsWith(`${key}:`));
    } catch {
      return []; // no storage
    }
  }

  static stored(key) {
    const found = {};
    for (const one of Queue.places(key)) {
      try {
        Object.assign(found, JSON.parse(localStorage.getItem(one)));
      } catch { /* not ours */ }
    }
    return found;
  }

  get size() { return this.entries.size; }

  put(id, entry, pause = PAUSE) {
    const before = this.entries.get(id);
    // What is under way stays what it was: the answer tells which of the two the server has.
    this.entries.set(id, { ...before, ...entry, due: Date.now() + pause, refused: false, over: false });
    this.failures = Math.min(this.failures, TRIES - 1);
    this.keep();
    this.told.state("typing");
    this.wake(this.failures ? Math.max(pause, 1000) : pause);
  }

  drop(id) {
    if (this.entries.delete(id)) this.keep();
  }

  keep() {
    try {
      if (this.entries.size) localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(this.entries)));
      else localStorage.removeItem(this.key);
    } catch {
      this.told.state("unstored");
    }
  }

  // Send what is there, soon.
  hurry() {
    for (const entry of this.entries.values()) entry.due = 0;
    this.failures = 0;
    this.wake(0);
  }

  wake(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  next() {
    const ready = [...this.entries].filter(([, entry]) => !entry.refused && !entry.over);
    return ready.sort(([, one], [, other]) => one.due - other.due)[0];
  }

  async send() {
    if (this.sending) return;
    const found = this.next();
    if (!found) return this.told.state(this.size ? "stuck" : "saved");
    const [id, entry] = found;
    const early = entry.due - Date.now();
    if (early > 0) return this.wake(early);
    this.sending = id;
    const body = this.begin(entry);
    this.told.state("saving");
    const answer = await this.ask(body);
    this.sending = "";
    this.hear(id, body, answer);
  }

  // What is added is sent again exactly as the first time, so that the server knows it again.
  begin(entry) {
    entry.tried = true;
    if (entry.body.key && !entry.sent) entry.sent = entry.body;
    this.keep();
    return entry.sent || entry.body;
  }

  async ask(body) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = { "Content-Type": "application/json" };
      const how = { method: "POST", headers, body: JSON.stringify(body), redirect: "manual", signal: stop.signal };
      const answer = await fetch(this.url, how);
      if (answer.type === "opaqueredirect" || answer.status === 401) return { status: 401, told: {} };
      return { status: answer.status, told: await answer.json() };
    } catch {
      return { status: 0, told: {} };
    } finally {
      clearTimeout(timer);
    }
  }

  hear(id, body, { status, told }) {
    const entry = this.entries.get(id);
    if (status === 200) {
      this.failures = 0;
      if (entry && entry.body === body) this.entries.delete(id);
      else if (entry) Object.assign(entry, { sent: null, body: this.told.after(id, body, told, entry.body) });
      this.keep();
      this.told.kept(id, body, told);
      this.told.state(this.size ? "saving" : "saved", told.at);
    } else if (status === 0 || status === 401 || status >= 500 || status === 429) {
      this.failures += 1;
      this.told.state(status === 401 ? "out" : "failed");
      if (this.failures < TRIES) this.wake(Math.min(1000 * 2 ** (this.failures - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2));
      return;
    } else if (entry && entry.body !== body && !entry.sent) {
      entry.due = 0; // it was typed anew meanwhile: that is sent instead
    } else if (entry) {
      Object.assign(entry, { refused: status !== 409, over: status === 409, sent: null });
      this.keep();
      this.told.refused(id, status, told);
    }
    this.wake(0);
  }

  // Nobody waits for an answer any more: what is there is sent once, and stays in the storage.
  leave() {
    for (const entry of this.entries.values()) {
      if (entry.refused || entry.over) continue;
      const body = JSON.stringify(this.begin(entry));
      if (body.length > 30000) continue; // more than a browser sends behind itself
      fetch(this.url, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
    }
  }
}
