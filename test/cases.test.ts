import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPlaceReader } from '../compiler/src/cli/read-places.ts';
import { formatLocation, locateAll } from '../compiler/src/diagnostics/render-text.ts';
import { checkIntegration } from '../compiler/src/pipeline.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';

/** One folder a case: `integration.rules.yaml`, its own descriptions, and `expected.txt` or an empty `ok`. */
const folder = join(import.meta.dirname, 'cases');
const names = readdirSync(folder).filter((name) => !name.startsWith('_'));
const isSound = (name: string): boolean => existsSync(join(folder, name, 'ok'));
const sound = names.filter(isSound);
const broken = names.filter((name) => !isSound(name));

test.for(broken)('%s is reported where it stands', async (name) => {
  const expected = readFileSync(join(folder, name, 'expected.txt'), 'utf8');

  const { text } = await checkCase(name);

  expect(text).toBe(expected);
});

test.for(sound)('%s compiles without a finding', async (name) => {
  const { text, checked } = await checkCase(name);

  expect(text).toBe('');
  expect(checked).toBeDefined();
});

test('a case expects at least one finding, or none and says so', () => {
  const unclear = broken.filter(
    (name) => readFileSync(join(folder, name, 'expected.txt'), 'utf8').trim() === '',
  );
  const both = sound.filter((name) => existsSync(join(folder, name, 'expected.txt')));

  expect([...unclear, ...both]).toEqual([]);
});

test('a flow that begins on a day begins at midnight in the zone of the rules', async () => {
  const { checked } = await checkCase('ok-first-in-the-zone-of-the-rules');

  // The clocks go forward that night at two, so that midnight is still 12 hours ahead of UTC.
  expect(checked?.flows[0]?.flow.source.changes?.first).toBe('2026-09-26T12:00:00.000Z');
});

async function checkCase(name: string) {
  const host = createNodeHost();
  const places = createPlaceReader(host, join(folder, name));
  const [checked, found] = await checkIntegration(host, join(folder, name, 'integration.rules.yaml'));
  const lines = locateAll(found, places).map(({ diagnostic, location }) => {
    const { severity, code, message } = diagnostic;
    return `${formatLocation(location, places)} ${severity} ${code}: ${message}\n`;
  });
  return { checked, text: lines.join('') };
}
