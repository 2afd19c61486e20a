// A scan into a page that is no desk: looked up exactly, never typed into a field.

/** Listens for a scanner on a page that moves nothing. */
export function lookUpScans() {}
