/** The fields without those that are absent. `null` counts as absent, as in the vendors' APIs. */
export function present<T extends object>(fields: T): Present<T> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result as Present<T>;
}

type Absent = undefined | null;

type Present<T> = {
  [Name in keyof T as Extract<T[Name], Absent> extends never ? Name : never]: T[Name];
} & {
  [Name in keyof T as Extract<T[Name], Absent> extends never ? never : Name]?: Exclude<T[Name], Absent>;
};
