// Help: each signal can be heard.

import { sound, wakeSound } from './sound.js';

/** Puts a button to each signal that plays it; without this file the words beside it tell the sound. */
export function playSignals(places) {
  for (const place of places) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = `Hear ${place.dataset.word}`;
    button.addEventListener('click', () => { wakeSound(); sound(place.dataset.hear); });
    place.replaceChildren(button);
  }
}
