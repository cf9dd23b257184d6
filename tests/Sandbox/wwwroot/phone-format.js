const marks = { "*": "strong", _: "em", "~": "s" };
const link = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/;
const styled = /```([\s\S]+?)```|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/u;

/** WhatsApp's own formatting as elements; everything else stays text, so no message can bring markup. */
export function format(text) {
  const fragment = document.createDocumentFragment();
  let rest = text;
  while (rest) {
    const url = link.exec(rest);
    const mark = styled.exec(rest);
    const next = url && (!mark || url.index < mark.index) ? url : mark;
    if (!next) break;
    fragment.append(rest.slice(0, next.index), next === url ? linkTo(next[0]) : element(next));
    rest = rest.slice(next.index + next[0].length);
  }
  fragment.append(rest);
  return fragment;
}

function element(match) {
  const made = document.createElement(match[1] === undefined ? marks[match[2]] : "code");
  made.append(match[1] ?? format(match[3]));
  return made;
}

function linkTo(address) {
  const made = document.createElement("a");
  made.href = address;
  made.rel = "noreferrer";
  made.target = "_blank";
  made.textContent = address;
  return made;
}
