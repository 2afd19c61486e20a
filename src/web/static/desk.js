// The desk: scans in, signals out.

import { soundCheck } from './check.js';
import { MAX_WAITING, keeper, keptList, lastFour } from './kept.js';
import { listen } from './keys.js';
import { watchLine } from './line.js';
import { page, refresh, watch } from './live.js';
import { lastSignal, panelOf } from './panels.js';
import { TENTH, sound } from './sound.js';
import { isolated } from './written.js';

/** The same text again so soon, both typed or both scanned, is a double read and makes no sound, in milliseconds. */
const DOUBLE_READ_MS = 2000;
/** No answer for so long: wait, do not scan on. */
const WAIT_AFTER_MS = 2000;
/** After so long without any answer the line counts as lost, in milliseconds; the scan is sent again with its id. */
const GIVE_UP_MS = 10000;
/**
 * A scan that waited longer is not sent any more: it would be recorded as of now, and the folder may have gone on and
 * been scanned elsewhere. As long as a person stays signed on: after that the desk does not know whose scan it is.
 */
const WAITED_MOST_MS = 15 * 60000;
/** How often a stop sounds until a way out is scanned. */
const STOP_EVERY_MS = 1800;
/** From this Retry-After on, in seconds, the server takes nothing at all. */
const DOWN_FROM_S = 10;
/** How long the page says that the line is back. */
const BACK_SHOWN_MS = 20000;
/** A page that nobody touched for so long may load itself anew after a new release. */
const QUIET_MS = 10000;
/** The page is asked for at least so often: for what time alone changes, such as the day. */
const REFRESH_EVERY_MS = 60000;

/** A UUID of version 7 (RFC 9562, 5.7). */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 5, rest = now; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const part = (id) => document.getElementById(id);

/** What a scan that waited too long is told. */
const TOO_OLD = { lost: 'refused', title: 'It waited too long for the server', detail: 'Scan the folder again where it is now.' };

/** The searches whose folders have turned up at other desks. */
const rings = () => Array.from(document.querySelectorAll('#rung [data-search]'), (ring) => ring.dataset.search);

/** A line of small notices, one a cause; an empty text takes it off. */
function note(cause, text, ...more) {
  const old = document.querySelector(`[data-cause="${cause}"]`);
  if (!text) { old?.remove(); return; }
  const line = old ?? document.createElement('p');
  line.className = 'warning';
  line.dataset.cause = cause;
  line.replaceChildren(isolated(text), ...more);
  if (!old) part('notes').append(line);
}

