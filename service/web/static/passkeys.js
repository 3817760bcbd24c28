// Passkeys: asks the server what the browser needs, lets the browser do it, and sends the form with the answer in it.
// Without this script, or in a browser without passkeys, the buttons stay hidden and passwords work.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const descriptors = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function readOptions(told) {
  const options = { ...told, challenge: bytes(told.challenge) };
  if (told.user) options.user = { ...told.user, id: bytes(told.user.id) };
  if (told.excludeCredentials) options.excludeCredentials = descriptors(told.excludeCredentials);
  if (told.allowCredentials) options.allowCredentials = descriptors(told.allowCredentials);
  return options;
}

function written(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function use(button) {
  const form = button.form;
  const asked = await fetch(button.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const told = await asked.json();
  if (!asked.ok) throw new Error([told.title, told.next_step].filter(Boolean).join(" "));
  const publicKey = readOptions(told);
  let credential;
  try {
    credential = await navigator.credentials[button.dataset.passkey]({ publicKey });
  } catch {
    throw new Error(button.dataset.failed);
  }
  form.elements.passkey.value = written(credential);
  const others = [...form.querySelectorAll("button")].filter((one) => one.type === "submit" && !one.dataset.passkey);
  if (others.length > 1) return button.dataset.shown; // which of them was meant, its owner says
  if (others.length) form.requestSubmit(others[0]);
  else form.submit();
  return "";
}

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const says = button.parentElement.querySelector(".says");
      says.textContent = "";
      button.disabled = true;
      use(button)
        .catch((error) => error.message)
        .then((message) => { says.textContent = message; button.disabled = false; });
    });
  }
}
