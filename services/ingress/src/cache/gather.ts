import { CACHED_BYTES } from '@penstock/messaging';

/** Keeps a copy of a stream that goes by, until it is longer than the cache takes. */
export class Gathered {
  private pieces: Uint8Array[] | undefined = [];
  private bytes = 0;

  add(piece: Uint8Array): void {
    this.bytes += piece.length;
    if (this.bytes > CACHED_BYTES) this.pieces = undefined;
    else this.pieces?.push(piece);
  }

  /** Undefined when it was too long. */
  whole(): Uint8Array | undefined {
    return this.pieces && Buffer.concat(this.pieces);
  }
}
