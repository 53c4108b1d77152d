import { SUBJECT } from '@penstock/contracts';
import type { CoreMessage } from './core.js';

type Handle = (message: CoreMessage) => void;

/** Subjects with one listener in the whole installation, each by the part before the listener's name. */
const OWNED = [
  SUBJECT.work(''),
  SUBJECT.returned(''),
  SUBJECT.reply('', '').slice(0, -1),
  SUBJECT.capacityGrants(''),
  SUBJECT.capacityReturns(''),
];

/**
 * Listeners of this process on subjects that nobody else listens to. What services that share a process say to each
 * other there need not go to the server and back. Leases make these messages survivable, on either way.
 */
export class LocalRoutes {
  private readonly handlers = new Map<string, Handle>();

  /** Notes a listener, if its subject is one that has only one. Returns what ends that. */
  add(subject: string, handle: Handle): () => void {
    const key = ownedPart(subject);
    if (key === undefined) return () => undefined;
    this.handlers.set(key, handle);
    return () => void this.handlers.delete(key);
  }

  find(subject: string): Handle | undefined {
    if (this.handlers.size === 0) return undefined;
    const key = ownedPart(subject);
    return key === undefined ? undefined : this.handlers.get(key);
  }
}

/** `reply.i1` of `reply.i1.job_7` and of `reply.i1.>`; undefined for a subject that may have several listeners. */
function ownedPart(subject: string): string | undefined {
  for (const prefix of OWNED) {
    if (!subject.startsWith(prefix)) continue;
    const end = subject.indexOf('.', prefix.length);
    return end < 0 ? subject : subject.slice(0, end);
  }
  return undefined;
}
