/** Calls the HTTP API as one tenant, with nothing but what Node brings. */
export class ApiClient {
  constructor(
    readonly tenant: string,
    private readonly url: string,
    private readonly key: string,
    private readonly signal: AbortSignal,
  ) {}

  get(path: string): Promise<Response> {
    return this.send('GET', path, {});
  }

  post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.send('POST', path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  upload(path: string, form: FormData): Promise<Response> {
    return this.send('POST', path, { body: form });
  }

  /** The JSON of a 2xx answer; anything else is an error that says what was answered. */
  async json<T>(answer: Promise<Response>): Promise<T> {
    const response = await answer;
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${response.status} from ${new URL(response.url).pathname}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }

  private send(
    method: string,
    path: string,
    init: { readonly body?: string | FormData; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      signal: this.signal,
      headers: { authorization: `Bearer ${this.key}`, ...init.headers },
      ...(init.body !== undefined && { body: init.body }),
    });
  }
}
