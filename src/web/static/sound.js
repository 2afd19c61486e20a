// Sound: each signal can be told with closed eyes, by the number of its notes, their direction, pitch and length.

/** Level of a soft, a plain and a buzzing note: a square wave of the same height is heard as much louder. */
const SOFT = 0.2;
const PLAIN = 0.4;
const BUZZ = 0.18;
/** A note swells and fades so long, in seconds: without it speakers click. */
const EDGE_S = 0.008;
/** Between one signal and the next, in seconds: what follows closely is not heard as one. */
const GAP_S = 0.06;
/** A signal that would sound later than this, in seconds, is left out: it would be taken for another scan's. */
const MAX_LATE_S = 1.5;

const plain = (hertz, from, length) => ({ hertz, from, length, form: 'sine', level: PLAIN });
const soft = (hertz, from, length) => ({ hertz, from, length, form: 'sine', level: SOFT });
const buzz = (hertz, from, length) => ({ hertz, from, length, form: 'square', level: BUZZ });
const rising = [plain(660, 0, 0.1), plain(990, 0.13, 0.16)];

/** The notes of each signal and of each state of a desk: pitch, begin and length in seconds. */
export const TONES = {
  arrived: [plain(880, 0, 0.14)],
  sent: rising,
  filed: rising,
  packed: rising,
  look: [plain(740, 0, 0.14), plain(740, 0.22, 0.14)],
  refused: [buzz(196, 0, 0.5)],
  stop: [buzz(220, 0, 0.2), buzz(147, 0.26, 0.34)],
  told: [soft(1300, 0, 0.03)],
  kept: [plain(440, 0, 0.14)],
  wait: [soft(330, 0, 0.4)],
  down: [buzz(520, 0, 0.26), buzz(780, 0.3, 0.26), buzz(520, 0.6, 0.26), buzz(780, 0.9, 0.26)],
};

/** Every tenth folder of a batch sounds a whole tone higher. */
export const TENTH = 1.1225;

/** Writes a signal into `context` from the time `at` on; answers the time of its end. */
export function render(context, name, at, shift = 1) {
  let end = at;
  for (const { hertz, from, length, form, level } of TONES[name]) {
    const note = context.createOscillator();
    const gain = context.createGain();
    const begin = at + from;
    end = begin + length;
    note.type = form;
    note.frequency.value = hertz * shift;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(level, begin + EDGE_S);
    gain.gain.setValueAtTime(level, end - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, end);
    note.connect(gain).connect(context.destination);
    note.start(begin);
    note.stop(end);
  }
  return end;
}

let audio = null;
let freeAt = 0;
let changed = () => {};

/** Whether the browser lets this page sound now. */
export const isSoundOn = () => audio?.state === 'running';

/** Sounds a signal: after the one that sounds, so that two are never heard as a third. */
export function sound(name, shift = 1) {
  if (!isSoundOn()) return;
  const at = Math.max(audio.currentTime, freeAt);
  if (at - audio.currentTime <= MAX_LATE_S) freeAt = render(audio, name, at, shift) + GAP_S;
}

/** Browsers let a page sound after a key or a touch; some take it back later. */
export async function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return;
  if (!audio || audio.state === 'closed') {
    audio = new Context();
    freeAt = 0;
    audio.addEventListener('statechange', () => changed());
  }
  if (audio.state !== 'running') await audio.resume().then(() => changed(), () => {});
}

/** Tells `told` whenever the browser lets the page sound or forbids it; begins with trying. */
export function watchSound(told) {
  changed = told;
  wakeSound();
  for (const touch of ['keydown', 'pointerdown']) addEventListener(touch, wakeSound, { capture: true });
  changed();
}
