// Asks the browser for a passkey and sends what it answers. The page holds what is asked, as JSON.
const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), one => one.charCodeAt(0));
const words = buffer =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(asked) {
  const options = { ...asked.publicKey };
  options.challenge = bytes(options.challenge);
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) options[list] = options[list].map(one => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: options };
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = words(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: words(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
}

const button = document.querySelector("[data-passkey]");
const trouble = document.querySelector("[data-passkey-trouble]");
if (button && window.PublicKeyCredential) {
  const asked = readable(JSON.parse(document.getElementById("passkey-asked").textContent));
  const make = button.dataset.passkey === "new";
  button.closest("[hidden]")?.removeAttribute("hidden");
  document.querySelector("[data-without-passkeys]")?.setAttribute("hidden", "");
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    try {
      const credential = await (make ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
      const form = button.form;
      form.elements.passkey.value = written(credential);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
