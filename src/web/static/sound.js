// Sound: one note, two rising, two equal, low, tick (the signals' table of the desk).

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
export const TENTH = 1.0595;
let audio = null;

export function sound(name, shift = 1) {
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
export function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!audio && Context) audio = new Context();
  if (audio && audio.state === 'suspended') audio.resume().catch(() => {});
}
