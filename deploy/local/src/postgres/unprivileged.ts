import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { runCommand } from '../processes/run-command.js';

/** How a program is started so that it does not run as root. */
export interface Unprivileged {
  readonly wrap: (command: string, args: readonly string[]) => { command: string; args: string[] };
}

const NOBODY = 65534;
const IDS = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/**
 * Root's checkout often lies in a home folder that nobody else may enter. Then the program keeps one single
 * privilege, to look into folders whatever their mode; without `no_setuid_fixup` access(2) would ignore it.
 */
const ENTER_ANY_FOLDER = [
  '--inh-caps=-all,+dac_override',
  '--ambient-caps=-all,+dac_override',
  '--bounding-set=-all,+dac_override',
  '--securebits=+no_setuid_fixup',
];

/**
 * Postgres refuses to run as root. Makes `dir` (its data directory's parent, which it writes to as well) and
 * finds the mildest way to run `program` there; for anybody but root that is to do nothing special.
 */
export async function unprivileged(program: string, dir: string): Promise<Unprivileged> {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o700);
  if (process.getuid?.() !== 0) return { wrap: (command, args) => ({ command, args: [...args] }) };

  chownSync(dir, NOBODY, NOBODY);
  for (const flags of [IDS, [...IDS, ...ENTER_ANY_FOLDER]]) {
    const wrap = (command: string, args: readonly string[]) => ({
      command: 'setpriv',
      args: [...flags, command, ...args],
    });
    if ((await works(wrap, program, ['--version'])) && (await works(wrap, 'test', ['-w', dir])))
      return { wrap };
  }
  throw new Error(
    `Postgres does not run as root, and user ${NOBODY} cannot reach ${dir} or ${program}. ` +
      'Start as another user, or set PENSTOCK_DATABASE_URL to a Postgres of your own.',
  );
}

async function works(wrap: Unprivileged['wrap'], program: string, args: readonly string[]): Promise<boolean> {
  const { command, args: wrapped } = wrap(program, args);
  return runCommand(command, wrapped, { cwd: '/' }).then(
    () => true,
    () => false,
  );
}
