/** The name under which Nest hands out what is no class of its own. */
export const PARTS = Symbol('BatchParts');
