import { z } from 'zod';

const ENV = String.raw`\$\{env:[A-Za-z_][A-Za-z0-9_]*\}`;
const FILE = String.raw`\$\{file:[^}]+\}`;

/** The references in a text, each with what it refers to. */
export const REFERENCES = /\$\{(env|file):([^}]+)\}/g;

/** A secret: never the secret itself, always where it is to be found when Penstock starts. */
export const secret = z
  .string()
  .regex(
    new RegExp(`^(${ENV}|${FILE})$`),
    'is a secret, which is never written here: write ${env:NAME} or ${file:PATH}, and put it there',
  );

/** A text in which references are replaced. */
export const text = z.string().min(1, 'must not be empty');
