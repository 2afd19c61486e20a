// The line to the server: its loss is seen within seconds though nobody scans, and so is a new release of the page.

import { pause } from './live.js';

/** How often the server is asked whether it is there: a clerk learns of its loss before the next folder. */
const ASK_EVERY_MS = 5000;
/** No answer for so long: it is not there. */
const NO_ANSWER_MS = 4000;

/**
 * Asks for the page's own script: any answer shows the server, and that it is not found shows another release,
 * whose scripts lie in another folder.
 */
async function ask(script) {
  try {
    const reply = await fetch(script, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(NO_ANSWER_MS) });
    if (reply.status === 404) return 'replaced';
    return reply.status < 500 ? 'there' : 'lost';
  } catch { return 'lost'; }
}

/** Watches the line. `tick()` runs after each look; `set` is told what other requests have shown meanwhile. */
export function watchLine(script, { lost, back, replaced, tick }) {
  let isLost = false;
  let asking = false;
  let isLeft = false;
  const set = (now) => {
    // A page that is left breaks off its own requests: that is no lost line.
    if (isLeft || now === isLost) return;
    isLost = now;
    if (isLost) lost(); else back();
  };
  const look = async () => {
    if (asking) return;
    asking = true;
    const answer = await ask(script);
    asking = false;
    set(answer === 'lost');
    if (answer === 'replaced') replaced();
    tick();
  };
  const goOn = async () => {
    for (;;) {
      await look();
      await pause(ASK_EVERY_MS);
    }
  };
  addEventListener('offline', () => set(true));
  addEventListener('online', look);
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', () => { isLeft = true; });
  addEventListener('pageshow', () => { isLeft = false; });
  goOn();
  return { look, isLost: () => isLost, set };
}
