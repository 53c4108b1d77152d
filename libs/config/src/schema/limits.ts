import { z } from 'zod';
import { section } from './section.js';

const atMost = (what: string) => z.int().positive().exactOptional().describe(what);

export const limits = section({
  concurrency: atMost('Calls at the same time. Absent: found out by trying.'),
  rpm: atMost('Requests in any 60 seconds.'),
  tpm: atMost('Tokens, input and output together, in any 60 seconds.'),
  inputTpm: atMost('Input tokens in any 60 seconds, where the provider counts them apart.'),
  outputTpm: atMost('Output tokens in any 60 seconds, where the provider counts them apart.'),
}).describe(
  'What it can take by one credential, all workers together. Lower ones that the provider tells in its headers are obeyed as well.',
);
