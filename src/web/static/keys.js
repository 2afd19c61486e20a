// Keys: a wedge scanner types; it is heard whatever has the focus.

import { wakeSound } from './sound.js';

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
