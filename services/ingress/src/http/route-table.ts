const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** Which methods there are at which paths: for the answer to a method that there is not. */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** `url` may have parameters (`:id`) and end in a wildcard, as Fastify has them. */
  add(method: string | readonly string[], url: string): void {
    const source = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.+' : part.replace(SPECIAL, '\\$&')))
      .join('/');
    this.routes.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() });
  }

  /** In alphabetical order; none for a path that there is not. */
  methodsAt(path: string): readonly string[] {
    const found = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}
