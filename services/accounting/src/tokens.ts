/** Names under which Nest hands out what is no class of its own. */
export const STORE = Symbol('AccountingStore');
