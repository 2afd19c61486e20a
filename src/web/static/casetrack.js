// Makes pages live and the desk page a desk. Every page works without this file.

// ---- Live: what changed is fetched as a page and patched part by part. ----

/** Pages are fetched at most this often, in milliseconds: a busy desk scans faster than anybody reads. */
const REFRESH_GAP_MS = 250;
/** Counts what the desk page shows by itself, so that an older page does not cover a newer signal. */
let shown = 0;
let refreshing = false;
let dirty = false;
let pageUrl = location.href;
let afterRefresh = () => {};

function patch(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  for (const part of document.querySelectorAll('[data-live][id]')) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    if (part.className !== other.className) part.className = other.className;
    if (part.innerHTML !== other.innerHTML) part.innerHTML = other.innerHTML;
  }
  afterRefresh();
}

async function refresh() {
  dirty = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (dirty) {
      dirty = false;
      const before = shown;
      const reply = await fetch(pageUrl, { cache: 'no-store' });
      const text = await reply.text();
      if (shown !== before) dirty = true;
      else if (reply.ok) patch(text);
      await pause(REFRESH_GAP_MS);
    }
  } catch { /* The live stream says when the server is back. */ }
  refreshing = false;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Watches `url`; a page that nobody sees gives its connection back, for browsers allow few of them. */
function watch(url, { always, lost, back }) {
  let source = null;
  const open = () => {
    if (source) return;
    source = new EventSource(url);
    source.addEventListener('open', () => { back(); refresh(); });
    source.addEventListener('error', () => {
      lost();
      if (source && source.readyState === EventSource.CLOSED) { source = null; setTimeout(open, 5000); }
    });
    for (const kind of ['movement', 'desk', 'reset']) source.addEventListener(kind, refresh);
  };
  const close = () => { if (source) source.close(); source = null; };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) { open(); refresh(); } else if (!always) close();
  });
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
}

// ---- Sound: one note, two rising, two equal, low, tick (the signals' table of the desk). ----

const TONES = {
  arrived: [[880, 0, 0.13]],
  sent: [[660, 0, 0.1], [990, 0.13, 0.15]],
  look: [[740, 0, 0.13], [740, 0.2, 0.13]],
  refused: [[185, 0, 0.5, 'square']],
  told: [[1300, 0, 0.025]],
  kept: [[440, 0, 0.13]],
  wait: [[330, 0, 0.25]],
  down: [[520, 0, 0.3, 'square'], [780, 0.3, 0.3, 'square'], [520, 0.6, 0.3, 'square'], [780, 0.9, 0.3, 'square']],
};
TONES.filed = TONES.packed = TONES.sent;
TONES.stop = TONES.refused;
/** Every tenth folder of a batch sounds a semitone higher. */
const TENTH = 1.0595;
let audio = null;

function sound(name, shift = 1) {
  if (!audio) return;
  for (const [hertz, start, length, form] of TONES[name] ?? []) {
    const from = audio.currentTime + start;
    const note = audio.createOscillator();
    const level = audio.createGain();
    note.type = form ?? 'sine';
    note.frequency.value = hertz * shift;
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(form ? 0.18 : 0.4, from + 0.008);
    level.gain.setValueAtTime(form ? 0.18 : 0.4, from + length - 0.008);
    level.gain.linearRampToValueAtTime(0, from + length);
    note.connect(level).connect(audio.destination);
    note.start(from);
    note.stop(from + length + 0.02);
  }
}

/** Browsers let a page sound after a key or a touch only. */
function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!audio && Context) audio = new Context();
  if (audio && audio.state === 'suspended') audio.resume().catch(() => {});
}

// ---- Keys: a wedge scanner types; it is heard whatever has the focus. ----

/** Longest pause between two keys of one scan, in milliseconds; slow wedges leave 40. */
const KEY_GAP_MS = 120;
/** Mean time a key of a scan, in milliseconds; quick typists need 80. */
const SCAN_MEAN_MS = 50;

/** What a key means: by its position for A-Z, 0-9 and hyphen, so that layout and caps lock do not matter. */
export function characterOf(event) {
  const { code, key } = event;
  if (event.ctrlKey && !event.altKey && (code === 'BracketRight' || key === ']')) return '\u001d';
  if (event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState?.('AltGraph'))) return null;
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  if (place?.[1]) return place[1];
  if (place?.[2]) {
    if (code.startsWith('Numpad')) return /^[0-9]$/.test(key) ? key : null;
    return event.shiftKey && key.length === 1 ? key : place[2];
  }
  if ((code === 'Minus' && !event.shiftKey) || code === 'NumpadSubtract') return '-';
  return key.length === 1 ? key : null;
}

