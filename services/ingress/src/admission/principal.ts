/** Who calls, as far as the API key says. */
export interface Principal {
  readonly tenant: string;
  readonly keyName: string;
}
