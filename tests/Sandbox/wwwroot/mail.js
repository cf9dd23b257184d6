const byId = (id) => document.getElementById(id);
const main = document.querySelector("main");
const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
let shown = [];
let openIndex = null;

/** Text with its links clickable; nothing of a mail is ever taken as markup. */
function withLinks(text) {
  const fragment = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g)) {
    fragment.append(text.slice(at, match.index));
    const link = document.createElement("a");
    link.href = match[0];
    link.textContent = match[0];
    link.rel = "noreferrer";
    fragment.append(link);
    at = match.index + match[0].length;
  }
  fragment.append(text.slice(at));
  return fragment;
}

/** A mail without a text part: its HTML as text, each link's address behind its words. */
function textOf(mail) {
  if (mail.text.trim() || !mail.html) return mail.text;
  const page = new DOMParser().parseFromString(mail.html, "text/html");
  for (const dead of page.querySelectorAll("script, style, head")) dead.remove();
  for (const link of page.querySelectorAll("a[href]")) link.append(` ${link.getAttribute("href")} `);
  for (const block of page.querySelectorAll("p, div, br, tr, li, h1, h2, h3")) block.append("\n");
  return page.body.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

function open(mail) {
  openIndex = mail.index;
  byId("choose").hidden = true;
  byId("open").hidden = false;
  byId("subject").textContent = mail.subject || byId("subject").dataset.none;
  byId("from").textContent = mail.from;
  byId("recipients").textContent = mail.to.join(", ");
  byId("at").textContent = time.format(new Date(mail.receivedAt));
  byId("text").replaceChildren(withLinks(textOf(mail)));
  main.classList.add("reading");
  mark();
  byId("reader").focus({ preventScroll: true });
}

function mark() {
  for (const button of byId("mails").querySelectorAll("button"))
    button.setAttribute("aria-current", String(button.dataset.index === String(openIndex)));
}

function row(mail) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.dataset.index = mail.index;
  const to = document.createElement("b");
  to.textContent = mail.to.join(", ");
  const at = document.createElement("time");
  at.dateTime = mail.receivedAt;
  at.textContent = new Date(mail.receivedAt).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  const subject = document.createElement("span");
  subject.textContent = mail.subject || byId("subject").dataset.none;
  const start = document.createElement("small");
  start.textContent = textOf(mail).replace(/\s+/g, " ").slice(0, 120);
  button.append(to, at, subject, start);
  button.addEventListener("click", () => open(mail));
  item.append(button);
  return item;
}

async function load() {
  const to = byId("to").value.trim();
  try {
    const answer = await fetch(`/_sandbox/mail?to=${encodeURIComponent(to)}`);
    const mails = (await answer.json()).items.toReversed();
    byId("trouble").hidden = true;
    const empty = byId("empty");
    empty.hidden = mails.length > 0;
    empty.textContent = to ? empty.dataset.none : empty.dataset.empty;
    // Rebuilding an unchanged list would take the focus away.
    if (JSON.stringify(mails.map((mail) => mail.index)) === JSON.stringify(shown)) return;
    shown = mails.map((mail) => mail.index);
    byId("mails").replaceChildren(...mails.map(row));
    mark();
  } catch {
    byId("trouble").hidden = false;
  }
}

byId("filter").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});
byId("to").addEventListener("input", load);
byId("back").addEventListener("click", () => main.classList.remove("reading"));
setInterval(load, 2000);
load();
