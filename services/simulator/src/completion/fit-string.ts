import type { Random } from '@penstock/resilience';

import { passage } from './corpus.js';

/** One of each format that the providers name for structured outputs; digits vary where the format lets them. */
const FORMATS: Readonly<Record<string, (digits: string) => string>> = {
  'date-time': (digits) => `2026-01-0${Number(digits[0]) % 9 || 9}T0${digits[1]}:0${digits[2]}:00Z`,
  date: (digits) => `2026-01-0${Number(digits[0]) % 9 || 9}`,
  time: (digits) => `0${digits[0]}:0${digits[1]}:00Z`,
  duration: (digits) => `PT${digits[0]}M`,
  email: (digits) => `river${digits}@example.com`,
  hostname: (digits) => `gate${digits}.example.com`,
  ipv4: (digits) => `192.0.2.${Number(digits.slice(0, 2))}`,
  ipv6: (digits) => `2001:db8::${digits}`,
  uri: (digits) => `https://example.com/${digits}`,
  uuid: (digits) => `0000${digits}-0000-4000-8000-00000000${digits}`,
};

/** A string that fits `format`, or `minLength` and `maxLength`. */
export function fitString(keywords: Readonly<Record<string, unknown>>, random: Random): string {
  const format = FORMATS[String(keywords['format'])];
  if (format) return format(String(1000 + Math.floor(random() * 9000)));
  const least = typeof keywords['minLength'] === 'number' ? keywords['minLength'] : 0;
  const most = typeof keywords['maxLength'] === 'number' ? keywords['maxLength'] : Math.max(least, 24);
  const length = Math.min(Math.max(least, 12), most);
  return passage(Math.floor(random() * 0x1_0000_0000), length);
}
