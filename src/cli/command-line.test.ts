import { expect, it } from 'vitest';
import { packageRoot } from '../lib/process/package-root.ts';
import { commandLine } from './command-line.ts';

const embedded = { databaseUrl: null, dataDir: '.rapport' };
const here = { cwd: packageRoot, platform: 'linux' as const };

it.each([
  ['the default folder', embedded, here, 'npm run -s rapport -- keys list'],
  [
    'another folder',
    { ...embedded, dataDir: '/srv/x' },
    here,
    'RAPPORT_DATA_DIR=/srv/x npm run -s rapport -- keys list',
  ],
  [
    'a folder that needs shell quoting',
    { ...embedded, dataDir: "it's $HOME" },
    here,
    "RAPPORT_DATA_DIR='it'\\''s $HOME' npm run -s rapport -- keys list",
  ],
  [
    'a URL, which may contain a password',
    { ...embedded, databaseUrl: 'postgresql://me:secret@db/x', dataDir: '/srv/x' },
    here,
    'npm run -s rapport -- keys list',
  ],
  [
    'Windows, whose shells set variables in different ways',
    { ...embedded, dataDir: 'x' },
    { ...here, platform: 'win32' as const },
    'npm run -s rapport -- keys list',
  ],
  [
    'a process in another folder',
    embedded,
    { ...here, cwd: `${packageRoot}/src` },
    'node ../dist/cli/rapport.js keys list',
  ],
])('prints a command for %s', (_what, config, process, command) => {
  expect(commandLine(config, 'keys list', process)).toBe(command);
});
