// What README.md needs of the nats CLI, for a machine that has none: `request`, and `stream get --last-for=`.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';

const nc = await connect({ servers: process.env.NATS_URL });
const h = headers();
const words = [];
let lastFor;

const args = process.argv.slice(2);
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (arg === '-H') {
    const [, name, value] = /^([^:]+):(.*)$/.exec(args.shift());
    h.set(name, value);
  } else if (arg.startsWith('--last-for=')) lastFor = arg.slice('--last-for='.length);
  else if (arg.startsWith('-')) throw new Error(`nats ${arg} is not known here`);
  else words.push(arg);
}

if (words[0] === 'request') {
  const reply = await nc.request(words[1], words[2], { headers: h, timeout: 5_000 });
  process.stdout.write(`${reply.string()}\n`);
} else if (words.slice(0, 2).join(' ') === 'stream get' && lastFor !== undefined) {
  const jsm = await jetstreamManager(nc);
  const message = await jsm.direct.getMessage(words[2], { last_by_subj: lastFor });
  if (!message) process.exit(1);
  for (const [name, values] of message.header) process.stdout.write(`${name}: ${values.join(', ')}\n`);
  process.stdout.write(`\n${message.string()}\n`);
} else throw new Error(`nats ${words.join(' ')} is not known here`);
await nc.close();
