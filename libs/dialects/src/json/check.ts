/**
 * Checks of a parsed JSON value, put together from small parts. A check of a valid value allocates nothing:
 * paths and sentences are made only once something is wrong. Admission runs one on every body, which is why
 * this is not a general schema library.
 */
export type Check = (value: unknown) => Fault | undefined;

/** What is wrong, and where: `path` is relative to the value that was checked, `''` for the value itself. */
export interface Fault {
  readonly path: string;
  readonly kind: 'missing' | 'type' | 'value';
  readonly detail: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const string: Check = (value) =>
  typeof value === 'string' ? undefined : wrongType('a string', value);

export const nonEmptyString: Check = (value) => {
  if (typeof value !== 'string') return wrongType('a string', value);
  return value === '' ? wrongValue('a string that is not empty') : undefined;
};

export const boolean: Check = (value) =>
  typeof value === 'boolean' ? undefined : wrongType('a boolean', value);

export const anyObject: Check = (value) => (isObject(value) ? undefined : wrongType('an object', value));

/** A number from `min` to `max`, both included. */
export function number(min: number, max: number): Check {
  return (value) => {
    if (typeof value !== 'number') return wrongType('a number', value);
    return value >= min && value <= max ? undefined : wrongValue(`a number from ${min} to ${max}`);
  };
}

/** A whole number from `min` to `max`, both included. */
export function integer(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Check {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return (value) => {
    if (!Number.isInteger(value)) return wrongType('an integer', value);
    return (value as number) >= min && (value as number) <= max
      ? undefined
      : wrongValue(`an integer ${range}`);
  };
}

/** One of a closed set of strings. */
export function oneOf(...choices: readonly string[]): Check {
  return (value) => {
    if (typeof value !== 'string') return wrongType('a string', value);
    return choices.includes(value) ? undefined : wrongValue(`one of '${choices.join("', '")}'`);
  };
}

export function arrayOf(item: Check, minLength = 0): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrongType('an array', value);
    if (value.length < minLength) return wrongValue(`an array of at least ${minLength}`);
    for (let index = 0; index < value.length; index++) {
      const fault = item(value[index]);
      if (fault !== undefined) return at(`[${index}]`, fault);
    }
    return undefined;
  };
}

/**
 * An object whose fields are checked where they are present. A field that is null counts as absent, as the
 * vendors' own APIs have it; a field that has no check passes.
 */
export function object(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const checks = new Map(Object.entries(fields));
  return (value) => {
    if (!isObject(value)) return wrongType('an object', value);
    for (const name of required) {
      if (!Object.hasOwn(value, name) || value[name] === null)
        return { path: name, kind: 'missing', detail: '' };
    }
    for (const name in value) {
      const field = value[name];
      if (field === null) continue;
      const fault = checks.get(name)?.(field);
      if (fault !== undefined) return at(name, fault);
    }
    return undefined;
  };
}

/** The first check whose shape the value has: `accepts` decides which, so that its fault is the one reported. */
export function either(expected: string, ...choices: readonly [(value: unknown) => boolean, Check][]): Check {
  return (value) => {
    for (const [accepts, check] of choices) if (accepts(value)) return check(value);
    return wrongType(expected, value);
  };
}

/**
 * An object whose `field` says which check applies. `others` is for a value that is not listed; without it
 * such a value is a fault.
 */
export function by(field: string, cases: Readonly<Record<string, Check>>, others?: Check): Check {
  const checks = new Map(Object.entries(cases));
  const choice = others === undefined ? oneOf(...checks.keys()) : string;
  return (value) => {
    if (!isObject(value)) return wrongType('an object', value);
    if (!Object.hasOwn(value, field)) return { path: field, kind: 'missing', detail: '' };
    const name = value[field];
    const check = typeof name === 'string' ? (checks.get(name) ?? others) : undefined;
    if (check !== undefined) return check(value);
    const fault = choice(name);
    return fault && at(field, fault);
  };
}

export const isString = (value: unknown): boolean => typeof value === 'string';
export const isArray = (value: unknown): boolean => Array.isArray(value);

/** The fault as a sentence for a person. It repeats no text of the body. */
export function describeFault({ path, kind, detail }: Fault): string {
  const place = path === '' ? 'the body' : `'${path}'`;
  if (kind === 'missing') return `Missing required parameter: ${place}.`;
  return kind === 'type' ? `Invalid type for ${place}: ${detail}.` : `Invalid value for ${place}: ${detail}.`;
}

export function wrongValue(expected: string): Fault {
  return { path: '', kind: 'value', detail: `expected ${expected}` };
}

function wrongType(expected: string, value: unknown): Fault {
  return { path: '', kind: 'type', detail: `expected ${expected}, but got ${kindOf(value)} instead` };
}

function at(place: string, fault: Fault): Fault {
  const joint = fault.path === '' || fault.path.startsWith('[') ? '' : '.';
  return { ...fault, path: place + joint + fault.path };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number';
  return `a ${typeof value}`;
}
