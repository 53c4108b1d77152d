/**
 * The three priority classes, most urgent first. A class decides where a job is stored, how long a router
 * may leave it waiting, and who yields to whom; it never decides which deployment runs it.
 *
 * - `interactive`: a person waits. Kept in memory; lost with the server, published again by the ingress.
 * - `standard`: a program waits. Kept on disk; survives the kill of any process.
 * - `batch`: nobody waits. Kept on disk; takes whatever capacity the others leave.
 */
export const PRIORITY_CLASSES = ['interactive', 'standard', 'batch'] as const;

export type PriorityClass = (typeof PRIORITY_CLASSES)[number];

export function isPriorityClass(value: unknown): value is PriorityClass {
  return typeof value === 'string' && (PRIORITY_CLASSES as readonly string[]).includes(value);
}
