import type { Watch } from './tcp-proxy.js';

/** A moment in the conversation of a process with NATS, by what stands on the wire then. */
export interface Moment {
  /** Which way the words go. */
  readonly way: 'toServer' | 'toClient';
  /** The beginning of a protocol line, such as `HPUB results.`. */
  readonly words: string;
  /** Whether the words are let through before the action is taken, or never arrive. */
  readonly passed: boolean;
}

/**
 * Waits on a line for words of the NATS protocol and acts on them once: the way to hit a process between two of its
 * steps without a hook in it. Not armed, it costs nothing but the call.
 */
export class Tripwire {
  private armed: { moment: Moment; left: number; act: () => void } | undefined;

  /** Acts when the words come by for the `nth` time from now. Resolves when it has. */
  arm(moment: Moment, nth: number, act: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.armed = {
        moment,
        left: nth,
        act: () => {
          act();
          resolve();
        },
      };
    });
  }

  disarm(): void {
    this.armed = undefined;
  }

  watch(way: Moment['way']): Watch {
    // Words may be torn apart by the pieces they come in.
    let tail = Buffer.alloc(0);
    let silenced = false;
    return (bytes) => {
      if (silenced) return undefined;
      const { armed } = this;
      if (armed?.moment.way !== way) {
        tail = Buffer.alloc(0);
        return bytes;
      }
      const { words, passed } = armed.moment;
      const seen = tail.length === 0 ? bytes : Buffer.concat([tail, bytes]);
      for (let at = seen.indexOf(words); at >= 0; at = seen.indexOf(words, at + 1)) {
        if (--armed.left > 0) continue;
        this.armed = undefined;
        armed.act();
        // What would follow words that never arrive makes no sense without them.
        silenced = !passed;
        return passed ? bytes : bytes.subarray(0, Math.max(0, at - tail.length));
      }
      tail = Buffer.from(seen.subarray(Math.max(0, seen.length - words.length + 1)));
      return bytes;
    };
  }
}
