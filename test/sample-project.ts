import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gen } from '../compiler/src/cli/commands/gen.ts';
import type { GenArguments } from '../compiler/src/cli/commands/gen.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { inheritEnvironment } from './inherited-environment.ts';

const ROOT = join(import.meta.dirname, '..');
export const RULES = 'specs/crm-to-ledger.rules.yaml';
export const OUTPUT = 'generated/crm-to-ledger';

/** The sample's specs in a folder of its own, and the compiler called as the command line calls it. */
export interface SampleProject {
  readonly folder: string;
  gen(args?: Partial<GenArguments>): Promise<{ readonly exitCode: number; readonly text: string }>;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Replaces text that must be there. */
  edit(path: string, from: string, to: string): void;
  /** Every file of the output, by path. */
  readOutput(folder?: string): ReadonlyMap<string, string>;
  remove(): void;
}

export function createSampleProject(): SampleProject {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-gen-'));
  cpSync(join(ROOT, 'specs'), join(folder, 'specs'), { recursive: true });
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const write = (path: string, text: string): void => createNodeHost().writeFile(join(folder, path), text);
  return {
    folder,
    read,
    write,
    async gen(args = {}) {
      let text = '';
      const defaults = {
        rules: [],
        check: false,
        full: false,
        force: false,
        vendorRuntime: false,
        output: undefined,
      };
      const exitCode = await gen(
        createNodeHost(),
        folder,
        { ...defaults, format: 'text', ...args },
        (part) => {
          text += part;
        },
      );
      return { exitCode, text };
    },
    edit(path, from, to) {
      const before = read(path);
      if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`);
      write(path, before.replace(from, to));
    },
    readOutput: (output = OUTPUT) => readTree(join(folder, output)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readTree(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).toSorted();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** The compiler as its own process, where the environment or the exit code matters. */
export function runMortise(
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const mortise = join(ROOT, 'compiler/bin/mortise.js');
  const env = { ...inheritEnvironment(), ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [mortise, ...args], {
    cwd,
    encoding: 'utf8',
    env,
  });
  return { exitCode: status, stdout, stderr };
}

/** Writes each file again under the same name. */
export function rewriteFiles(folder: string, change: (text: string, path: string) => string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, change(readFileSync(path, 'utf8'), path));
  }
}
