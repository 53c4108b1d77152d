/** Names under which Nest hands out what is no class of its own. */
export const STORE = Symbol('AccountingStore');
export const CLOCK = Symbol('Clock');
export const TELEMETRY = Symbol('Telemetry');
