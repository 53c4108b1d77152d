import { spawn } from 'node:child_process';

const SCRIPT = `
while read -r verb what; do
  case $verb in
    pid) pids="$pids $what" ;;
    gone) pids=$(printf '%s\\n' $pids | grep -vx "$what") ;;
    folder) folders="$folders $what" ;;
    done) exit ;;
  esac
done
[ -n "$pids" ] && kill -9 $pids
[ -n "$folders" ] && rm -rf $folders
`;

/** Ends what a benchmark has started, should the benchmark itself end without doing so. */
export interface Guard {
  /** A process to kill. */
  watch(pid: number): void;
  /** A process that has ended, so that nobody who gets its id is killed. */
  release(pid: number): void;
  /** A folder to remove; its path has no blank in it. */
  remove(folder: string): void;
  /** All is in order: nothing is left to end. */
  dismiss(): void;
}

/** A shell that sleeps until this process is gone, however it goes: it reads from a pipe that only this one writes. */
export function startGuard(): Guard {
  const shell = spawn('sh', ['-c', SCRIPT, 'bench-guard'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  shell.unref();
  const tell = (verb: string, what: number | string = '') => void shell.stdin.write(`${verb} ${what}\n`);
  return {
    watch: (pid) => tell('pid', pid),
    release: (pid) => tell('gone', pid),
    remove: (folder) => tell('folder', folder),
    dismiss: () => tell('done'),
  };
}
