/**
 * A place in a heap. `rank` decides, `order` breaks ties: the lower goes first. Both belong to the heap while
 * the node is in one; change them with `Heap.move`.
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

/**
 * A binary heap whose members know their place, so that one may be moved or taken out of the middle in
 * O(log n). Members leave in order of `rank`, then of `order`.
 */
export class Heap<T> {
  private readonly nodes: HeapNode<T>[] = [];

  get size(): number {
    return this.nodes.length;
  }

  peek(): HeapNode<T> | undefined {
    return this.nodes[0];
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
    const at = node.at;
    if (at < 0) return;
    const last = this.nodes.pop()!;
    node.at = -1;
    if (last === node) return;
    this.settle(last, at);
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

  /** The members in no particular order. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const node of this.nodes) yield node.item;
  }

  private settle(node: HeapNode<T>, at: number): void {
    const parent = at > 0 ? this.nodes[(at - 1) >> 1] : undefined;
    if (parent && before(node, parent)) this.rise(node, at);
    else this.sink(node, at);
  }

  private rise(node: HeapNode<T>, from: number): void {
    const nodes = this.nodes;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = nodes[above]!;
      if (!before(node, parent)) break;
      nodes[at] = parent;
      parent.at = at;
      at = above;
    }
    nodes[at] = node;
    node.at = at;
  }

  private sink(node: HeapNode<T>, from: number): void {
    const nodes = this.nodes;
    const size = nodes.length;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && before(nodes[below + 1]!, nodes[below]!)) below++;
      const child = nodes[below]!;
      if (!before(child, node)) break;
      nodes[at] = child;
      child.at = at;
      at = below;
    }
    nodes[at] = node;
    node.at = at;
  }
}

function before<T>(a: HeapNode<T>, b: HeapNode<T>): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
