import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { gen } from '../compiler/src/cli/commands/gen.ts';
import { init } from '../compiler/src/cli/commands/init.ts';
import type { Diagnostic } from '../compiler/src/diagnostics/diagnostic.ts';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { ROOT } from './run-process.ts';

const NAME = 'begun';
const host = createNodeHost();
let folder: string;
const file = (): string => join(folder, `specs/${NAME}.rules.yaml`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-rounds-'));
  cpSync(join(ROOT, 'specs'), join(folder, 'specs'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('from init to a green gen by writing only what the messages say', { timeout: 120_000 }, async () => {
  const options = {
    name: NAME,
    source: ['crm=specs/hubspot/contacts.yaml'],
    target: ['ledger=specs/xero/accounting.yaml'],
    read: undefined,
    write: undefined,
    key: undefined,
    changed: undefined,
    pages: undefined,
    output: undefined,
    policy: 'standard',
    leaveOut: [],
    force: false,
  };
  expect(await init(host, folder, options, () => undefined)).toBe(0);

  const rounds: string[] = [];
  for (let errors = await findErrors(); errors.length > 0; errors = await findErrors()) {
    rounds.push(
      errors
        .map(({ code }) => code)
        .toSorted()
        .join(' '),
    );
    expect(rounds.length, rounds.join('\n')).toBeLessThan(9);
    const document = parseDocument(readFileSync(file(), 'utf8'));
    for (const error of errors) paste(document, error);
    host.writeFile(file(), String(document));
  }

  // What each round had to say; a round more, or another code, is a message that no longer suffices.
  expect(rounds).toEqual(['alert first later later later once required-unstated success']);
  const printed: string[] = [];
  const args = { rules: [file()], check: false, full: false, force: false, vendorRuntime: false } as const;
  const exitCode = await gen(host, folder, { ...args, output: undefined, format: 'text' }, (text) => {
    printed.push(text);
  });
  expect(exitCode, printed.join('')).toBe(0);
});

async function findErrors(): Promise<readonly Diagnostic[]> {
  const [, found] = await checkIntegration(host, file());
  return found.filter(({ severity }) => severity === 'error');
}

/** Writes a message's line where the message points: into the rule that it is about, or where the line itself names a place. */
function paste(document: Document, { fix = '', at, code }: Diagnostic): void {
  expect(fix, `${code} says nothing to write at ${at.path.join('.')}`).not.toBe('');
  const line = choose(fix);
  const [head, value] = Object.entries(parse(line) as Record<string, unknown>)[0] ?? ['', undefined];
  // A whole section goes to the top of the file.
  if (head === at.path[0]) return add(document, [head], value);
  if (head.includes('.')) return add(document, head.split('.'), value);
  // A finding about one value of a rule points at it; the line belongs beside it.
  const isMap = at.path.at(-1) !== head && typeof document.getIn(at.path) === 'object';
  add(document, [...(isMap ? at.path : at.path.slice(0, -1)), head], value);
}

/** A person takes the first of the choices that the message names behind its line. */
function choose(fix: string): string {
  const [, before = '', choices = ''] = /^([\s\S]*?)\s+# ([^#]*)$/.exec(fix) ?? [undefined, fix];
  if (!before.includes('…')) return before;
  const first = /^(?:or )?(\[\]|[a-z-]+)/.exec(choices)?.[1] ?? '';
  const list = /\["[^"]*…"\]/;
  return list.test(before) && first === '[]' ? before.replace(list, first) : before.replace('…', first);
}

function add(document: Document, path: readonly (string | number)[], value: unknown): void {
  const held: unknown = document.getIn(path);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isMap && held !== undefined)
    for (const [key, inner] of Object.entries(value)) document.setIn([...path, key], inner);
  else document.setIn(path, document.createNode(value));
}
