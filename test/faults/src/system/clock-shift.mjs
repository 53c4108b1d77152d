// Loaded before a service: shifts the clock on its wall, and leaves the one that timers run by. The offset stands in
// a file, and is read again at SIGUSR2.
import { readFileSync } from 'node:fs';

const file = process.env.FAULTS_CLOCK_FILE;
const RealDate = Date;
const realNow = Date.now.bind(Date);
let offsetMs = 0;

const read = () => {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
};

if (file) {
  read();
  process.on('SIGUSR2', read);
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(realNow() + offsetMs);
      else super(...args);
    }
    static now() {
      return realNow() + offsetMs;
    }
  };
}
