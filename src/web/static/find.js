// Finding: answers while typing. What is typed goes to our own server and nowhere else: not into the browser's history
// letter by letter, not into its storage.

/** Answers are fetched after a pause this long in typing, in milliseconds: a quick typist's keys are closer. */
const TYPING_PAUSE_MS = 120;
/** What is shown is asked again this often, in milliseconds: folders move while somebody looks. */
const AGAIN_EVERY_MS = 15_000;

/** Makes the search box answer while somebody types, and the arrow keys go through what was found. */
export function runFind(form) {
  const box = form.elements.namedItem('q');
  const found = document.getElementById('found');
  const said = document.getElementById('said');
  if (!box || !found || !said) return;
  const hits = () => [...found.querySelectorAll('a')];
  /** Where a link or a button leads: by that it is known again in a fresh answer. */
  const leads = (part) => part.href ?? part.formAction;
  const first = box.value.trim();
  let shown = first;
  let typing = null;
  let asking = null;

  function clear() {
    asking?.abort();
    shown = '';
    found.replaceChildren();
    said.textContent = '';
  }

  /** Shows an answer; the link or button that has the focus keeps it if it is still there. */
  function show(fresh, q) {
    const focus = found.contains(document.activeElement) ? leads(document.activeElement) : null;
    const answer = fresh.getElementById('found');
    if (answer && answer.innerHTML !== found.innerHTML) found.replaceChildren(...answer.childNodes);
    const words = answer ? fresh.getElementById('said').textContent : fresh.querySelector('main .lead')?.textContent;
    if (said.textContent !== words) said.textContent = words ?? '';
    shown = q;
    if (focus) ([...found.querySelectorAll('a, button')].find((part) => leads(part) === focus) ?? box).focus();
  }

  async function ask(q) {
    asking?.abort();
    const mine = asking = new AbortController();
    try {
      const address = `${form.action}?q=${encodeURIComponent(q)}&show=list`;
      const reply = await fetch(address, { cache: 'no-store', signal: mine.signal });
      const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html');
      if (asking === mine) show(fresh, q);
    } catch (error) {
      if (error.name !== 'AbortError') said.textContent = 'The server does not answer. Press Enter to try again.';
    }
  }

  function typed() {
    clearTimeout(typing);
    const q = box.value.trim();
    if (!q) clear();
    else if (q !== shown) typing = setTimeout(() => ask(q), TYPING_PAUSE_MS);
  }

  /** The link `step` further on; before the first one is the box. */
  function go(step) {
    const all = hits();
    const to = all.indexOf(document.activeElement) + step;
    const next = to < 0 ? box : all[Math.min(to, all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  function key(event) {
    const here = document.activeElement;
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (here !== box && !found.contains(here)) return;
    if (event.key === 'ArrowDown') go(1);
    else if (event.key === 'ArrowUp') go(-1);
    else if (event.key === 'Escape') {
      clearTimeout(typing);
      box.value = '';
      clear();
      box.focus();
    } else return;
    event.preventDefault();
  }

  /** Asks again what is shown; but not a page of one part, for the whole answer would take its place. */
  function again() {
    const onePart = shown === first && new URLSearchParams(location.search).has('part');
    if (shown && shown === box.value.trim() && !document.hidden && !onePart) ask(shown);
  }

  box.addEventListener('input', typed);
  document.addEventListener('keydown', key);
  // Going back from a folder leads to what was found, not to an empty box.
  found.addEventListener('click', (event) => {
    if (event.target.closest('a') && shown !== first) {
      history.replaceState(null, '', `${form.action}?q=${encodeURIComponent(shown)}&show=list`);
    }
  });
  document.addEventListener('visibilitychange', again);
  setInterval(again, AGAIN_EVERY_MS);
}
