// A folder is made up while somebody waits: the keyboard alone, at the pace of a person who types with two fingers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { person } from "./clerk.mjs";
import { hospital } from "./hospital.mjs";

const PATIENCE = { timeout: 120_000 };
/** So long making up may take, from the open page to the folder that is made, in milliseconds. */
const MADE_MS = 40_000;
/** From one key to the next, in milliseconds: two fingers, one eye on the paper. */
const KEY_MS = 250;
/** A person looks at each new page for so long before going on, in milliseconds. */
const READS_MS = 2_000;
/** Stops of the keyboard on one page, at most. */
const MAX_STOPS = 60;

let here;

before(async () => {
  here = await hospital();
});

after(async () => {
  assert.equal(await here.close(), 0, "the server ends cleanly");
});

const story = (name, tell) => test(name, PATIENCE, tell);

/** A clerk before the open form, with the time running. */
async function maker(options) {
  const clerk = await person(here, "/make", options);
  const began = Date.now();
  const { page } = clerk;
  // What is typed before the field has the focus goes nowhere.
  await page.locator("#number:focus").waitFor();
  return {
    ...clerk,
    /** Waits for these words, and reads them. */
    async sees(words) {
      await clerk.reads("main", words);
      await page.waitForTimeout(READS_MS);
    },
    type: (text) => page.keyboard.type(text, { delay: KEY_MS }),
    /** Goes on with Tab to what answers to `selector`. */
    async tabTo(selector) {
      for (let stops = 0; stops < MAX_STOPS; stops += 1) {
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${selector} is not reached`);
    },
    /** The folder that is made, once its page says so in time. */
    async made() {
      await clerk.reads("main", "MADE UP");
      const took = Date.now() - began;
      assert.ok(took < MADE_MS, `${took} ms`);
      const [, barcode] = /barcode (\S+)/.exec(await clerk.text());
      const focused = await page.evaluate(() => document.activeElement.matches("a.settle"));
      assert.ok(focused, "Enter goes on to what is likeliest");
      const folder = await here.ask(`volumes/${barcode}`);
      await clerk.leaves();
      return { folder, took };
    },
  };
}

/** Types into the fields one after the other, from the first one on. */
async function fill(clerk, ...texts) {
  for (const [at, text] of texts.entries()) {
    if (at) await clerk.press("Tab");
    await clerk.type(text);
  }
}

story("a further volume for somebody who is found by name and birth date", async (told) => {
  const clerk = await maker();
  await fill(clerk, "", "", "Patel", "Anita", "30/11/1981");
  await clerk.press("Enter");
  await clerk.sees("Is it one of these?");
  await clerk.press("1");
  await clerk.sees("New volume of CN-X-FILED");
  await clerk.press("1");
  await clerk.page.waitForFunction(() => document.activeElement.id === "badge");
  await clerk.scan("B200");
  const { folder, took } = await clerk.made();
  assert.deepEqual([folder.casenote, folder.volume, folder.state], ["CN-X-FILED", 2, "not-yet-seen"]);
  told.diagnostic(`${took} ms`);
});

story("a new patient, after the one who is much alike was compared and passed by", async (told) => {
  const clerk = await maker();
  await fill(clerk, "999001", "9434765870", "Patel", "Anita", "2/1/1950");
  await clerk.press("Enter");
  await clerk.sees("Much like what you typed");
  await clerk.tabTo("[value=new]");
  await clerk.press("Enter");
  // Nothing is sent before all were passed by: the browser leads to who was not.
  await clerk.page.waitForFunction(() => document.activeElement.matches("[name=passed]"));
  await clerk.press("Space");
  await clerk.tabTo("[value=new]");
  await clerk.press("Enter");
  await clerk.sees("provisional until the next import");
  await clerk.scan("B200");
  const { folder, took } = await clerk.made();
  assert.deepEqual([folder.casenote, folder.volume], ["999001", 1]);
  told.diagnostic(`${took} ms`);
});

story("without JavaScript: a temporary folder, with Tab, space and Enter", async (told) => {
  const clerk = await maker({ javaScriptEnabled: false });
  await fill(clerk, "900003");
  await clerk.press("Enter");
  await clerk.sees("What is made?");
  await clerk.press("ArrowDown");
  await clerk.tabTo("#badge");
  await clerk.type("B200");
  await clerk.press("Enter");
  const { folder, took } = await clerk.made();
  assert.deepEqual([folder.kind, folder.volume, folder.state], ["temporary", 2, "not-yet-seen"]);
  told.diagnostic(`${took} ms`);
});
