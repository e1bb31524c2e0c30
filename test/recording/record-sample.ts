import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { inheritEnvironment } from '../inherited-environment.ts';
import { ROOT } from '../run-process.ts';

/** A copy of the sample's service, in which real exchanges may take the place of the synthetic ones. */
export interface ServiceCopy {
  readonly folder: string;
  /** A command of the service, as a client runs it in its folder. */
  run(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<CommandEnd>;
  /** Every file below `recordings/`, by its path there. */
  readRecordings(): ReadonlyMap<string, string>;
  remove(): void;
}

export interface CommandEnd {
  readonly code: number | null;
  readonly text: string;
}

const SAMPLE = join(ROOT, 'generated/crm-to-ledger');

export function copySample(): ServiceCopy {
  mkdirSync(join(ROOT, 'test/.tmp'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'test/.tmp/recording-'));
  cpSync(SAMPLE, folder, { recursive: true });
  return {
    folder,
    run: (environment, ...args) => runCommand(folder, environment, args),
    readRecordings() {
      const root = join(folder, 'recordings');
      const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
      const files = names.filter((name) => /\.(?:json|md)$/.test(name));
      return new Map(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runCommand(
  folder: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CommandEnd> {
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: folder,
    env: { ...inheritEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((finish) => {
    child.on('close', (code) => finish({ code, text }));
  });
}
