import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../../deploy/local/src/index.js';
import { findProgram } from '../machine/debian-program.js';
import { listening, stopper } from '../machine/listening.js';
import type { Upstream } from '../upstream/start-upstream.js';
import type { Gateway } from './gateway.js';

/** nginx with one worker, as a proxy that does nothing: the floor of what stands between a caller and an upstream. */
export async function startNginx(upstream: Upstream, cacheDir: string, workDir: string): Promise<Gateway> {
  const program = await findProgram(
    { name: 'nginx', packages: ['nginx'], file: 'usr/sbin/nginx', versionFlag: '-v' },
    cacheDir,
  );
  const port = await freePort();
  const dir = path.join(workDir, 'nginx');
  mkdirSync(dir, { recursive: true });
  const settings = path.join(dir, 'nginx.conf');
  writeFileSync(settings, configuration(port, dir, new URL(upstream.after(0)).host));
  const child = spawn(program.command, ['-p', dir, '-e', path.join(dir, 'error.log'), '-c', settings], {
    stdio: 'ignore',
    env: { ...process.env, ...program.env },
  });
  await listening(port, child, 'nginx');
  return {
    name: `nginx ${program.version}`,
    role: 'floor',
    target: (latencyMs) => ({
      url: `http://127.0.0.1:${port}/${latencyMs}/v1/chat/completions`,
      headers: {},
      model: 'bench',
    }),
    pids: () => [child.pid ?? 0],
    nodePids: () => [],
    stop: stopper(child),
  };
}

/** No master, so that a kill leaves no worker behind. */
function configuration(port: number, dir: string, upstream: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${folders.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n  ')}
  upstream bench { server ${upstream}; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
