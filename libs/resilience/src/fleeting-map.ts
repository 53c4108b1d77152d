/** Where a value stands. Emptied when the value is taken out. */
interface Place<V> {
  value: V | undefined;
}

/**
 * A map for what comes and goes, hundreds or thousands a second: jobs at work, acknowledgements that are awaited.
 *
 * V8's `Map` leaves a gap where something was deleted, and moves into a new table when the old one is full of gaps, after
 * a few dozen changes. The old table still names all that it had at that moment, and the new one. Garbage or not, as
 * soon as it lies in the old generation the collector of the young one takes it for alive, and with it the new table, and
 * what that has when it is left in its turn. So about all that ever was in such a map was copied twice and kept until
 * the next full collection, with whatever it refers to: of each job 12 KB, and collections of 4 ms where they take less
 * than one. Here the tables name nothing but places, which are empty by then.
 */
export class FleetingMap<K, V extends object> {
  private readonly places = new Map<K, Place<V>>();

  get size(): number {
    return this.places.size;
  }

  has(key: K): boolean {
    return this.places.has(key);
  }

  get(key: K): V | undefined {
    return this.places.get(key)?.value;
  }

  set(key: K, value: V): void {
    const place = this.places.get(key);
    if (place) place.value = value;
    else this.places.set(key, { value });
  }

  /** Whether it was there. */
  delete(key: K): boolean {
    const place = this.places.get(key);
    if (!place) return false;
    place.value = undefined;
    return this.places.delete(key);
  }

  clear(): void {
    for (const place of this.places.values()) place.value = undefined;
    this.places.clear();
  }

  keys(): IterableIterator<K> {
    return this.places.keys();
  }

  *values(): IterableIterator<V> {
    for (const { value } of this.places.values()) if (value) yield value;
  }

  /** In the order in which keys were added. What is deleted meanwhile is left out. */
  *[Symbol.iterator](): IterableIterator<[key: K, value: V]> {
    for (const [key, { value }] of this.places) if (value) yield [key, value];
  }
}
