import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Package {
  version?: string;
  hasInstallScript?: boolean;
  os?: string[];
}

const lock: { packages: Record<string, Package> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.entries(lock.packages).map(([path, entry]) => ({
  ...entry,
  name: path.replace(/^.*node_modules\//, ''),
}));

it('installs one version of Prisma, also where an override replaces a package', () => {
  const replaced = '@prisma/config';
  const versions = packages
    .filter(({ name }) => name.startsWith('@prisma/') && name !== replaced)
    .map(({ version }) => version);
  const [version, ...others] = [...new Set(versions)].sort();

  expect(others).toEqual([expect.stringMatching(`^${version}-[0-9]+\\.[0-9a-f]{40}$`)]);
});

it('runs no install script but that of esbuild, which downloads nothing', () => {
  const withScript = packages.filter(({ hasInstallScript, os }) => hasInstallScript && !os).map(({ name }) => name);

  expect(withScript).toEqual(['esbuild']);
});
