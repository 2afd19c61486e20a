// Live: what changed is fetched as a page and patched part by part.

import { patch } from './patch.js';
import { share } from './stream.js';

/** From the end of one refresh to the next, in milliseconds, where changes come thick: a lone change never waits. */
const REFRESH_GAP_MS = 100;
/** A server that is slow to answer is asked less often: this many times as long as its last answer took. */
const REST_TIMES = 3;
/** A refresh that failed is tried again after one second, then twice as long each time; no pause is longer than this. */
const REST_AT_MOST_MS = 15000;
/** An answer that takes longer has failed. */
const ANSWER_MOST_MS = 20000;
/** A line that is back sooner was no loss: a stream that breaks opens itself again after two seconds. */
const LOST_AFTER_MS = 6000;
/** The shared stream asks every 20 s whether this page lives; silent for so long, it is opened anew. */
const SILENT_MS = 70000;

/**
 * The page that is shown: its address, what to do once it is patched and when the server answers or does not, and how
 * often it showed something by itself.
 */
export const page = { url: location.href, patched: () => {}, answered: () => {}, shown: 0 };
let refreshing = false;
let dirty = false;
/** A part that somebody types in has been left as it was. */
let waiting = false;
/** The stream of this page alone, where browsers have no shared workers. */
let alone = null;
/** Ends the present pause between two refreshes. */
let wake = () => {};

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function rest(ms) {
  return new Promise((done) => {
    wake = done;
    setTimeout(done, Math.min(ms, REST_AT_MOST_MS));
  });
}

/** Asks for the page once: whether the server has answered, be it that there is no such page any more. */
async function fetched() {
  const before = page.shown;
  const reply = await fetch(page.url, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MOST_MS) });
  if (reply.status >= 500) return false;
  const text = await reply.text();
  if (page.shown !== before) { dirty = true; return true; }
  const asked = new URL(page.url, location.href);
  // A page that is gone, or another one such as a sign-in, is not patched in.
  if (!reply.ok || new URL(reply.url).pathname !== asked.pathname) return true;
  waiting = !patch(text);
  page.patched();
  return true;
}

/** Brings the page up to date: at once, and again for what changed meanwhile. */
export async function refresh() {
  dirty = true;
  if (refreshing) return;
  refreshing = true;
  let failures = 0;
  while (dirty) {
    dirty = false;
    const from = performance.now();
    const done = await fetched().catch(() => false);
    page.answered(done);
    if (done) {
      failures = 0;
      await rest(Math.max(REFRESH_GAP_MS, REST_TIMES * (performance.now() - from)));
    } else {
      dirty = true;
      await rest(1000 * 2 ** failures);
      failures += 1;
    }
  }
  refreshing = false;
}

/** The topics of a stream's address. */
function topics(url) {
  return [...new URL(url, location.href).searchParams].filter(([what]) => ['place', 'volume', 'desk'].includes(what));
}

/** A port to the stream that all tabs share; without shared workers, a stream of this page alone. */
function connect(hear) {
  if (globalThis.SharedWorker) {
    const { port } = new SharedWorker(new URL('stream.js', import.meta.url), { type: 'module', name: 'casetrack' });
    port.addEventListener('message', ({ data }) => hear(data));
    port.start();
    return port;
  }
  alone ??= share();
  const told = alone;
  const own = { postMessage: (word) => setTimeout(hear, 0, word) };
  return { postMessage: (said) => told(own, said), close: () => told(own, { leave: true }) };
}

/** Watches what `url` names. A page that nobody sees fetches nothing until it is shown, unless `always`. */
export function watch(url, { always, lost, back }) {
  const watched = topics(url);
  let port = null;
  let heard = 0;
  let stale = false;

  const changed = () => {
    if (document.hidden && !always) stale = true;
    else { stale = false; refresh(); }
  };
  const hear = (word) => {
    heard = performance.now();
    if (word === 'alive?') port?.postMessage({});
    else if (word === 'who?') port?.postMessage({ watch: watched });
    else if (word === 'lost') lost();
    else {
      if (word === 'here') { back(); wake(); }
      changed();
    }
  };
  const join = () => {
    port ??= connect(hear);
    heard = performance.now();
    port.postMessage({ watch: watched });
  };
  const leave = () => {
    port?.postMessage({ leave: true });
    port?.close();
    port = null;
  };
  const shown = () => {
    if (document.hidden) return;
    if (stale) changed();
    // A page that was frozen may have been forgotten: then it is told that it is here, and refreshes.
    join();
  };
  document.addEventListener('visibilitychange', shown);
  document.addEventListener('resume', join);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => { if (event.persisted) join(); });
  setInterval(() => {
    if (performance.now() - heard < SILENT_MS) return;
    lost();
    leave();
    join();
  }, SILENT_MS / 2);
  join();
}

/** Refreshes every so many seconds while the page is seen, and as soon as it is shown again. */
function every(seconds) {
  const beat = () => { if (!document.hidden) refresh(); };
  setInterval(beat, seconds * 1000);
  document.addEventListener('visibilitychange', beat);
}

document.addEventListener('focusout', () => { if (waiting) { waiting = false; refresh(); } });

/** Says on top of a page that what stands there may have changed, from some seconds after its line is lost until it is back. */
function staleNote() {
  const line = document.createElement('p');
  line.className = 'warning';
  line.setAttribute('role', 'alert');
  let timer = 0;
  return (isThere) => {
    if (isThere) {
      clearTimeout(timer);
      timer = 0;
      line.remove();
    } else {
      const since = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
      timer ||= setTimeout(() => {
        line.textContent = `No connection to the server since ${since}. What stands here may have changed.`;
        document.getElementById('main').prepend(line);
      }, LOST_AFTER_MS);
    }
  };
}

/** Keeps a page live as its `.watch` elements say: by topic (`data-watch`), or every so many seconds (`data-every`). */
export function keepLive() {
  const watches = [...document.querySelectorAll('.watch')];
  const asked = watches.flatMap((element) => topics(element.dataset.watch ?? ''));
  if (!watches.length) return;
  page.answered = staleNote();
  const told = { always: false, lost: () => page.answered(false), back: () => page.answered(true) };
  if (asked.length) watch(`?${new URLSearchParams(asked)}`, told);
  const seconds = Math.min(...watches.map((element) => Number(element.dataset.every) || Infinity));
  if (seconds < Infinity) every(seconds);
}
