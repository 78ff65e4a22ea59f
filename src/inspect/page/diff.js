// Words that went and came, as the rules left them.

import { el, said } from "./dom.js";

/** One change: what was, what is, or both, as `mode` says: "edited" or "original". */
export function change(one, mode, reveal) {
  const parts = one.parts.map((part) => {
    if (part.same !== undefined) return said(part.same, reveal);
    if (part.new !== undefined) return mode === "original" ? null : el("ins", {}, said(part.new, reveal));
    const was = part.old === null || part.old === undefined ? el("span.unsaid", { title: "What a rule hid is not shown" }, "‹…›") : said(part.old, reveal);
    return el("del", {}, was);
  });
  const isAll = (kind) => one.parts.length > 0 && one.parts.every((part) => part[kind] !== undefined);
  const isAdded = isAll("new");
  const added = mode === "original" ? " · not there before" : " · added";
  const what = isAdded ? added : isAll("old") ? " · taken out" : "";
  return el(
    isAdded ? "div.change.added" : "div.change",
    {},
    el("p.at", {}, one.role ? `${one.at} (${one.role})` : one.at, what),
    el("p.text", { dir: "auto" }, parts),
  );
}
