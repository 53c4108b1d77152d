import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** Postgres' bigint comes as text, since not all of it fits a number. Token counts do. */
const asNumber: ValueTransformer = { to: (value: unknown) => value, from: (text: string) => Number(text) };

const asBigInt: ValueTransformer = { to: (value: unknown) => value, from: (text: string) => BigInt(text) };

type More = Omit<ColumnOptions, 'type' | 'name' | 'nullable'>;

/** The kinds of column the tables have, each named once: `@Column(text('job'))`. */
export const text = (name: string) => ({ type: 'text', name }) as const;
export const integer = (name: string) => ({ type: 'integer', name }) as const;
export const bytes = (name: string) => ({ type: 'bytea', name }) as const;
export const instant = (name: string, more: More = {}) => ({ ...more, type: 'timestamptz', name }) as const;

/** Counts that stay below 2^53. */
export const count = (name: string) => ({ type: 'bigint', name, transformer: asNumber }) as const;

/** Money and prices, which may not. */
export const amount = (name: string) => ({ type: 'bigint', name, transformer: asBigInt }) as const;

/** The same, but the column may be empty: `@Column(nullable(text('key_name')))`. */
export const nullable = <Options extends object>(options: Options) =>
  ({ ...options, nullable: true }) as const;
