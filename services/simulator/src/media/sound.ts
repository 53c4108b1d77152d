/** Formats of sound the simulator can make, with their media types. */
export const SOUND_TYPES = { mp3: 'audio/mpeg', wav: 'audio/wav', pcm: 'audio/pcm' } as const;

export type SoundFormat = keyof typeof SOUND_TYPES;

export function isSoundFormat(value: string): value is SoundFormat {
  return Object.hasOwn(SOUND_TYPES, value);
}

const SAMPLES_PER_SECOND = 24_000;

/** An MPEG 1 layer III frame of 128 kbit/s at 44.1 kHz: a head, and side information of zeros, which is silence. */
const MP3_FRAME_BYTES = 417;
const MP3_FRAME_SECONDS = 1152 / 44_100;

/** Silence of a length. */
export function makeSound(format: SoundFormat, seconds: number): Buffer {
  if (format === 'mp3') return makeMp3(seconds);
  const samples = Buffer.alloc(2 * Math.ceil(seconds * SAMPLES_PER_SECOND));
  return format === 'pcm' ? samples : Buffer.concat([wavHead(samples.length), samples]);
}

function makeMp3(seconds: number): Buffer {
  const frame = Buffer.alloc(MP3_FRAME_BYTES);
  frame.set([0xff, 0xfb, 0x90, 0xc4]);
  return Buffer.concat(
    Array.from({ length: Math.max(1, Math.ceil(seconds / MP3_FRAME_SECONDS)) }, () => frame),
  );
}

function wavHead(dataBytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + dataBytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  head.writeUInt32LE(2 * SAMPLES_PER_SECOND, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(dataBytes, 40);
  return head;
}
