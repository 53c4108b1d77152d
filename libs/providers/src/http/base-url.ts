/** Where all requests to a provider begin. User and password in the URL are dropped: they would end up in logs. */
export interface BaseUrl {
  readonly origin: string;
  /** The path of a request below the base URL's own, with the base URL's query. */
  path(below: string): string;
  /** The URL as text, without credentials and without a slash at the end. */
  readonly href: string;
}

/** Throws a TypeError when `text` is no URL. */
export function readBaseUrl(text: string): BaseUrl {
  const url = new URL(text);
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    origin: url.origin,
    href: url.origin + prefix,
    path: (below) => {
      if (url.search === '') return prefix + below;
      return prefix + below + (below.includes('?') ? `&${url.search.slice(1)}` : url.search);
    },
  };
}
