const panel = document.getElementById("stored");
const body = document.getElementById("stored-body");

function heading(text) {
  const made = document.createElement("h3");
  made.textContent = text;
  return made;
}

function paragraph(text, name) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

/** Any value as it came: objects as lists in lists, times in the reader's own way. */
function value(data, texts) {
  if (data === null || data === undefined) return "—";
  if (typeof data === "boolean") return texts[data ? "stored.yes" : "stored.no"];
  if (Array.isArray(data) && data.every((item) => typeof item !== "object")) return data.join(", ") || "—";
  if (typeof data === "object") return fields(data, texts);
  if (typeof data === "string" && /^\d{4}-\d\d-\d\dT\d\d:/.test(data) && !Number.isNaN(Date.parse(data)))
    return new Date(data).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
  return String(data);
}

function fields(data, texts) {
  const list = document.createElement("dl");
  for (const [name, content] of Object.entries(data)) {
    const term = document.createElement("dt");
    term.textContent = name;
    const description = document.createElement("dd");
    description.append(value(content, texts));
    list.append(term, description);
  }
  return list;
}

function row(data, texts, isMatch) {
  const made = document.createElement("div");
  made.className = isMatch ? "row match" : "row";
  made.append(fields(data, texts));
  return made;
}

function render(answer, texts) {
  if (!answer.ok) {
    const problem = paragraph(texts[answer.text] ?? answer.text, "problem");
    const detail = document.createElement("small");
    detail.textContent = answer.detail;
    problem.append(detail);
    return [problem];
  }
  if (answer.rows.length === 0) return [paragraph(texts["stored.empty"], "problem")];
  const match = answer.rows.find((data) => data.id === answer.match);
  const others = answer.rows.filter((data) => data !== match);
  const parts = match
    ? [heading(texts["stored.this"]), row(match, texts, true)]
    : [paragraph(texts["stored.no-match"], "problem")];
  if (match && others.length > 0) parts.push(heading(texts["stored.thread"]));
  return [...parts, ...others.map((data) => row(data, texts, false))];
}

/** Opens the panel and asks the sandbox, which asks the gateway. */
export async function showStored(chat, bubble, texts) {
  body.replaceChildren(paragraph(texts["stored.loading"], "quiet"));
  panel.showModal();
  try {
    const response = await fetch(`/phone/chats/${chat}/stored`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: bubble.id }),
    });
    if (!response.ok) throw new Error(String(response.status));
    body.replaceChildren(...render(await response.json(), texts));
  } catch {
    body.replaceChildren(paragraph(texts["phone.error.away"], "problem"));
  }
}
