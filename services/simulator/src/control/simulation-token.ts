/** Under which Nest hands out the `Simulation`. */
export const SIMULATION = Symbol('simulation');
