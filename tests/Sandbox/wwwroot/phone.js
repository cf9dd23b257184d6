import { draw, drawDay, redrawTick } from "/phone-bubbles.js";
import { asRequest, identity, prepareSettings } from "/phone-identity.js";
import { showStored } from "/phone-stored.js";

const byId = (id) => document.getElementById(id);
const texts = await (await fetch(`/texts.${document.documentElement.lang}.json`)).json();
let chat = null;
let events = null;
let lastDay = null;
let typingEnds = 0;

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? "away");
  return answer;
}

function trouble(error) {
  byId("trouble").hidden = !error;
  if (error) byId("trouble").textContent = texts[`phone.error.${error.message}`] ?? texts["phone.error.away"];
}

function presence(text) {
  byId("presence").textContent = text;
}

function scrollDown() {
  byId("chat").scrollTop = byId("chat").scrollHeight;
}

function typing(seconds) {
  clearTimeout(typingEnds);
  byId("typing").hidden = seconds === 0;
  presence(texts[seconds ? "phone.typing" : "phone.online"]);
  if (seconds) typingEnds = setTimeout(() => typing(0), seconds * 1000);
  scrollDown();
}

function add(bubble) {
  byId("empty").hidden = true;
  const day = new Date(bubble.at).toDateString();
  if (day !== lastDay) byId("bubbles").append(drawDay(bubble.at, texts));
  lastDay = day;
  byId("bubbles").append(draw(bubble, texts, { reply: send, stored: () => showStored(chat, bubble, texts) }));
}

const handlers = {
  history({ bubbles }) {
    byId("bubbles").replaceChildren();
    lastDay = null;
    byId("empty").hidden = bubbles.length > 0;
    bubbles.forEach(add);
    typing(0);
  },
  message(bubble) {
    add(bubble);
    if (bubble.mine) scrollDown();
    else typing(0);
  },
  tick({ id, state }) {
    redrawTick(byId("bubbles").querySelector(`[data-id="${CSS.escape(id)}"]`), state, texts);
  },
  typing({ seconds }) {
    typing(seconds);
  },
};

async function send(message) {
  try {
    await post(`/phone/chats/${chat}/messages`, message);
    trouble(null);
  } catch (error) {
    trouble(error);
  }
}

/** Takes the phone up as the person of the settings. Tried again while the sandbox is away. */
async function open() {
  events?.close();
  try {
    const number = new URLSearchParams(location.search).get("number");
    const answer = await post("/phone/chats", { ...asRequest(identity()), number });
    chat = answer.chat;
    byId("business").textContent = answer.business.name;
    byId("business").title = answer.business.number;
    byId("face").textContent = [...answer.business.name][0]?.toLocaleUpperCase(document.documentElement.lang) ?? "W";
    document.title = `${answer.business.name} · ${texts["phone.title"]}`;
    trouble(null);
    listen();
  } catch (error) {
    trouble(error);
    byId("bubbles").replaceChildren();
    presence(texts["phone.offline"]);
    if (error.message !== "bad-number" && error.message !== "bad-identity") setTimeout(open, 3000);
  }
}

function listen() {
  events = new EventSource(`/phone/chats/${chat}/events`);
  events.onopen = () => presence(texts["phone.online"]);
  events.onerror = () => {
    presence(texts["phone.offline"]);
    // A sandbox that was started anew does not know the chat: the source gives up, the phone does not.
    if (events.readyState === EventSource.CLOSED) setTimeout(open, 2000);
  };
  events.onmessage = ({ data }) => {
    const { kind, what } = JSON.parse(data);
    handlers[kind]?.(what);
  };
}

function grow() {
  byId("text").style.height = "auto";
  byId("text").style.height = `${byId("text").scrollHeight + 2}px`;
}

byId("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!text || !chat) return;
  byId("text").value = "";
  grow();
  send({ kind: "text", text });
});
byId("text").addEventListener("input", grow);
byId("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("compose").requestSubmit();
});
for (const button of document.querySelectorAll(".extras button")) {
  button.addEventListener("click", () =>
    send(button.dataset.text ? { kind: "text", text: button.dataset.text } : { kind: button.dataset.kind }),
  );
}
// Pictures grow after they were placed.
byId("bubbles").addEventListener("load", scrollDown, true);
prepareSettings(open);
open();
