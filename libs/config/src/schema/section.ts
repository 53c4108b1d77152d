import { z } from 'zod';

/**
 * An object of the configuration. A key it does not know is refused, with those it knows, because a misspelt
 * limit that is silently ignored is found out only when it was needed.
 */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not known here; known are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}
