import { seededRandom } from '@penstock/resilience';

const WORDS = (
  'water river valley gate pipe flow rain spring stone bridge mill wheel lake shore current depth level reservoir ' +
  'dam turbine channel basin meadow forest mountain cloud season winter summer morning light wind turn carry hold ' +
  'rise fall open close follow gather measure balance the a of in to and over under through between against with ' +
  'is was has moves keeps gives takes slowly quietly steadily again often always never before after while until'
).split(' ');

const SENTENCES = 4096;

/**
 * Plain sentences of plain words, all ASCII and without a character that JSON would escape, made once: an answer is a
 * slice of it, which costs nothing however long it is.
 */
const { text, starts } = compose();

/** `length` characters from the beginning of a sentence that `pick` decides; ends with a full stop. */
export function passage(pick: number, length: number): string {
  if (length <= 0) return '';
  const start = starts[pick % starts.length] ?? 0;
  let words = text.slice(start, start + length - 1);
  while (words.length < length - 1) words += text.slice(0, length - 1 - words.length);
  return `${words}.`;
}

function compose(): { text: string; starts: number[] } {
  const random = seededRandom(0x5eed);
  const sentences: string[] = [];
  const starts: number[] = [];
  let at = 0;
  for (let i = 0; i < SENTENCES; i++) {
    const words = Array.from(
      { length: 6 + Math.floor(random() * 9) },
      () => WORDS[Math.floor(random() * WORDS.length)],
    );
    const line = words.join(' ');
    const sentence = `${line.charAt(0).toUpperCase()}${line.slice(1)}. `;
    starts.push(at);
    at += sentence.length;
    sentences.push(sentence);
  }
  return { text: sentences.join(''), starts };
}
