import { format } from "/phone-format.js";

const svg = "http://www.w3.org/2000/svg";
const shapes = {
  Sending: ["M10 4.5a4.5 4.5 0 1 0 .01 0", "M10 6.5v2.7l1.8 1"],
  Delivered: ["M4 9l3.5 3.5L15 4.5"],
  Read: ["M1 9l3.5 3.5L12 4.5", "M8.5 11.5l1 1L17.5 4.5"],
};

/** The sign of a message's state, with a sentence for those who do not see it. */
function tick(state, texts) {
  const sign = document.createElement("span");
  sign.className = `state ${state}`;
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", texts[`phone.state.${state.toLowerCase()}`]);
  sign.title = texts[`phone.state.${state.toLowerCase()}`];
  if (!shapes[state]) {
    sign.textContent = "!";
    return sign;
  }
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", "0 0 19 16");
  for (const shape of shapes[state]) {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("d", shape);
    picture.append(path);
  }
  sign.append(picture);
  return sign;
}

function text(value) {
  const paragraph = document.createElement("p");
  paragraph.append(format(value));
  return paragraph;
}

function media(kind, address, label) {
  const made = document.createElement(kind);
  made.src = address;
  if (kind === "img") made.alt = label;
  else {
    made.controls = true;
    made.preload = "metadata";
    made.setAttribute("aria-label", label);
  }
  return made;
}

function place(payload) {
  const lines = [`📍 *${payload?.name ?? ""}*`, payload?.address, `${payload?.latitude}, ${payload?.longitude}`];
  return text(lines.filter(Boolean).join("\n"));
}

function replies(bubble, onReply) {
  const group = document.createElement("div");
  group.className = "replies";
  const action = bubble.payload?.action ?? {};
  const choices = [
    ...(action.buttons ?? []).map((button) => button.reply),
    ...(action.sections ?? []).flatMap((section) => section.rows ?? []),
  ];
  for (const choice of choices) {
    const button = document.createElement("button");
    button.textContent = choice.title;
    button.addEventListener("click", () => onReply({ kind: "reply", text: choice.title, replyId: choice.id, contextId: bubble.id }));
    group.append(button);
  }
  return group;
}

function content(bubble, texts, onReply) {
  const label = texts[`phone.kind.${bubble.type}`] ?? texts["phone.kind.other"];
  const address = bubble.mediaId && `/phone/media/${bubble.mediaId}`;
  const parts = [];
  if (bubble.type === "sticker" && address) {
    const picture = media("img", address, label);
    picture.className = "sticker";
    parts.push(picture);
  } else if (bubble.type === "image" && address) parts.push(media("img", address, label));
  else if (bubble.type === "audio" && address) parts.push(media("audio", address, label));
  else if (bubble.type === "location") parts.push(place(bubble.payload));
  else if (bubble.type === "interactive" && bubble.mine) {
    const reply = bubble.payload?.button_reply ?? bubble.payload?.list_reply;
    parts.push(text(reply?.title ?? label));
  } else if (!["text", "interactive"].includes(bubble.type)) parts.push(text(`_${label}_`));
  if (bubble.text) parts.push(text(bubble.text));
  if (bubble.type === "interactive" && !bubble.mine) parts.push(replies(bubble, onReply));
  return parts;
}

/** One message. `on.reply` sends a tapped button, `on.stored` opens the panel. */
export function draw(bubble, texts, on) {
  const item = document.createElement("li");
  item.className = `bubble ${bubble.mine ? "mine" : "theirs"}${bubble.type === "sticker" ? " bare" : ""}`;
  item.dataset.id = bubble.id;
  const meta = document.createElement("div");
  meta.className = "meta";
  const ask = document.createElement("button");
  ask.type = "button";
  ask.textContent = texts["stored.open"];
  ask.addEventListener("click", () => on.stored(bubble));
  const at = document.createElement("time");
  at.dateTime = bubble.at;
  at.textContent = new Date(bubble.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  meta.append(ask, at);
  if (bubble.mine) meta.append(tick(bubble.state, texts));
  item.append(...content(bubble, texts, on.reply), meta);
  return item;
}

/** Another tick on a message that is shown already. */
export function redrawTick(item, state, texts) {
  item?.querySelector(".state")?.replaceWith(tick(state, texts));
}

/** The line between two days; today and yesterday have names. */
export function drawDay(day, texts) {
  const line = document.createElement("li");
  line.className = "day";
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(day)) / 86400000);
  const name = { 0: texts["phone.today"], 1: texts["phone.yesterday"] }[ago];
  line.textContent = name ?? new Date(day).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  return line;
}
