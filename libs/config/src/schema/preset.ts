import { z } from 'zod';
import { providerPreferences } from './provider-preferences.js';
import { section } from './section.js';
import { fields, protectedName, transforms } from './transforms.js';

const version = section({
  model: z
    .string()
    .min(1)
    .exactOptional()
    .describe('One of `models`, for requests that name the preset alone.'),
  system: z.string().min(1).exactOptional().describe("Instructions before the request's own."),
  fields: fields
    .superRefine((given, context) => {
      for (const name of Object.keys(given)) {
        const message = protectedName(name);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .exactOptional()
    .describe('Fields of the request, by dotted path, where it has none.'),
  provider: providerPreferences
    .meta({ id: 'preference' })
    .exactOptional()
    .describe("Routing preferences, as a request's `provider`; what the request says stands above it."),
  models: z
    .array(z.string())
    .min(1)
    .max(16)
    .exactOptional()
    .describe('Models to fall back to, where the request names none.'),
  transforms: transforms.exactOptional().describe("Rules, before the tenant's and the model's."),
});

export const preset = section({
  latest: z
    .union([z.string(), z.number()], { error: 'must be the name of a version' })
    .transform(String)
    .describe('The version that the name alone means. One of `versions`.'),
  versions: z
    .record(z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'must be 1 to 32 of A-Z a-z 0-9 . _ -'), version)
    .describe('By name. A version that is in use is not changed: add another.'),
});

export const presetName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ - to stand in the name of a model');
