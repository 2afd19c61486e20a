// What is looked at inside a page. Each function runs in the browser, whichever it is, and answers plain values.

/**
 * Fills the fields of the form that has this button, and presses it. `true` ticks every box of the name. Nothing is asked
 * for by the browser itself: what the server says of a form is what is looked at.
 */
export function sendForm({ press, fields }) {
  const button = document.querySelector(`button[name=step][value="${press}"]`);
  for (const [name, value] of Object.entries(fields)) {
    for (const field of button.form.querySelectorAll(`[name="${name}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = value === true || field.value === value;
      else field.value = value;
    }
  }
  button.formNoValidate = true;
  button.click();
}

/** How wide the page is, and what makes it wider than its window. */
export function overflow() {
  const wide = document.documentElement.scrollWidth;
  const room = document.documentElement.clientWidth;
  if (wide <= room) return null;
  const beyond = [...document.body.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > room + 1);
  const named = (part) => `${part.localName}${part.id ? `#${part.id}` : ""}${part.classList.length ? `.${[...part.classList].join(".")}` : ""}`;
  return `${wide} px in a window of ${room}: ${beyond.slice(0, 5).map(named).join(", ")}`;
}

/** What stands in the page, without what only a script adds (the sound check, the line's notice, the buttons that let a signal be heard) and without times. */
export function mainText() {
  const main = document.querySelector("main");
  const hidden = [...main.querySelectorAll("#sound, #line, [data-hear]")].map((part) => [part, part.hidden]);
  for (const [part] of hidden) part.hidden = true;
  const text = main.innerText;
  for (const [part, was] of hidden) part.hidden = was;
  return text.replace(/\b\d{1,2}:\d{2}(:\d{2})?\b/g, "time").replace(/\s+/g, " ").trim();
}

/**
 * Marks what the keyboard must reach, says how many those are, and puts the focus on the `first` or the last of them.
 * The buttons of one choice are one stop: arrows go on from there.
 */
export function markFocusable(first) {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const parts = [...document.querySelectorAll(wanted)].filter((part) => !part.disabled && part.tabIndex >= 0 && part.checkVisibility({ visibilityProperty: true }));
  const stops = [];
  for (const part of parts) {
    const isOneChoice = (stop) => part.type === "radio" && stop.type === "radio" && part.name === stop.name && part.form === stop.form;
    const at = stops.findIndex(isOneChoice);
    if (at < 0) stops.push(part);
    part.casetrackStop = at < 0 ? stops.length - 1 : at;
  }
  parts.at(first ? 0 : -1)?.focus();
  return stops.length;
}

/**
 * Where the focus is: `stop` is the number by markFocusable, `trouble` what keeps it from being seen; a field for a day
 * has several stops inside.
 */
export function focusNow() {
  const part = document.activeElement;
  if (!part || part === document.body || part === document.documentElement) return null;
  const named = `${part.localName}${part.id ? `#${part.id}` : ""} "${(part.innerText ?? "").slice(0, 30)}"`;
  const box = part.getClientRects()[0];
  const look = getComputedStyle(part);
  let trouble = null;
  if (!box || box.bottom < 1 || box.right < 1 || box.top > innerHeight - 1 || box.left > innerWidth - 1) trouble = "outside the window";
  else {
    const [x, y] = [Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 2), Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 2)];
    const top = document.elementFromPoint(x, y);
    if (top && top !== part && !part.contains(top) && !top.contains(part)) trouble = `covered by ${top.localName}.${top.className}`;
    else if (look.outlineStyle === "none" && look.boxShadow === "none") trouble = "without a ring";
  }
  return { stop: part.casetrackStop ?? null, named, trouble, goesOnInside: part.type?.startsWith("date") };
}

/** What a page may never have got from a name: foreign elements, and text that flips what stands after it. */
export function foreign() {
  const found = [...document.querySelectorAll("script:not([src]), iframe, object, embed, img[src=x], [onerror], [onload], [style], style, b b, i b")].map((part) => part.outerHTML.slice(0, 80));
  if (window.casetrackRan) found.push("a foreign script ran");
  return found;
}

/** Text that turns the direction of what stands beside it: each piece written to the left is isolated, no sign turns. */
export function flipped() {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const bare = node.data.replace(/\u2068[^\u2068\u2069]*\u2069/g, "");
    // In a field for lines each line is a paragraph, and turns nothing but itself.
    const isolated = node.parentElement.matches("bdi, textarea[dir=auto]");
    if (!isolated && /[\u200E\u200F\u202A-\u202E\u2066-\u2069\u0590-\u08FF]/.test(bare)) found.push(JSON.stringify(node.data.slice(0, 60)));
  }
  return found;
}

/** Text that a clip cuts: a telephone number without its first digits is a wrong number. */
export function cutText() {
  const found = [];
  for (const part of document.querySelectorAll("main *")) {
    const inset = /^inset\((\S+?)px? (\S+?)px? (\S+?)px? (\S+?)px?\)$/.exec(getComputedStyle(part).clipPath);
    if (!inset) continue;
    const box = part.getBoundingClientRect();
    const [left, right] = [box.left + Number(inset[4]), box.right - Number(inset[2])];
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const cut = [...range.getClientRects()].some((line) => line.left < left - 1 || line.right > right + 1);
      if (cut && node.data.trim()) found.push(node.data.trim().slice(0, 60));
    }
  }
  return found;
}

/** The tags of the rules that every page keeps. */
export const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Runs axe, which must be in the page, and names what it finds. */
export async function axeFinds(runOnly) {
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"], preload: false, iframes: false });
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}×) ${nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`).join(" | ")}`);
}
