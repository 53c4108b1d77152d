/**
 * A place in a heap. `rank` decides, `order` breaks ties: the lower goes first. While the node is in a heap, both
 * are changed with `Heap.move` only.
 */
export class HeapNode<T> {
  /** Where it is in its heap; -1 while it is in none. */
  at = -1;

  constructor(
    readonly item: T,
    public rank: number,
    public order: number,
  ) {}
}

/** Children of a member. Four makes it half as deep as two: fewer members to move, with thousands of them. */
const FANOUT = 4;

/**
 * A heap whose members know their place, so that one may be moved or taken out of the middle in O(log n). Members
 * leave in order of `rank`, then of `order`.
 */
export class Heap<T> {
  private readonly nodes: HeapNode<T>[] = [];

  get size(): number {
    return this.nodes.length;
  }

  peek(): HeapNode<T> | undefined {
    return this.nodes[0];
  }

  /** All members, in no particular order. The heap must not be changed meanwhile. */
  [Symbol.iterator](): IterableIterator<HeapNode<T>> {
    return this.nodes.values();
  }

  push(node: HeapNode<T>): void {
    this.nodes.push(node);
    this.rise(node, this.nodes.length - 1);
  }

  pop(): HeapNode<T> | undefined {
    const first = this.nodes[0];
    if (first) this.remove(first);
    return first;
  }

  /** Takes `node` out. A node that is in no heap is left alone. */
  remove(node: HeapNode<T>): void {
    const { at } = node;
    if (at < 0) return;
    const last = this.nodes.pop()!;
    node.at = -1;
    if (last !== node) this.settle(last, at);
  }

  /** Gives `node` another rank and order, wherever it is in the heap. */
  move(node: HeapNode<T>, rank: number, order: number): void {
    node.rank = rank;
    node.order = order;
    if (node.at >= 0) this.settle(node, node.at);
  }

  clear(): void {
    for (const node of this.nodes) node.at = -1;
    this.nodes.length = 0;
  }

  private settle(node: HeapNode<T>, at: number): void {
    const above = (at - 1) >> 2;
    if (at > 0 && this.isBefore(node.rank, node.order, above)) this.rise(node, at);
    else this.sink(node, at);
  }

  private rise(node: HeapNode<T>, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 2;
      if (!this.isBefore(node.rank, node.order, above)) break;
      this.put(this.nodes[above]!, at);
      at = above;
    }
    this.put(node, at);
  }

  private sink(node: HeapNode<T>, from: number): void {
    const { nodes } = this;
    const size = this.nodes.length;
    let at = from;
    for (;;) {
      const first = FANOUT * at + 1;
      if (first >= size) break;
      const end = Math.min(first + FANOUT, size);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (this.isBefore(nodes[child]!.rank, nodes[child]!.order, least)) least = child;
      }
      if (this.isBefore(node.rank, node.order, least)) break;
      this.put(this.nodes[least]!, at);
      at = least;
    }
    this.put(node, at);
  }

  private put(node: HeapNode<T>, at: number): void {
    this.nodes[at] = node;
    node.at = at;
  }

  private isBefore(rank: number, order: number, other: number): boolean {
    const node = this.nodes[other]!;
    return rank < node.rank || (rank === node.rank && order < node.order);
  }
}
