// Labels as people use them: a sheet is clicked, a list is scanned, the picture follows, the PDF comes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { person } from "./clerk.mjs";
import { hospital, within } from "./hospital.mjs";
import { pause } from "./wedge.mjs";

const PATIENCE = { timeout: 60_000 };
let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

const story = (name, tell) => test(name, PATIENCE, tell);

/** The picture of the label, once it is shown: its address, and how wide the browser found it. */
const picture = (page) => page.locator("#preview img").first().evaluate(async (img) => {
  img.loading = "eager";
  await img.decode();
  return { url: img.src, width: img.naturalWidth };
});

/** Presses the button that prints, and waits for what comes. */
async function printed(page) {
  const [reply] = await Promise.all([
    page.context().waitForEvent("response", (response) => response.url().endsWith("/labels/print")),
    page.locator("#print button").click(),
  ]);
  return { status: reply.status(), ...reply.headers() };
}

story("what is chosen is shown at once, and the sheet is clicked", async () => {
  const clerk = await person(here, "/volumes/X-AT/label");
  const { page } = clerk;
  const before = await picture(page);
  assert.ok(before.width > 200, "63.5 mm, and no rule of the page keeps it away");
  await page.selectOption("#stock", "L7163");
  await clerk.reads("#sheet", "14 labels, 2 across");
  const after = await picture(page);
  assert.match(after.url, /stock=L7163/);
  assert.ok(after.width > before.width);
  await page.locator(".cell", { hasText: "5" }).first().locator("input[type=radio]").check();
  await page.waitForFunction(() => document.querySelectorAll(".cell.used").length === 4);
  await page.check("#spoiling");
  await page.locator(".cell input[type=checkbox]").nth(4).check();
  await page.waitForFunction(() => document.querySelector(".cell.spoiled") && document.querySelectorAll(".cell")[5].matches(".filled"));
  await page.selectOption("#why", "damaged");
  await page.fill("#copies", "20");
  await clerk.reads("#print", "20 labels");
  await clerk.reads("#sheet", "9 on this sheet, 11 on 1 new sheet after it");
  const reply = await printed(page);
  assert.deepEqual([reply.status, reply["content-type"]], [200, "application/pdf"]);
  assert.doesNotMatch(reply["content-disposition"], /X-AT|PATEL/i);
  assert.ok(page.url().startsWith(`${here.address}/volumes/X-AT/label`), "the page stays, and what was chosen on it");
  await clerk.leaves();
});

story("a stack is scanned into the list, one a line, and nothing is taken from another page", async () => {
  const clerk = await person(here, "/labels");
  const { page } = clerk;
  for (const folder of ["F0031", "F0032", "F0033"]) await clerk.scan(folder);
  assert.equal(await page.inputValue("#name"), "F0031\nF0032\nF0033\n");
  await page.click("text=Show the labels");
  await clerk.reads("#print", "3 labels");
  assert.equal(new URL(page.url()).search, "", "no folder stands in the address of a list");
  await clerk.leaves();
});

story("the keyboard alone, without JavaScript", async () => {
  const clerk = await person(here, "/volumes/X-FILED/label", { javaScriptEnabled: false });
  const { page } = clerk;
  await page.locator("[name=first][value='1']").focus();
  await clerk.press("ArrowDown", "ArrowDown", "Enter");
  await page.waitForURL(/first=3/);
  assert.equal(await page.locator(".cell.used").count(), 2);
  await page.selectOption("#why", "lost");
  assert.ok((await page.locator("#preview img").first().evaluate((img) => img.complete && img.naturalWidth)) > 0);
  const reply = await printed(page);
  assert.deepEqual([reply.status, reply["content-type"]], [200, "application/pdf"]);
  await clerk.leaves();
});

story("a label printer: its roll is chosen, and the queue says how far it came", async () => {
  const clerk = await person(here, "/volumes/X-SET-1/label?stock=L7160");
  const { page } = clerk;
  await page.selectOption("#why", "lost");
  await page.selectOption("#printer", "Hatch");
  await clerk.reads("#said", "is chosen now");
  await page.selectOption("#stock", "70x35");
  await page.waitForFunction(() => !document.querySelector("#said").innerText);
  await page.locator("#print button", { hasText: "Print 1 label on Hatch" }).click();
  await page.waitForURL(/labels\/queue$/);
  await clerk.reads("main", "on 70x35");
  const spool = join(dirname(here.database), "..", "spool");
  await within(15_000, "the label in the spool folder", (async () => {
    while (!readdirSync(spool).length) await pause(100);
  })());
  assert.match(readFileSync(join(spool, readdirSync(spool)[0]), "utf8"), /^\^XA/);
  await clerk.leaves();
});

story("nobody is sure whether it printed: a person looks, and says", async () => {
  const clerk = await person(here, "/labels/queue");
  await clerk.reads("main", "Did it print?");
  const unsure = clerk.page.locator(".job.unsure", { hasText: "CN-X-MARKUP" });
  await unsure.locator("button", { hasText: "Yes, it printed" }).click();
  await unsure.waitFor({ state: "detached" });
  assert.match(await clerk.text(), /CN-X-MARKUP volume 1 on L7160: printed/);
  await clerk.leaves();
});

story("what waits for no printer is one sheet, from the label on that is left", async () => {
  const clerk = await person(here, "/labels/queue");
  const { page } = clerk;
  await page.fill("#first", "5");
  const [reply] = await Promise.all([
    page.context().waitForEvent("response", (response) => response.url().endsWith("/labels/queue/print")),
    page.locator(".by-hand button", { hasText: "Make the PDF: 2 labels" }).click(),
  ]);
  assert.deepEqual([reply.status(), reply.headers()["content-type"]], [200, "application/pdf"]);
  await page.reload();
  assert.equal(await page.locator(".by-hand").count(), 0);
  await clerk.leaves();
});