/** A pause after which keys belong together no more, in milliseconds: a busy PC stalls a scan for less. */
const STALL_MS = 1000;

/** Fewest keys that show a scan by their pace alone, when its end came late. */
const STALLED_KEYS = 4;

/** Whether no hand types so: most keys came at a scanner's pace, and a busy PC held up the others or the Enter. */
function isStalled(run, now) {
  const gaps = run.slice(1).map((key, at) => key.at - run[at].at);
  const quick = gaps.filter((gap) => gap <= SCAN_MEAN_MS).length;
  return run.length >= STALLED_KEYS && quick >= 0.75 * gaps.length && now - run.at(-1).at <= STALL_MS;
}

/**
 * The scan at the end of `run`, or null. Keys without a pause are one piece. Lone keys before the last piece were
 * typed by a person and stay; any other piece before it is the same scan, stalled: half a scan is never taken.
 */
export function scanIn(run, now) {
  const pieces = [];
  for (const [at, key] of run.entries()) {
    if (at === 0 || key.at - run[at - 1].at > KEY_GAP_MS) pieces.push([]);
    pieces.at(-1).push(key);
  }
  const last = pieces.at(-1) ?? [];
  const inOne = last.length >= 2 && now - last.at(-1).at <= KEY_GAP_MS
    && (last.at(-1).at - last[0].at) / (last.length - 1) <= SCAN_MEAN_MS;
  if (!inOne && !isStalled(run, now)) return null;
  const before = pieces.slice(0, -1);
  const typed = before.length > 1 && before.every((piece) => piece.length === 1);
  return (typed ? last : run).map((key) => key.text).join('');
}

/** Gathers keys and tells `take(text, 'scanned' | 'typed')`; `box` shows what is typed. */
export function listen(box, take, cards) {
  let run = [];
  let endedAt = -Infinity;
  const end = (event) => {
    event.preventDefault();
    event.stopPropagation();
    endedAt = event.timeStamp;
    run = [];
  };
  document.addEventListener('keydown', (event) => {
    wakeSound();
    if (event.isComposing) return;
    if (cards(event.key)) { end(event); return; }
    const now = event.timeStamp;
    const onControl = document.activeElement?.matches('a, button, summary');
    const idle = !run.length || now - run.at(-1).at > STALL_MS;
    if (event.key === 'Enter' || event.key === 'Tab') {
      const text = scanIn(run, now);
      if (text !== null) {
        if (box.value.endsWith(text)) box.value = box.value.slice(0, -text.length);
        end(event);
        take(text, 'scanned');
      } else if (now - endedAt <= KEY_GAP_MS) {
        end(event); // The second sign of CR LF, or of Enter and Tab.
      } else if (event.key === 'Enter' && box.value.trim()) {
        const typed = box.value.trim();
        box.value = '';
        end(event);
        take(typed, 'typed');
      } else if (event.key === 'Enter' && !onControl) {
        end(event);
      }
      return;
    }
    const text = characterOf(event);
    if (text === null || (text === ' ' && onControl && idle)) return;
    if (idle || event.repeat) run = [];
    if (!event.repeat) run.push({ text, at: now });
    event.preventDefault();
    event.stopPropagation();
    if (document.activeElement !== box) {
      box.focus({ preventScroll: true });
      box.setSelectionRange(box.value.length, box.value.length);
    }
    box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  }, { capture: true });
}

// ---- The desk. ----

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

function runDesk(desk) {
  const { desk: code, url, scans } = desk.dataset;
  const part = (id) => document.getElementById(id);
  const box = part('code');
  const kept = (name) => `casetrack-${name}-${code}`;
  const session = sessionStorage.getItem(kept('session')) ?? desk.dataset.session;
  sessionStorage.setItem(kept('session'), session);
  const waiting = JSON.parse(sessionStorage.getItem(kept('waiting')) ?? '[]');
  pageUrl = `${url}?session=${encodeURIComponent(session)}`;

  const digits = Array.from(part('digits').options, (option) => option.value);
  const keys = Object.fromEntries(Array.from(document.querySelectorAll('[data-key]'), (b) => [b.dataset.key, b.value]));
  let previous = { code: null, at: -Infinity };
  let sending = false;
  let blank = 0;
  let stopping = 0;
  let streamLost = 0;

  function show(name, title, detail) {
    shown += 1;
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
      shown += 1;
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
  afterRefresh = () => {
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

const desk = document.getElementById('desk');
const watched = document.querySelector('.watch[data-watch]');
if (desk) runDesk(desk);
else if (watched) watch(watched.dataset.watch, { always: false, lost: () => {}, back: () => {} });
