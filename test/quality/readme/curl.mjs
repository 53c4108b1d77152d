// What README.md needs of curl, for a machine that has none.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const FLAGS = /^-[sSN]+$/;
const headers = {};
const form = new FormData();
let [method, url, body, hasForm] = ['GET', '', undefined, false];

const args = process.argv.slice(2);
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (FLAGS.test(arg)) continue;
  if (!arg.startsWith('-')) url = arg;
  else if (arg === '-X') method = args.shift();
  else if (arg === '-H') addHeader(args.shift());
  else if (arg === '-d') [method, body] = ['POST', args.shift()];
  else if (arg === '-F') addField(args.shift());
  else throw new Error(`curl ${arg} is not known here`);
}

const answer = await fetch(url, {
  method: hasForm ? 'POST' : method,
  headers,
  ...(hasForm ? { body: form } : body !== undefined && { body }),
});
process.stdout.write(await answer.text());

function addHeader(text) {
  const at = text.indexOf(':');
  headers[text.slice(0, at)] = text.slice(at + 1).trim();
}

function addField(text) {
  hasForm = true;
  const [, name, value] = /^(\w+)=(.*)$/.exec(text);
  if (!value.startsWith('@')) return form.append(name, value);
  const path = value.slice(1);
  form.append(name, new File([readFileSync(path)], basename(path)));
}
