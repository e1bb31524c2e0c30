import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { renderReference } from '../../compiler/src/cli/render-reference.ts';
import { describeLanguage } from '../../compiler/src/load/describe-language.ts';
import { checkIntegration } from '../../compiler/src/pipeline.ts';
import { createMemoryHost } from '../../compiler/src/source/memory-host.ts';
import { ROOT } from '../demo/demo-world.ts';
import { placeExample } from './place-example.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const BASE = read('base.rules.yaml');
const SPECS = Object.fromEntries(
  ['crm.yaml', 'crm.overlay.yaml', 'ledger.yaml'].map((name) => [`/rules/${name}`, read(name)]),
);
const LANGUAGE = describeLanguage();
const EXAMPLES = LANGUAGE.flatMap((section) =>
  section.keys.map((key) => ({ title: `${section.section || 'the file'}: ${key.name}`, section, key })),
);

async function check(rules: unknown): Promise<readonly string[]> {
  const host = createMemoryHost({ ...SPECS, '/rules/a.rules.yaml': stringify(rules) });
  const [, found] = await checkIntegration(host, '/rules/a.rules.yaml');
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

test('the rules into which examples are put are sound', async () => {
  expect(await check(parse(BASE))).toEqual([]);
});

test.for(EXAMPLES)('the example of $title holds the key and compiles', async ({ section, key }) => {
  expect(Object.keys(parse(key.example) as object)).toContain(key.name);
  expect(await check(placeExample(BASE, section, key))).toEqual([]);
});

test('the reference is what the schema says; if not, run: npm run reference', () => {
  expect(readFileSync(join(ROOT, 'compiler/docs/rules.md'), 'utf8')).toBe(renderReference(LANGUAGE));
});
