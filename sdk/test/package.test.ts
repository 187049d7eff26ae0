import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MisbehavingServer, well } from './misbehaving.ts';

// The packed package, as users install it.
const folder = mkdtempSync(join(tmpdir(), 'rapport-consumer-'));
const server = await MisbehavingServer.start();

const run = (command: string, ...options: string[]) =>
  new Promise<string>((resolve, reject) => {
    execFile(
      command,
      options,
      { cwd: folder, env: { ...process.env, RAPPORT_URL: server.url } },
      (error, stdout, stderr) => (error ? reject(new Error(`${stdout}${stderr}`)) : resolve(stdout)),
    );
  });

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '-w', '@rapport/sdk', '--json', '--pack-destination', folder], { encoding: 'utf8' }),
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], {
    cwd: folder,
  });
  server.will(well);
});

afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true });
});

const use = `const client = createClient({ url: process.env.RAPPORT_URL, token: 'any' });
client.request(Workspace).then(({ workspace }) => console.log(workspace.slug, new RapportError('NETWORK', '') instanceof Error));`;

describe('the packed package', () => {
  it('has no dependencies', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/@rapport/sdk/package.json'), 'utf8'));

    expect(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })).toEqual([]);
  });

  it.each([
    [
      'an ES module',
      'use.mjs',
      `import { createClient, RapportError } from '@rapport/sdk';\nimport { Workspace } from '@rapport/sdk/ops';`,
    ],
    [
      'CommonJS',
      'use.cjs',
      `const { createClient, RapportError } = require('@rapport/sdk');\nconst { Workspace } = require('@rapport/sdk/ops');`,
    ],
  ])('runs as %s', async (_what, file, imports) => {
    writeFileSync(join(folder, file), `${imports}\n${use}`);

    expect(await run('node', file)).toBe('shop true\n');
  });

  it.each([
    ['nodenext', 'mts', 'nodenext'],
    ['nodenext', 'cts', 'nodenext'],
    ['esnext', 'ts', 'bundler'],
  ])('compiles strictly without platform types, as %s .%s', async (module, extension, moduleResolution) => {
    const name = `strict-${moduleResolution}-${extension}`;
    const source = `import { createClient, RapportError } from '@rapport/sdk';
import { Customer } from '@rapport/sdk/ops';
export const nameOf = async (email: string): Promise<string | undefined> => {
  const { customer } = await createClient({ url: '', token: '' }).request(Customer, { by: { email } });
  return customer?.displayName;
};
export const codeOf = (error: unknown) => (error instanceof RapportError ? error.code : null);
`;
    writeFileSync(join(folder, `${name}.${extension}`), source);
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', lib: ['es2022'], types: [], noEmit: true },
      ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [`${name}.${extension}`] }));

    expect(await run(join(process.cwd(), 'node_modules/.bin/tsc'), '-p', `${name}.json`)).toBe('');
  });
});