export function runDesk(desk) {
  const { desk: code, url, scans, script } = desk.dataset;
  const box = part('code');
  let isStorageLost = false;
  const keep = keeper(`casetrack-${code}-`, () => {
    isStorageLost = true;
    note('storage', 'This browser keeps nothing for this page: do not close or reload it while scans wait.');
  });
  const session = keep.get('session') ?? desk.dataset.session;
  keep.set('session', session);
  page.url = `${url}?session=${encodeURIComponent(session)}`;
  const waiting = keptList(keep, 'waiting');
  const unrecorded = keptList(keep, 'unrecorded');
  const signal = lastSignal();
  const heard = { get: () => keep.get('heard'), set: (name) => keep.set('heard', name) };
  const check = soundCheck(part('sound'), heard, () => box.focus({ preventScroll: true }));

  const digits = Array.from(part('digits').options, (option) => option.value);
  const cards = Object.fromEntries(Array.from(document.querySelectorAll('[data-key]'), (b) => [b.dataset.key, b.value]));
  let previous = { code: null, entry: null, at: -Infinity };
  let person = null;
  let sending = false;
  let stopping = 0;
  let retry = () => {};
  let lostScanners = 0;
  let rung = rings();
  let hasScanned = waiting.size > 0;
  let isReplaced = false;
  let usedAt = Date.now();
  let patchedAt = Date.now();

  function repeatStop(on) {
    if (on && !stopping) stopping = setInterval(() => sound('stop'), STOP_EVERY_MS);
    if (!on && stopping) { clearInterval(stopping); stopping = 0; }
  }

  function take(text, entry) {
    const single = entry === 'typed' && /^[1-9]$/.test(text) ? digits[Number(text) - 1] : text;
    hasScanned = true;
    if (waiting.isFull()) {
      signal.say('refused', `Not taken: ${lastFour({ code: single })}`, `${MAX_WAITING} scans wait already. Wait, do not scan on.`);
      sound('refused');
      return;
    }
    const now = performance.now();
    const silent = single === previous.code && entry === previous.entry && now - previous.at < DOUBLE_READ_MS;
    previous = { code: single, entry, at: now };
    waiting.push({ id: uuid7(), code: single, entry, at: new Date().toISOString(), silent });
    if (line.isLost()) {
      sound('down');
      showLost();
    }
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.size) {
      const scan = waiting.first;
      const answer = isTooOld(scan) ? TOO_OLD : await post(scan);
      waiting.shift();
      tell(scan, answer);
      refresh();
    }
    sending = false;
  }

  const isTooOld = (scan) => !(Math.abs(Date.now() - Date.parse(scan.at)) < WAITED_MOST_MS);

  /** Sends one scan until it is known what became of it; always with the same id. */
  async function post(scan) {
    const body = JSON.stringify({ id: scan.id, code: scan.code, entry: scan.entry, at: scan.at, scanner: session });
    for (let tries = 0; ; tries += 1) {
      const slow = setInterval(() => {
        if (!part('local').querySelector('.wait')) signal.say('wait', 'Do not scan on', 'The server has not answered yet. What you scanned waits on this page.');
        sound('wait');
      }, WAIT_AFTER_MS);
      let rest = Math.min(500 * 2 ** tries, 5000);
      try {
        const headers = { 'content-type': 'application/json' };
        const reply = await fetch(scans, { method: 'POST', headers, body, cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MS) });
        const answer = await reply.json();
        line.set(false);
        if (reply.ok) return answer;
        const after = Number(reply.headers.get('retry-after') ?? 0);
        if (reply.status !== 503) return { lost: 'refused', title: answer.title, detail: answer.detail };
        if (after >= DOWN_FROM_S) return { lost: 'down', title: `Not recorded: ${lastFour(scan)}`, detail: answer.detail };
        signal.say('wait', 'Do not scan on', answer.detail);
        sound('wait');
        rest = Math.max(rest, after * 1000);
      } catch {
        line.set(true);
      } finally {
        clearInterval(slow);
      }
      await new Promise((done) => { retry = done; setTimeout(done, rest); });
      if (isTooOld(scan)) return TOO_OLD;
    }
  }

  function tell(scan, said) {
    if (said.lost) {
      signal.say(said.lost, said.title, said.detail);
      if (unrecorded.isFull()) unrecorded.shift();
      unrecorded.push({ id: scan.id, code: scan.code.slice(-4) });
      showUnrecorded();
      sound(said.lost);
      return;
    }
    signal.show(said.signal, said.title, said.detail);
    part('next').textContent = isolated(said.session);
    if (scan.silent) return;
    const count = Number(/\((\d+) /.exec(said.session)?.[1] ?? 0);
    sound(said.signal, count > 0 && count % 10 === 0 ? TENTH : 1);
  }

  /** What the server did not take is on paper or nowhere: listed until somebody says that it is on paper. */
  function showUnrecorded() {
    if (!unrecorded.size) { note('unrecorded', ''); return; }
    const done = document.createElement('button');
    done.type = 'button';
    done.textContent = 'Slips are written';
    done.addEventListener('click', () => { unrecorded.clear(); showUnrecorded(); box.focus({ preventScroll: true }); });
    note('unrecorded', `Not recorded, and not sent again ${unrecorded.words()}. Write a slip for each, or scan them again. `, done);
  }

  function showLost() {
    const waits = waiting.size ? `Not recorded yet ${waiting.words()}. This page sends it if the connection is back within 15 minutes: keep it open. ` : '';
    const panel = panelOf('down', 'No connection to the server', `${waits}Use paper slips for the next folders.`);
    if (part('line').textContent !== panel.textContent) part('line').replaceChildren(panel);
    note('back', '');
  }

  const line = watchLine(script, {
    lost: () => { showLost(); sound('down'); },
    back: () => {
      part('line').replaceChildren();
      note('back', waiting.size ? `The connection is back. Sent now ${waiting.words()}.` : 'The connection is back. Scan on.');
      setTimeout(() => note('back', ''), BACK_SHOWN_MS);
      sound('told');
      retry();
      refresh();
    },
    replaced: () => { isReplaced = true; },
    tick: () => {
      signal.tick();
      if (Math.abs(Date.now() - patchedAt) >= REFRESH_EVERY_MS) refresh();
      if (isReplaced && isIdle() && keep.get('left') !== script) {
        keep.set('left', script);
        location.reload();
      }
    },
  });

  /** Whether the page may load itself anew: nothing waits, nothing is half done, nobody is here. */
  function isIdle() {
    const isFree = !waiting.size && !box.value && !part('stop').firstElementChild;
    return isFree && !isStorageLost && Date.now() - usedAt >= QUIET_MS;
  }

  page.patched = () => {
    patchedAt = Date.now();
    signal.changed();
    repeatStop(Boolean(part('stop').firstElementChild));
    const lost = document.querySelectorAll('.panel.lost').length;
    if (lost > lostScanners) sound('down');
    lostScanners = lost;
    const turnedUp = rings();
    if (turnedUp.some((search) => !rung.includes(search))) sound('look');
    rung = turnedUp;
    if (person === part('person').textContent) return;
    person = part('person').textContent;
    check.ask(person);
  };

  listen({
    box,
    scanned: (text) => take(text, 'scanned'),
    typed: (text) => take(text, 'typed'),
    cut: () => {
      signal.say('refused', 'The scanner sent no Enter', 'Nothing was recorded: scan it again. If this comes back, the scanner must be set to send Enter after each scan.');
      sound('refused');
    },
    card: (key, isHeld) => {
      if (key !== 'F2' && !Object.hasOwn(cards, key)) return false;
      if (isHeld) return true;
      if (key === 'F2') check.hear(); else take(cards[key], 'typed');
      return true;
    },
  });
  for (const form of document.querySelectorAll('form')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const pressed = event.submitter?.name === 'code' ? event.submitter.value : '';
      const typed = box.value.trim();
      if (pressed) take(pressed, 'typed');
      else if (typed) { box.value = ''; take(typed, 'typed'); }
      box.focus({ preventScroll: true });
    });
  }
  for (const touch of ['keydown', 'pointerdown']) addEventListener(touch, () => { usedAt = Date.now(); }, { capture: true });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('a, button, input, label') && !String(getSelection())) box.focus({ preventScroll: true });
  });
  addEventListener('focus', () => { note('front', ''); box.focus({ preventScroll: true }); });
  addEventListener('blur', () => { if (hasScanned) note('front', 'Another window is in front: scans do not reach this page. Click on it before you scan.'); });
  addEventListener('beforeunload', (event) => { if (waiting.size) event.preventDefault(); });

  watch(desk.dataset.watch, { always: true, lost: line.look, back: line.look });
  // The browser scrolls to the focused box after this; the top of the page is what must be seen.
  requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, 0)));
  page.patched();
  showUnrecorded();
  send();
}
