const byId = (id) => document.getElementById(id);
const panel = byId("settings");
const key = "sandbox-phone-identity";

function digits(count) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (value) => value % 10).join("");
}

/** Who holds this phone; kept in this browser only. */
export function identity() {
  const known = JSON.parse(localStorage.getItem(key) ?? "null");
  return known ?? { kind: "number", name: "Deniz", number: "+90 555 000 00 01", username: "deniz", userId: `TR.1${digits(15)}` };
}

/** What the sandbox is told about that person. */
export function asRequest(person) {
  return person.kind === "number"
    ? { from: person.number, name: person.name }
    : { userId: person.userId, name: person.name, username: person.username };
}

function showKind(kind) {
  for (const part of panel.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind;
}

/** The settings drawer; `onSave` is called when somebody else holds the phone now. */
export function prepareSettings(onSave) {
  for (const radio of panel.querySelectorAll("input[name=kind]")) radio.addEventListener("change", () => showKind(radio.value));
  byId("settings-open").addEventListener("click", () => {
    const person = identity();
    byId("name").value = person.name;
    byId("number").value = person.number;
    byId("username").value = person.username;
    byId("user-id").value = person.userId;
    for (const radio of panel.querySelectorAll("input[name=kind]")) radio.checked = radio.value === person.kind;
    showKind(person.kind);
    panel.returnValue = "";
    panel.showModal();
  });
  byId("settings-close").addEventListener("click", () => panel.close());
  panel.addEventListener("close", () => {
    if (panel.returnValue !== "save") return;
    const person = {
      kind: panel.querySelector("input[name=kind]:checked").value,
      name: byId("name").value.trim(),
      number: byId("number").value.trim(),
      username: byId("username").value.trim(),
      userId: byId("user-id").value.trim(),
    };
    localStorage.setItem(key, JSON.stringify(person));
    onSave();
  });
}
