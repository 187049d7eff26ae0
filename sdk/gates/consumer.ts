import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Compilers, from the oldest that the types promise to the one in use. */
const compilers = {
  '5.4': 'gates/node_modules/typescript-5.4/lib/tsc.js',
  '5.9': 'gates/node_modules/typescript-5.9/lib/tsc.js',
  '6': 'gates/node_modules/typescript-6/lib/tsc.js',
  '7': '../node_modules/typescript/lib/tsc.js',
};
export type Compiler = keyof typeof compilers;
export const allCompilers = Object.keys(compilers) as Compiler[];

/** A folder outside the repository into which the packed package was installed, as its users have it. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'rapport-consumer-'));
  readonly #sdk = process.cwd();

  constructor() {
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', this.folder], { encoding: 'utf8' });
    const [{ filename }] = JSON.parse(packed);
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true, "type": "module" }');
    this.run('npm', 'install', '--offline', '--no-audit', '--no-fund', filename);
  }

  /** Writes a file there; its path. */
  write(name: string, content: string): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  run(command: string, ...options: string[]): string {
    return execFileSync(command, options, { cwd: this.folder, encoding: 'utf8' });
  }

  /** Makes a package of the gates available there. */
  link(name: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(this.#sdk, 'gates/node_modules', name), path);
  }

  /**
   * Errors of a module under the strictest settings, without any library of a platform but those named, and what its
   * types cost.
   */
  compile(
    compiler: Compiler,
    code: string,
    skipLibCheck = false,
    libraries: string[] = [],
  ): { errors: string[]; instantiations: number } {
    const compilerOptions = {
      ...{
        module: 'nodenext',
        moduleResolution: 'nodenext',
        target: 'es2022',
        lib: ['es2022', ...libraries],
        types: [],
        noEmit: true,
      },
      ...{ strict: true, skipLibCheck, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    };
    writeFileSync(join(this.folder, 'use.ts'), code);
    writeFileSync(join(this.folder, 'use.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const tsc = join(this.#sdk, compilers[compiler]);
    const options = [tsc, '-p', 'use.json', '--extendedDiagnostics'];
    const { stdout } = spawnSync(process.execPath, options, { cwd: this.folder, encoding: 'utf8' });
    const [, instantiations = Number.NaN] = /Instantiations:\s+(\d+)/.exec(stdout) ?? [];
    return { errors: stdout.match(/^.*error TS\d+.*$/gm) ?? [], instantiations: Number(instantiations) };
  }

  /** The declarations of a subpath, as an editor reads them. */
  declarations(file: string): string {
    return readFileSync(join(this.folder, 'node_modules/@rapport/sdk/dist/esm', file), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
