const utf8 = new TextEncoder();

export function encodeJson(value: object): Uint8Array {
  return utf8.encode(JSON.stringify(value));
}
