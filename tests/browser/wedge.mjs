// A keyboard wedge scanner: the keys that it presses, as the layout of the PC and caps lock make them signs.

/** Where a scanner set for a US keyboard presses each sign, and whether with Shift. */
function positionOf(sign) {
  if (/[a-zA-Z]/.test(sign)) return { code: `Key${sign.toUpperCase()}`, shift: sign !== sign.toLowerCase() };
  if (/[0-9]/.test(sign)) return { code: `Digit${sign}`, shift: false };
  const signs = {
    "-": ["Minus", false], "/": ["Slash", false], ".": ["Period", false], " ": ["Space", false], "+": ["Equal", true],
    $: ["Digit4", true], "%": ["Digit5", true], "@": ["Digit2", true], '"': ["Quote", true], "#": ["Digit3", true], "]": ["BracketRight", false],
  };
  const [code, shift] = signs[sign];
  return { code, shift };
}

/** The signs that a UK keyboard has elsewhere than a US one: what the PC makes of a US scanner's keys. */
const ON_UK = { "@": '"', '"': "@", "#": "£" };

/** The key event of one sign: `caps` inverts letters, and the layout says what the PC takes the others for. */
export function pressOf(sign, { layout = "us", caps = false } = {}) {
  if (sign.length > 1) return { key: sign, code: sign, modifiers: 0 };
  if (sign === "\u001d") return { key: "]", code: "BracketRight", modifiers: 2 };
  const { code, shift } = positionOf(sign);
  const cased = caps ? (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase()) : sign;
  const key = layout === "uk" ? ON_UK[cased] ?? cased : cased;
  return { key, code, modifiers: shift ? 8 : 0 };
}

const VIRTUAL = { Enter: 13, Tab: 9, F8: 119, Dead: 222 };
const TEXTS = { Enter: "\r", Tab: "", F8: "", Dead: "" };

/**
 * Types as a scanner does: 5 ms a key, then `suffix`. The keys carry the scanner's times, as they do from a real
 * keyboard however busy the PC is. Answers the time of the last key, in seconds.
 */
export async function wedge(page, text, { gap = 5, prefix = [], suffix = ["Enter"], at = 0, ...pc } = {}) {
  page.wedge ??= await page.context().newCDPSession(page);
  let timestamp = Math.max(Date.now() / 1000, at);
  const sent = [];
  const send = (event) => sent.push(page.wedge.send("Input.dispatchKeyEvent", event));
  for (const sign of [...prefix, ...(Array.isArray(text) ? text : Array.from(text)), ...suffix]) {
    const press = pressOf(sign, pc);
    const typed = press.modifiers === 2 ? "" : TEXTS[sign] ?? press.key;
    const windowsVirtualKeyCode = VIRTUAL[sign] ?? sign.toUpperCase().charCodeAt(0);
    const event = { ...press, windowsVirtualKeyCode, timestamp };
    send({ type: typed ? "keyDown" : "rawKeyDown", text: typed, ...event });
    send({ type: "keyUp", ...event });
    timestamp += gap / 1000;
  }
  await Promise.all(sent);
  return timestamp - gap / 1000;
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
