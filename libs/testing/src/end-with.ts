import { spawn } from 'node:child_process';

const SCRIPT = `
owner=$1 server=$2; shift 2
while kill -0 "$owner" && kill -0 "$server"; do sleep 1; done
kill -0 "$owner" && exit
kill -INT "$server"
while kill -0 "$server"; do sleep 0.1; done
rm -rf "$@"
`;

/**
 * Ends a server when the process it was started for is gone, however that went, and removes its folders: a test
 * run that is killed leaves nothing behind. Costs one sleeping shell for as long as both live.
 */
export function endWith(ownerPid: number, serverPid: number, dirs: readonly string[]): void {
  const args = ['-c', SCRIPT, 'end-with', String(ownerPid), String(serverPid), ...dirs];
  spawn('sh', args, { stdio: 'ignore', detached: true, cwd: '/' }).unref();
}
