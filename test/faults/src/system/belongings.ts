type Release = () => Promise<unknown> | void;

/**
 * What has been started and has to be stopped again: processes, folders, mounts, lines. It can be let go of at any
 * moment, also while more is being started: what is added after that is let go of at once, and who added it is told so.
 */
export class Belongings {
  private readonly held: Release[] = [];
  private released: Promise<void> | undefined;

  /** What was added last is released first. Throws when all was let go of already. */
  add(release: Release): void {
    this.held.push(release);
    if (!this.released) return;
    void this.release();
    throw new Error('Everything was let go of while more was being started.');
  }

  /** Resolves when all is released. Something that cannot be does not keep the rest. */
  release(): Promise<void> {
    this.released = (this.released ?? Promise.resolve()).then(async () => {
      for (let one = this.held.pop(); one; one = this.held.pop()) {
        try {
          await one();
        } catch (error) {
          process.stderr.write(`something could not be stopped: ${String(error)}\n`);
        }
      }
    });
    return this.released;
  }
}
