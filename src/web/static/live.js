// Live: what changed is fetched as a page and patched part by part.

/** Pages are fetched at most this often, in milliseconds: a busy desk scans faster than anybody reads. */
const REFRESH_GAP_MS = 250;
/** The page that is shown: its address, what to do once it is patched, and how often it showed something by itself. */
export const page = { url: location.href, patched: () => {}, shown: 0 };
let refreshing = false;
let dirty = false;

function patch(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  for (const part of document.querySelectorAll('[data-live][id]')) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    if (part.className !== other.className) part.className = other.className;
    if (part.innerHTML !== other.innerHTML) part.innerHTML = other.innerHTML;
  }
  page.patched();
}

export async function refresh() {
  dirty = true;
  if (refreshing) return;
  refreshing = true;
  try {
    while (dirty) {
      dirty = false;
      const before = page.shown;
      const reply = await fetch(page.url, { cache: 'no-store' });
      const text = await reply.text();
      if (page.shown !== before) dirty = true;
      else if (reply.ok) patch(text);
      await pause(REFRESH_GAP_MS);
    }
  } catch { /* The live stream says when the server is back. */ }
  refreshing = false;
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Watches `url`; a page that nobody sees gives its connection back, for browsers allow few of them. */
export function watch(url, { always, lost, back }) {
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
