import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { nginxConf } from '../scripts/hosting.ts';

/** A real web server of this computer, run by a test as its child: by nobody's settings but those of `hosting/`. */
export interface WebServer {
  /** The address of its root, with a slash at the end. */
  readonly url: string;
  /** Ends the process and waits until it has. */
  stop(): Promise<void>;
}

/** Where the program is, or null: such a test is skipped and says so. */
export function findServer(name: 'nginx' | 'apache2'): string | null {
  const paths = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'].map((folder) =>
    join(folder, name),
  );
  return paths.find((path) => existsSync(path)) ?? null;
}

/** nginx with `hosting/nginx.conf`, but for the port and the root. `work` is an empty folder for what it writes. */
export async function startNginx(program: string, root: string, work: string): Promise<WebServer> {
  const port = await freePort();
  const server = nginxConf()
    .replace('listen 127.0.0.1:8080;', `listen 127.0.0.1:${port};`)
    .replace('root /srv/vitrine;', `root ${root};`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = join(work, 'nginx.conf');
  writeFileSync(
    conf,
    `daemon off; master_process off; pid ${work}/nginx.pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${work}/${name};`).join('\n  ')}
  ${server}
}
`,
  );
  return started(spawn(program, ['-p', work, '-e', 'stderr', '-c', conf], PIPED), port);
}

/** Apache with the built folder's own `.htaccess`. */
export async function startApache(program: string, root: string, work: string): Promise<WebServer> {
  const port = await freePort();
  const modules = '/usr/lib/apache2/modules';
  const loaded = ['mpm_event', 'authz_core', 'mime', 'dir', 'headers', 'filter', 'deflate'];
  const conf = join(work, 'apache.conf');
  mkdirSync(join(work, 'run'));
  // Apache never serves as root: started by root, it becomes Debian's own user for it, who must get at the folder.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chmodSync(work, 0o755);
  const asRoot = isRoot ? 'User www-data\nGroup www-data' : '';
  writeFileSync(
    conf,
    `ServerRoot ${work}
DefaultRuntimeDir ${work}/run
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${work}/apache.pid
ErrorLog ${work}/error.log
${asRoot}
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
DocumentRoot ${root}
DirectoryIndex index.html
<Directory />
  Require all granted
  Options FollowSymLinks
  AllowOverride FileInfo
</Directory>
<Files ".ht*">
  Require all denied
</Files>
`,
  );
  return started(spawn(program, ['-X', '-f', conf], PIPED), port);
}

const PIPED = { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] };
const PATIENCE_MS = 10_000;

async function started(child: ChildProcess, port: number): Promise<WebServer> {
  let said = '';
  child.stderr!.on('data', (text: Buffer) => (said += String(text)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}/`;
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for (let answers = false; !answers;) {
    if (child.exitCode !== null || patience.aborted) throw new Error(`The web server does not run: ${said}`);
    answers = await fetch(url, { signal: patience }).then(
      () => true,
      () => new Promise<boolean>((resolve) => setImmediate(resolve, false)),
    );
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
