// Elements and texts. Whatever somebody said becomes a text node here, never markup.

/** An element: attributes, listeners (`on…`), and children (elements or texts). */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "vars") {
      for (const [variable, said] of Object.entries(value)) element.style.setProperty(variable, said);
    } else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts these children in the place of all that an element has. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

// Signs that change how others look, or that no one sees: they are shown by their number.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
const PLACEHOLDER = /(\[[A-Z][A-Z0-9_]*_\d+\]|‹[A-Z][A-Z0-9_]*_\d+›)/u;

/** A text with what nobody sees made visible. */
export function visible(text) {
  return text.replace(UNSEEN, (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** A text with what stands between backticks as code. */
export function marked(text) {
  const parts = visible(text).split("`");
  return parts.length % 2 === 0 ? parts.join("`") : parts.map((part, at) => (at % 2 ? el("code", {}, part) : part));
}

/** What somebody said, with its placeholders marked. `reveal`: what a press on one does. */
export function said(text, reveal) {
  return visible(text).split(PLACEHOLDER).map((part, at) => {
    if (at % 2 === 0) return part;
    const name = part.slice(1, -1);
    if (!reveal || !reveal.can(name)) return el("span.hidden-value", {}, part);
    return el("button.hidden-value", {
      type: "button",
      title: "Show the value behind it; this is logged",
      onclick: (event) => reveal.show(name, event.currentTarget),
    }, part);
  });
}

/** Says something to those who do not see the page, and shortly to all. */
export function announce(text) {
  byId("said").textContent = text;
}

/** Opens the dialog; it closes with Escape or its button, and gives the focus back. */
export function dialog(title, ...children) {
  const box = byId("dialog");
  fill(
    box,
    el("h2", { id: "dialog-title" }, title),
    children,
    el("p.actions", {}, el("button", { type: "button", onclick: () => box.close() }, "Close")),
  );
  if (!box.open) box.showModal();
  return box;
}

/** Copies a text, and says so. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied: ${what}`);
  } catch {
    // Without HTTPS a browser has no clipboard for pages: the person copies it.
    const area = el("textarea.code", { readonly: true, rows: 16, "aria-label": what });
    area.value = text;
    dialog(`Copy: ${what}`, area);
    area.focus();
    area.select();
  }
}
