// What a person does at a screen: opens a page, scans with a wedge, reads, waits for words.
import assert from "node:assert/strict";
import { wedge } from "./wedge.mjs";

/** So long anybody waits for words on a page, in milliseconds. */
export const WAIT = { timeout: 15_000 };

/** A person with a browser of their own; `reads(part, words)` waits until the part says so. */
export async function person(here, path = "/", options = {}) {
  const context = await here.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT.timeout);
  page.on("dialog", (dialog) => assert.fail(`a page ran foreign script: ${dialog.message()}`));
  await page.goto(here.address + path);
  return {
    page,
    scan: (text) => wedge(page, text),
    reads: (part, hasText) => page.locator(part, { hasText }).first().waitFor(WAIT),
    text: (part = "main") => page.locator(part).innerText(),
    press: (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve()),
    type: (text) => page.keyboard.type(text, { delay: 90 }),
    leaves: () => context.close(),
  };
}
