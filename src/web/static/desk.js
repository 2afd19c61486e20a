// The desk: scans in, signals out.

import { listen } from './keys.js';
import { page, pause, refresh, watch } from './live.js';
import { TENTH, sound, wakeSound } from './sound.js';

/** Scans that may wait on a page: twice the longest stack; one more is refused aloud. */
const MAX_WAITING = 400;
/** The same text again so soon is a double read and makes no sound, in milliseconds. */
const DOUBLE_READ_MS = 2000;
/** No answer for so long: wait, do not scan on. */
const WAIT_AFTER_MS = 2000;
/** After so long no patient stays on the screen. */
const BLANK_AFTER_MS = 60000;
/** How often a stop sounds until a way out is scanned. */
const STOP_EVERY_MS = 1800;
/** From this Retry-After on, in seconds, the server takes nothing at all. */
const DOWN_FROM_S = 10;

/** A UUID of version 7 (RFC 9562, 5.7). */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 5, rest = now; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The title as it stands beside the big word, which it need not say again. */
function besideWord(word, title) {
  const rest = title.startsWith(word) && /^[ :.]/.test(title.slice(word.length)) ? title.slice(word.length + 1).trimStart() : '';
  return rest || title;
}

export function runDesk(desk) {
  const { desk: code, url, scans } = desk.dataset;
  const part = (id) => document.getElementById(id);
  const box = part('code');
  const kept = (name) => `casetrack-${name}-${code}`;
  const session = sessionStorage.getItem(kept('session')) ?? desk.dataset.session;
  sessionStorage.setItem(kept('session'), session);
  const waiting = JSON.parse(sessionStorage.getItem(kept('waiting')) ?? '[]');
  page.url = `${url}?session=${encodeURIComponent(session)}`;

  const digits = Array.from(part('digits').options, (option) => option.value);
  const keys = Object.fromEntries(Array.from(document.querySelectorAll('[data-key]'), (b) => [b.dataset.key, b.value]));
  let previous = { code: null, at: -Infinity };
  let sending = false;
  let blank = 0;
  let stopping = 0;
  let streamLost = 0;

  function show(name, title, detail) {
    page.shown += 1;
    if (name === 'stop' && part('stop').firstElementChild) return; // It stands already; the page says what was not recorded.
    const panel = part(`sign-${name}`).content.cloneNode(true);
    const word = panel.querySelector('.word').textContent;
    panel.querySelector('.title').textContent = besideWord(word, title);
    panel.querySelector('.detail').textContent = detail;
    const loud = ['look', 'refused', 'stop', 'wait', 'down'].includes(name);
    part(loud ? 'signal' : 'alert').replaceChildren();
    part(loud ? 'alert' : 'signal').replaceChildren(panel);
    clearTimeout(blank);
    blank = setTimeout(() => {
      page.shown += 1;
      part('signal').replaceChildren();
      part('alert').replaceChildren();
      refresh();
    }, BLANK_AFTER_MS);
  }

  function repeatStop(on) {
    if (on && !stopping) stopping = setInterval(() => sound('stop'), STOP_EVERY_MS);
    if (!on && stopping) { clearInterval(stopping); stopping = 0; }
  }

  function notice(text) {
    part('line').hidden = !text;
    if (part('line').textContent !== text) part('line').textContent = text;
  }

  const lastFour = (scan) => scan.code.slice(-4);
  const save = () => sessionStorage.setItem(kept('waiting'), JSON.stringify(waiting));

  function take(text, entry) {
    const single = entry === 'typed' && /^[1-9]$/.test(text) ? digits[Number(text) - 1] : text;
    if (waiting.length >= MAX_WAITING) {
      show('refused', `Not taken: …${text.slice(-4)}`, `${MAX_WAITING} scans wait already. Wait, do not scan on.`);
      sound('refused');
      return;
    }
    const now = performance.now();
    const silent = single === previous.code && now - previous.at < DOUBLE_READ_MS;
    previous = { code: single, at: now };
    waiting.push({ id: uuid7(), code: single, entry, at: new Date().toISOString(), silent });
    save();
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const scan = waiting[0];
      const answer = await post(scan);
      waiting.shift();
      save();
      tell(scan, answer);
      refresh();
    }
    sending = false;
  }

  /** Sends one scan until it is known what became of it; always with the same id. */
  async function post(scan) {
    const body = JSON.stringify({ id: scan.id, code: scan.code, entry: scan.entry, at: scan.at, scanner: session });
    for (let tries = 0; ; tries += 1) {
      const slow = setInterval(() => {
        if (!part('alert').querySelector('.wait')) show('wait', 'Wait, do not scan on', '');
        sound('wait');
      }, WAIT_AFTER_MS);
      let rest = Math.min(500 * 2 ** tries, 5000);
      try {
        const headers = { 'content-type': 'application/json' };
        const reply = await fetch(scans, { method: 'POST', headers, body, cache: 'no-store', signal: AbortSignal.timeout(10000) });
        const answer = await reply.json();
        notice('');
        if (reply.ok) return answer;
        const after = Number(reply.headers.get('retry-after') ?? 0);
        if (reply.status !== 503) return { signal: 'refused', title: answer.title, detail: answer.detail };
        if (after >= DOWN_FROM_S) return { signal: 'down', title: `Not recorded: …${lastFour(scan)}`, detail: answer.detail };
        show('wait', answer.title, answer.detail);
        sound('wait');
        rest = Math.max(rest, after * 1000);
      } catch {
        notice(`No connection to the server. Not recorded yet: ${waiting.map((w) => `…${lastFour(w)}`).slice(0, 20).join(', ')}. They are sent from this page when it is back: keep it open. Use paper slips for the next folders.`);
        if (tries === 0) sound('down');
      } finally {
        clearInterval(slow);
      }
      await pause(rest);
    }
  }

  function tell(scan, said) {
    show(said.signal, said.title, said.detail);
    if (said.session) { part('next').textContent = said.session; }
    if (scan.silent) return;
    const count = Number(/\((\d+) /.exec(said.session ?? '')?.[1] ?? 0);
    sound(said.signal, count > 0 && count % 10 === 0 ? TENTH : 1);
  }

  // Did you hear this? Asked when the page opens and when somebody signs on.
  let asked = null;
  function ask() {
    const heard = sessionStorage.getItem(kept('heard')) === part('person').textContent;
    asked = heard ? null : 'first';
    part('sound').hidden = heard;
    say('Sound check: ', 'press F2 to hear the sound of an accepted folder');
  }
  function say(before, label) {
    const press = document.createElement('button');
    press.type = 'button';
    press.textContent = label;
    press.addEventListener('click', () => { wakeSound(); hear(); box.focus(); });
    part('sound').replaceChildren(before, press);
  }
  function hear() {
    if (!asked) { sound('sent'); return; }
    if (asked === 'first') {
      asked = 'second';
      sound('sent');
      say('Two rising notes: did you hear them? If not, turn the sound up and scan on: the page repeats it. ', 'F2: yes, I heard it');
      return;
    }
    sessionStorage.setItem(kept('heard'), part('person').textContent);
    asked = null;
    part('sound').hidden = true;
  }

  function cards(key) {
    if (key === 'F2') { hear(); return true; }
    if (!Object.hasOwn(keys, key)) return false;
    take(keys[key], 'typed');
    return true;
  }

  let person = part('person').textContent;
  page.patched = () => {
    repeatStop(Boolean(part('stop').firstElementChild));
    if (person !== part('person').textContent) { person = part('person').textContent; ask(); }
  };

  listen(box, take, cards);
  for (const form of document.querySelectorAll('form')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      wakeSound();
      const pressed = event.submitter?.name === 'code' ? event.submitter.value : '';
      const typed = box.value.trim();
      if (pressed) take(pressed, 'typed');
      else if (typed) { box.value = ''; take(typed, 'typed'); }
      box.focus({ preventScroll: true });
    });
  }
  document.addEventListener('click', (event) => {
    if (!event.target.closest('a, button, input, label') && !String(getSelection())) box.focus({ preventScroll: true });
  });
  addEventListener('focus', () => box.focus({ preventScroll: true }));
  addEventListener('pointerdown', wakeSound);

  watch(desk.dataset.watch, {
    always: true,
    lost: () => { streamLost ||= setTimeout(() => { if (!sending) notice('No connection to the server. Do not scan on until this line goes, or use paper slips.'); }, 3000); },
    back: () => { clearTimeout(streamLost); streamLost = 0; if (!sending) notice(''); },
  });
  // The browser scrolls to the focused box after this; the top of the page is what must be seen.
  requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, 0)));
  ask();
  send();
}
