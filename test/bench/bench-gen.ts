import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';
import { installPackage } from './install-package.ts';
import { median } from './median.ts';
import type { Benchmark, Outcome } from './outcome.ts';

const PAIRS = 5;
const OCTOKIT_VERSION = '23.0.2';
const MORTISE = join(ROOT, 'compiler/bin/mortise.js');
// The bin file itself, so that neither side pays for a shell or a second node.
const OPENAPI_TYPESCRIPT = realpathSync(join(ROOT, 'node_modules/.bin/openapi-typescript'));

/** The whole compiler against a program that only makes types of the same two files, and against itself with nothing to do. */
export const benchGen: Benchmark = {
  names: ['gen-vs-openapi-typescript', 'gen-of-13-mb', 'gen-check-unchanged'],
  async run() {
    const specs = findSpecs();
    const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-gen-'));
    try {
      const rules = writeRules(folder, specs.files);
      return [versusTypes(folder, rules, specs), versusLarge(folder), versusFull(rules)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Specs {
  readonly files: readonly [crm: string, ledger: string];
  readonly note: string;
}

function findSpecs(): Specs {
  const shared = resolve(ROOT, '../shared/specs');
  const real = [join(shared, 'hubspot-contacts.json'), join(shared, 'xero-accounting.yaml')] as const;
  if (real.every((file) => existsSync(file))) return { files: real, note: 'the real HubSpot and Xero files' };
  process.stderr.write(
    `The real descriptions are not in ${shared}; the reduced ones below specs/ stand in.\n`,
  );
  const reduced = [
    join(ROOT, 'specs/hubspot/contacts.yaml'),
    join(ROOT, 'specs/xero/accounting.yaml'),
  ] as const;
  return { files: reduced, note: 'the reduced files below specs/, as ../shared/specs is absent' };
}

/** The sample's rules, with these descriptions and an output of their own. */
function writeRules(folder: string, [crm, ledger]: Specs['files']): string {
  mkdirSync(join(folder, 'specs'));
  const file = join(folder, 'specs/crm-to-ledger.rules.yaml');
  const text = readFileSync(join(ROOT, 'specs/crm-to-ledger.rules.yaml'), 'utf8');
  writeFileSync(file, text.replace('./hubspot/contacts.yaml', crm).replace('./xero/accounting.yaml', ledger));
  return file;
}

function versusTypes(folder: string, rules: string, { files, note }: Specs): Outcome {
  const gen = (): number => time(MORTISE, 'gen', rules, '--output', mkdtempSync(join(folder, 'service-')));
  const types = (): number =>
    files.reduce((sum, file) => sum + time(OPENAPI_TYPESCRIPT, file, '-o', join(folder, 'types.ts')), 0);
  const { ratio, left, right } = compare(gen, types);
  return {
    kind: 'measured',
    name: 'gen-vs-openapi-typescript',
    figure: ratio,
    vs: `${note}: gen ${left} ms, openapi-typescript ${right} ms`,
  };
}

/** GitHub's description, of which the rules reach one operation, against types of all of it. */
function versusLarge(folder: string): Outcome {
  const name = 'gen-of-13-mb';
  const large = installPackage('@octokit/openapi', OCTOKIT_VERSION, 'generated/api.github.com.json');
  if (large.kind === 'absent') return { kind: 'skipped', name, reason: large.reason };
  const rules = join(folder, 'specs/issues.rules.yaml');
  const text = readFileSync(join(import.meta.dirname, 'gen/issues.rules.yaml'), 'utf8');
  const ledger = join(ROOT, 'specs/xero/accounting.yaml');
  writeFileSync(rules, text.replace('./github.json', large.file).replace('./ledger.yaml', ledger));
  const gen = (): number => time(MORTISE, 'gen', rules, '--output', mkdtempSync(join(folder, 'issues-')));
  const types = (): number => time(OPENAPI_TYPESCRIPT, large.file, '-o', join(folder, 'github.ts'));
  const { ratio, left, right } = compare(gen, types);
  const vs = `GitHub's description of 13 MB (@octokit/openapi ${OCTOKIT_VERSION}): gen ${left} ms, openapi-typescript ${right} ms`;
  return { kind: 'measured', name, figure: ratio, vs };
}

function versusFull(rules: string): Outcome {
  const full = (): number => time(MORTISE, 'gen', rules);
  full();
  const { ratio, left, right } = compare(() => time(MORTISE, 'gen', '--check', rules), full);
  return {
    kind: 'measured',
    name: 'gen-check-unchanged',
    figure: ratio,
    vs: `--check ${left} ms, full gen ${right} ms`,
  };
}

/** A B A B after a warm-up: the median of the pairs' ratios, and of each side. */
function compare(
  first: () => number,
  second: () => number,
): { readonly ratio: number; readonly left: number; readonly right: number } {
  first();
  second();
  const pairs = Array.from({ length: PAIRS }, () => [first(), second()] as const);
  return {
    ratio: median(pairs.map(([left, right]) => left / right)),
    left: Math.round(median(pairs.map(([left]) => left))),
    right: Math.round(median(pairs.map(([, right]) => right))),
  };
}

/** Wall time of the whole process in ms. @throws Error where it fails: a time of nothing done counts for nothing */
function time(script: string, ...args: readonly string[]): number {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return performance.now() - startedMs;
}
