/** A value that JSON can hold. */
export type JsonValue = null | string | number | boolean | readonly JsonValue[] | JsonMap;

export type JsonMap = { readonly [name: string]: JsonValue | undefined };
