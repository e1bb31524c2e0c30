import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../compiler/src/cli/commands/schema.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import { ROOT } from '../demo/demo-world.ts';
import { startYamlServer } from './language-server.ts';
import type { LanguageServer } from './language-server.ts';

const FOLDER = join(ROOT, 'test/.tmp/editor');
const RULES = 'crm-to-ledger.rules.yaml';
const uri = pathToFileURL(join(FOLDER, RULES)).href;
const printed: string[] = [];
let server: LanguageServer;
let version = 0;

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync(join(ROOT, 'specs'), FOLDER, { recursive: true });
  const exitCode = schema(createNodeHost(), FOLDER, { rules: [RULES] }, (text) => void printed.push(text));
  expect(exitCode).toBe(0);
  server = startYamlServer();
  await server.request('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { textDocument: { completion: {}, hover: { contentFormat: ['markdown'] } } },
  });
  server.notify('initialized', {});
  server.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version, text: '' },
  });
});

afterAll(() => server.close());

/** The sample's rules with the line that `schema` says, and `line` changed to `text`; what is offered at its end. */
async function complete(line: RegExp, text: string): Promise<readonly string[]> {
  const position = change(line, text);
  const answer = (await server.request('textDocument/completion', { textDocument: { uri }, position })) as {
    readonly items: readonly { readonly label: string }[];
  };
  return answer.items.map(({ label }) => label);
}

function change(line: RegExp, text: string): { readonly line: number; readonly character: number } {
  const modeline =
    printed
      .join('')
      .split('\n')
      .find((entry) => entry.startsWith('#')) ?? '';
  const lines = [modeline, ...readFileSync(join(ROOT, 'specs', RULES), 'utf8').split('\n')];
  const index = lines.findIndex((entry) => line.test(entry));
  expect(index, String(line)).toBeGreaterThan(0);
  lines[index] = text;
  version += 1;
  server.notify('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ text: lines.join('\n') }],
  });
  return { line: index, character: text.length };
}

test('an editor completes the operations of the system that is read', async () => {
  expect(await complete(/^ {6}read: /, '      read: ')).toContain('POST /crm/v3/objects/contacts/search');
});

test('an editor completes the fields of the target', async () => {
  const offered = await complete(/^ {10}EmailAddress: /, '          Em');
  expect(offered).toContain('EmailAddress');
  expect(offered).not.toContain('lifecyclestage');
});

test('an editor completes the members of an enumeration', async () => {
  expect(await complete(/^ {10}Phones\[0\]\.PhoneType:/, '          Phones[0].PhoneType: ')).toContain(
    'MOBILE',
  );
});

test('an editor completes the settings that the file names', async () => {
  expect(await complete(/^ {4}server: /, '    server: ')).toContain('$CRM_URL');
});

test('an editor shows what a key means', async () => {
  const { line } = change(/^ {6}version: /, '      version: updatedAt');
  const hover = (await server.request('textDocument/hover', {
    textDocument: { uri },
    position: { line, character: 8 },
  })) as { readonly contents: { readonly value: string } };
  expect(hover.contents.value).toContain('tells that a record has changed');
});

test('a rules file that is not finished gets a schema all the same', () => {
  writeFileSync(
    join(FOLDER, 'begun.rules.yaml'),
    'systems:\n  ledger: { spec: ./xero/accounting.yaml }\nflows:\n  a:\n    to: [{ system: ledger, write: }]\n',
  );
  expect(schema(createNodeHost(), FOLDER, { rules: ['begun.rules.yaml'] }, () => undefined)).toBe(0);
  expect(readFileSync(join(FOLDER, 'begun.schema.json'), 'utf8')).toContain('POST /Contacts');
});
