// Kept: what a desk's page keeps over a reload or a crash, in its tab's storage; in memory alone where that is
// blocked or full.

/** Scans that may wait on a page: twice the longest stack; one more is refused aloud. */
export const MAX_WAITING = 400;

/** Keeps texts under names of its own; `failed()` is told once the tab's storage does not take them. */
export function keeper(prefix, failed) {
  const memory = new Map();
  const attempt = (use) => {
    try { return use(); } catch { failed(); return null; }
  };
  return {
    get: (name) => memory.get(name) ?? attempt(() => sessionStorage.getItem(prefix + name)),
    set: (name, text) => {
      memory.set(name, text);
      attempt(() => sessionStorage.setItem(prefix + name, text));
    },
  };
}

/** The list that was kept under this name; what is no list of ours is none. */
function listIn(text) {
  try {
    const list = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter((one) => typeof one?.id === 'string' && typeof one?.code === 'string') : [];
  } catch { return []; }
}

/** A list of scans that a reload does not lose, [`MAX_WAITING`] at most. */
export function keptList(keep, name) {
  const list = listIn(keep.get(name)).slice(0, MAX_WAITING);
  const save = () => keep.set(name, JSON.stringify(list));
  return {
    get first() { return list[0]; },
    get size() { return list.length; },
    isFull: () => list.length >= MAX_WAITING,
    push: (scan) => { list.push(scan); save(); },
    shift: () => { list.shift(); save(); },
    clear: () => { list.length = 0; save(); },
    /** `(3): …0001, …0002, …0003`, at most twenty by name. */
    words: () => `(${list.length}): ${list.slice(0, 20).map(lastFour).join(', ')}${list.length > 20 ? ' and more' : ''}`,
  };
}

/** The end of a label, by which a clerk finds the folder in the pile. */
export const lastFour = (scan) => `…${scan.code.slice(-4)}`;
