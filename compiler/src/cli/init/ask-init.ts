import { suggestPages } from '../../check/suggest-pages.ts';
import type { Operation } from '../../model/api-model.ts';
import type { Host } from '../../source/host.ts';
import type { InitOptions } from './init-options.ts';
import { listFields, listTargetFields } from '../list-target-fields.ts';
import { findKey, findVersion } from './find-identity.ts';
import { findList } from './find-list.ts';
import { nameObject } from './list-words.ts';
import type { Choice, Prompter } from './prompter.ts';
import { rankReads, rankWrites } from './rank-operations.ts';
import type { Ranked } from './rank-operations.ts';
import { readSides } from './read-sides.ts';
import { findAnswer } from './render-rules.ts';
import { suggestPairs } from './suggest-pairs.ts';
import { suggestWriting } from './suggest-writing.ts';

/** What the command line leaves open. */
export type GivenOptions = { readonly [Key in keyof InitOptions]?: InitOptions[Key] | undefined };

/** A decision that is left to the rules file, where it is marked TODO. */
const LATER = 'later';
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

class Stopped extends Error {}

/** Asks for what was not given, each with what the descriptions suggest. @returns undefined where the person stops: then nothing is written */
export async function askInit(
  host: Host,
  folder: string,
  given: GivenOptions,
  prompter: Prompter,
): Promise<InitOptions | undefined> {
  try {
    return await ask(host, folder, given, prompter);
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Stopped();
  return answer;
}

async function ask(
  host: Host,
  folder: string,
  given: GivenOptions,
  prompter: Prompter,
): Promise<InitOptions> {
  const name =
    given.name ??
    answered(
      await prompter.text('What is the integration called?', {
        initial: 'crm-to-ledger',
        judge: (text) =>
          NAME.test(text) ? undefined : 'Lower-case letters, digits and hyphens: crm-to-ledger.',
      }),
    );
  const source = await askSpecs(host, folder, given.source, { prompter, what: 'is read', example: 'crm' });
  const target = await askSpecs(host, folder, given.target, {
    prompter,
    what: 'is written to',
    example: 'ledger',
  });
  const base = { name, source, target, force: given.force ?? false };
  const sides = readSides(host, folder, host.resolve(folder, `specs/${name}.rules.yaml`), base);
  // What is wrong with the descriptions is said as it is by flags.
  if (sides.kind !== 'read') return { ...NOTHING, ...base };
  const reads = sides.source.read.operations;
  const read =
    given.read ??
    (await askOperation(
      'Which operation is read?',
      rankReads(reads, sides.target.read.operations),
      prompter,
    ));
  const ranked = rankWrites(sides.target.read.operations, read ?? '');
  const write = given.write ?? (await askOperation('Which operation writes?', ranked, prompter));
  const operations = {
    from: read === undefined ? undefined : reads.peek(read),
    to: write === undefined ? undefined : sides.target.read.operations.peek(write),
  };
  const reading = await askReading(given, operations.from, prompter);
  const leaveOut = given.leaveOut ?? (await askPairs(operations.from, operations.to, reading.key, prompter));
  const output =
    given.output ??
    answered(
      await prompter.text('Where does the service go, seen from specs/?', {
        initial: `../generated/${name}`,
        judge: (text) => (text.trim() === '' ? 'A folder is wanted.' : undefined),
      }),
    );
  const policy = given.policy ?? (await askPolicy(prompter));
  return { ...base, read, write, ...reading, leaveOut, output, policy };
}

const NOTHING = {
  read: undefined,
  write: undefined,
  key: undefined,
  changed: undefined,
  pages: undefined,
  leaveOut: [],
  output: undefined,
  policy: undefined,
} as const;

async function askSpecs(
  host: Host,
  folder: string,
  given: readonly string[] | undefined,
  {
    prompter,
    what,
    example,
  }: { readonly prompter: Prompter; readonly what: string; readonly example: string },
): Promise<readonly string[]> {
  if (given !== undefined && given.length > 0) return given;
  const judge = (text: string): string | undefined => {
    const missing = split(text).find(
      (entry) => host.realPath(host.resolve(folder, pathOf(entry))) === undefined,
    );
    if (split(text).length === 0)
      return `A path, or ${example}=<path>; several files of one system by commas.`;
    return missing === undefined ? undefined : `There is no file ${pathOf(missing)}.`;
  };
  const message = `The OpenAPI description of the system that ${what}?`;
  return split(answered(await prompter.text(message, { initial: `${example}=`, judge })));
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function pathOf(entry: string): string {
  return entry.slice(entry.indexOf('=') + 1);
}

async function askOperation(
  message: string,
  ranked: readonly Ranked[],
  { select }: Prompter,
): Promise<string | undefined> {
  if (ranked.length === 0) return undefined;
  return answered(
    await select(
      message,
      ranked.map(({ name }) => ({ value: name, label: name })),
    ),
  );
}

async function askReading(given: GivenOptions, operation: Operation | undefined, { select }: Prompter) {
  const { key, changed, pages } = given;
  const list = operation === undefined ? undefined : findList(operation);
  if (operation === undefined || list === undefined) return { key, changed, pages };
  const fields = listFields(list.record)
    .filter(
      ({ path, schema }) =>
        /^\w+$/.test(path) && schema.types.every((type) => type === 'string' || type === 'integer'),
    )
    .map(({ path }) => path);
  const rank = (first: string | undefined): Choice[] =>
    [...new Set([...(first === undefined ? [] : [first]), ...fields])].map((path) => ({
      value: path,
      label: path,
    }));
  const keys = rank(findKey(list.record));
  const versions = rank(findVersion(list.record));
  const paging = suggestPages(operation, findAnswer(operation), false);
  const isWhole = !paging.line.includes('…');
  const name = /for: ("[^"]*"|[^,]*)/.exec(paging.line)?.[1] ?? '';
  return {
    key:
      key ??
      (keys.length === 0 ? undefined : answered(await select('Which field names a record, for good?', keys))),
    changed:
      changed ??
      (versions.length === 0
        ? undefined
        : answered(await select('Which field tells that a record has changed?', versions))),
    pages:
      pages ??
      answered(
        await select('How is the list paged?', [
          ...(isWhole ? [{ value: paging.line, label: paging.line, hint: paging.why }] : []),
          { value: LATER, label: 'decide in the rules', hint: 'marked TODO' },
          {
            value: `{ for: ${name}, kind: none, because: one answer holds all }`,
            label: 'not at all',
            hint: 'one answer holds all',
          },
        ]),
      ),
  };
}

/** @returns the fields of the target that are left out */
async function askPairs(
  from: Operation | undefined,
  to: Operation | undefined,
  key: string | undefined,
  { selectMany }: Prompter,
): Promise<readonly string[]> {
  const list = from === undefined ? undefined : findList(from);
  if (to === undefined || list === undefined) return [];
  const targets = listTargetFields(to, suggestWriting(to).item);
  const pairs = suggestPairs(targets, listFields(list.record), {
    key: key ?? findKey(list.record),
    noun: nameObject(to),
  });
  const choices = pairs.flatMap(({ target, source }) =>
    source === undefined
      ? []
      : [
          {
            value: target.path,
            label: `${target.path} from ${source.path}`,
            ...(target.required ? { hint: 'required' } : {}),
          },
        ],
  );
  if (choices.length === 0) return [];
  const kept = answered(
    await selectMany('Which of these does the service fill? Space chooses, Enter goes on.', choices),
  );
  return choices.map(({ value }) => value).filter((value) => !kept.includes(value));
}

async function askPolicy({ select }: Prompter): Promise<string> {
  const message =
    'Do you accept the standard answers to what no rule decides? "mortise decisions" lists them.';
  return answered(
    await select(message, [
      { value: 'standard', label: 'yes: policy: standard' },
      { value: LATER, label: 'decide in the rules', hint: 'marked TODO' },
    ]),
  );
}
