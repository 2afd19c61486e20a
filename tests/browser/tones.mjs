// What a rendered signal sounds like: its notes, each with pitch and length, as an ear would tell them.
import assert from "node:assert/strict";

/** Frame of the loudness curve, in seconds. */
const FRAME_S = 0.005;
/** Below this a frame is silence. */
const SILENCE = 0.01;

/** Pitch by counting upward zero crossings between the first and the last. */
function byCrossings(samples, rate) {
  const ups = [];
  for (let at = 1; at < samples.length; at += 1) if (samples[at - 1] < 0 && samples[at] >= 0) ups.push(at);
  return ((ups.length - 1) * rate) / (ups.at(-1) - ups[0]);
}

/** Power of one line of the spectrum (Goertzel). */
function power(samples, hertz, rate) {
  const twice = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + twice * last - before, last];
  return last * last + before * before - twice * last * before;
}

/** Pitch as the strongest line of the spectrum, 60 to 2,000 Hz, of at most a tenth of a second. */
function bySpectrum(whole, rate) {
  const part = whole.slice(0, rate / 10);
  const samples = part.map((sample, at) => sample * Math.sin((Math.PI * at) / part.length) ** 2);
  let best = { hertz: 0, power: 0 };
  for (let hertz = 60; hertz <= 2000; hertz += 4) {
    const found = power(samples, hertz, rate);
    if (found > best.power) best = { hertz, power: found };
  }
  return best.hertz;
}

/** Notes, direction (`rising`, `falling`, `equal`, `mixed`, or `one` note), peak and loudness of the whole. */
export function heardIn(samples, rate) {
  const frame = Math.round(FRAME_S * rate);
  const loud = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    const part = samples.slice(at, at + frame);
    loud.push(Math.sqrt(part.reduce((sum, one) => sum + one * one, 0) / frame) > SILENCE);
  }
  const notes = [];
  for (const [at, isLoud] of loud.entries()) {
    if (isLoud && !loud[at - 1]) notes.push({ from: at, to: at });
    if (isLoud) notes.at(-1).to = at + 1;
  }
  const told = notes.map(({ from, to }) => {
    const part = samples.slice(from * frame, to * frame);
    const [crossings, spectrum] = [byCrossings(part, rate), bySpectrum(part, rate)];
    assert.ok(Math.abs(crossings / spectrum - 1) < 0.05, `one clear pitch: ${crossings} Hz, ${spectrum} Hz`);
    return { hertz: Math.round(crossings), length_ms: Math.round((to - from) * FRAME_S * 1000) };
  });
  const steps = told.slice(1).map((note, at) => Math.sign(Math.round(Math.log2(note.hertz / told[at].hertz) * 12)));
  const ways = new Set(steps);
  const direction = steps.length === 0 ? "one" : ways.size > 1 ? "mixed" : { 1: "rising", "-1": "falling", 0: "equal" }[steps[0]];
  const sounding = samples.slice(notes[0].from * frame, notes.at(-1).to * frame);
  const loudness = Math.sqrt(sounding.reduce((sum, one) => sum + one * one, 0) / sounding.length);
  return { notes: told, direction, peak: Math.max(...samples.map(Math.abs)), loudness };
}

const lengthOf = ({ notes }) => notes.reduce((sum, note) => sum + note.length_ms, 0);
const isApart = (one, other, factor) => one / other >= factor || other / one >= factor;

/** Any two differ in count, direction, pitch by a minor third or more, or length by half. */
export function assertDistinct(heard) {
  const all = Object.entries(heard);
  for (const [at, [name, one]] of all.entries()) {
    for (const [otherName, other] of all.slice(at + 1)) {
      const differs = one.notes.length !== other.notes.length || one.direction !== other.direction
        || isApart(one.notes[0].hertz, other.notes[0].hertz, 2 ** (3 / 12)) || isApart(lengthOf(one), lengthOf(other), 1.5);
      assert.ok(differs, `${name} sounds like ${otherName}`);
    }
  }
}

/** What the words of the help page promise. */
const PROMISES = [
  [/^One note/, ({ notes }) => notes.length === 1],
  [/^Two rising notes/, ({ notes, direction }) => notes.length === 2 && direction === "rising"],
  [/^Two equal notes/, ({ notes, direction }) => notes.length === 2 && direction === "equal"],
  [/^A low note/, ({ notes }) => notes.length === 1 && notes[0].hertz < 250],
  [/^Two low falling notes/, ({ notes, direction }) => notes.length === 2 && direction === "falling" && notes[0].hertz < 250],
  [/^A soft tick/, ({ notes, peak }) => notes.length === 1 && notes[0].length_ms <= 50 && peak < 0.3],
  [/^As accepted, but lower/, ({ notes }) => notes.length === 1 && notes[0].hertz < 600],
  [/^A slow pulse/, ({ notes }) => notes.length === 1 && notes[0].length_ms >= 300],
  [/^A siren/, ({ notes, direction }) => notes.length === 4 && direction === "mixed"],
];

/** Signs that have the sound of another: of a server that is down, of a scan that is refused. */
const BORROWED = { lost: "down", locked: "refused" };

/** The words and the tones are in step. */
export function assertSaid(said, heard) {
  const own = Object.keys(said).filter((name) => !(name in BORROWED)).sort();
  assert.deepEqual(own, Object.keys(heard).filter((name) => !name.includes(",")).sort());
  for (const [name, words] of Object.entries(said)) {
    const promise = PROMISES.find(([form]) => form.test(words));
    assert.ok(promise?.[1](heard[BORROWED[name] ?? name]), `${name}: ${words}`);
  }
}
