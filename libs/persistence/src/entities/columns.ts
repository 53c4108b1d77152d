import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** Postgres' bigint comes as text, since not all of it fits a number. Token counts do. */
const asNumber: ValueTransformer = { to: (value: unknown) => value, from: (text: string) => Number(text) };

const asBigInt: ValueTransformer = { to: (value: unknown) => value, from: (text: string) => BigInt(text) };

/** The kinds of column the tables have, each named once: `@Column(text('key_name', { nullable: true }))`. */
export const text = (name: string, more: ColumnOptions = {}) => column('text', name, more);
export const integer = (name: string, more: ColumnOptions = {}) => column('integer', name, more);
export const instant = (name: string, more: ColumnOptions = {}) => column('timestamptz', name, more);
export const bytes = (name: string, more: ColumnOptions = {}) => column('bytea', name, more);

/** Counts that stay below 2^53. */
export const count = (name: string, more: ColumnOptions = {}) =>
  column('bigint', name, { transformer: asNumber, ...more });

/** Money and prices, which may not. */
export const amount = (name: string, more: ColumnOptions = {}) =>
  column('bigint', name, { transformer: asBigInt, ...more });

function column(
  type: 'text' | 'integer' | 'bigint' | 'timestamptz' | 'bytea',
  name: string,
  more: ColumnOptions,
) {
  return { ...more, type, name } satisfies ColumnOptions;
}
