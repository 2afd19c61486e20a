// Did you hear this? Asked when the page opens and when somebody signs on, by one key.

import { isSoundOn, sound, wakeSound, watchSound } from './sound.js';

/** The sound check in `line`; `heard` keeps who has heard it, `isOver()` runs after a press of its button. */
export function soundCheck(line, heard, isOver) {
  let step = 'done';
  let person = '';

  function say(words, label) {
    const press = document.createElement('button');
    press.type = 'button';
    press.textContent = label;
    press.addEventListener('click', () => { hear(); isOver(); });
    line.replaceChildren(`${words} `, press);
  }

  function show() {
    line.hidden = isSoundOn() && step === 'done';
    line.classList.toggle('off', !isSoundOn());
    if (!isSoundOn()) say('Sound is off: this browser waits for a key.', 'Press F2');
    else if (step === 'first') say('Sound check:', 'press F2 to hear the sound of an accepted folder');
    else if (step === 'second') say('Two rising notes: did you hear them? If not, turn the sound up and scan on: each folder sent sounds so.', 'F2: yes, I heard it');
  }

  function hear() {
    if (!isSoundOn()) {
      wakeSound().then(() => { if (isSoundOn()) hear(); });
      return;
    }
    if (step === 'second') {
      heard.set(person);
      step = 'done';
    } else {
      sound('sent');
      if (step === 'first') step = 'second';
    }
    show();
  }

  /** Asks this person, unless this page has asked them before. */
  function ask(name) {
    person = name;
    step = heard.get() === name ? 'done' : 'first';
    show();
  }

  watchSound(show);
  return { ask, hear };
}
