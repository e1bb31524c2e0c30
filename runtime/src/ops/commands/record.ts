import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from '../../engine/create-service.ts';
import { operatorError } from '../../errors.ts';
import type { AnyFlow } from '../../flow.ts';
import { chooseWrites, recordService } from '../../recording/record-service.ts';
import type { RecordedFiles, RecordedFlowFolder } from '../../recording/record-service.ts';
import type { FlowSlice } from '../../recording/slice.ts';
import type { Command } from '../command.ts';

const SLICES = 'test/contract';
const SLICE = '.slice.json';
const DEFAULT_PAGES = 2;
const DEFAULT_RECORDS = 10;

/** Real exchanges for the tests to replay: redacted before they reach the disk, and nothing of the service moves. */
export const recordCommand: Command = {
  name: 'record',
  usage:
    'record [flow ...] [--pages 2] [--limit 10] [--since 2026-01-31T00:00:00Z] [--write "POST /Contacts" --to <base URL of the sandbox>]',
  summary: 'record real exchanges for the tests, without secrets and personal data (never in CI)',
  engine: 'none',
  needsStore: false,
  options: { pages: 'string', limit: 'string', since: 'string', write: 'string', to: 'string' },
  async run({ service, settings, scrubber, args, options, json, print }) {
    // A person reads a recording before it is committed, and there is none in CI.
    if (settings.isCi === true)
      throw operatorError(
        'Nothing is recorded in CI (the variable CI is set): a person must read a recording before it is committed. Record on a machine of your own.',
      );
    const flows = locateFlows(chooseFlows(service, args));
    const slices = flows.map(({ slice }) => slice);
    const ends = await recordService(service, {
      flows,
      key: settings.key,
      scrubber,
      pages: readCount('pages', options['pages'], DEFAULT_PAGES),
      records: readCount('limit', options['limit'], DEFAULT_RECORDS),
      sinceMs: readSince(options['since']),
      writes: chooseWrites(service, slices, { write: text(options['write']), to: text(options['to']) }),
    });
    if (json) print(JSON.stringify(ends));
    else for (const end of ends) print(renderEnd(end));
    return ends.every(({ files, stopped }) => files.length > 0 && stopped === undefined) ? 0 : 1;
  },
};

function text(option: string | boolean | undefined): string | undefined {
  return option === undefined ? undefined : String(option);
}

function chooseFlows({ definition }: Service, names: readonly string[]): readonly AnyFlow[] {
  for (const name of names)
    if (!definition.flows.some((flow) => flow.name === name))
      throw operatorError(
        `There is no flow "${name}". Flows: ${definition.flows.map((flow) => flow.name).join(', ')}.`,
      );
  return names.length === 0 ? definition.flows : definition.flows.filter((flow) => names.includes(flow.name));
}

/** What is used of the descriptions tells which fields are harmless; its file is called like the flow's folder. */
function locateFlows(flows: readonly AnyFlow[]): RecordedFlowFolder[] {
  const files = existsSync(SLICES) ? readdirSync(SLICES).filter((file) => file.endsWith(SLICE)) : [];
  const slices = files.map((file) => ({
    slice: JSON.parse(readFileSync(join(SLICES, file), 'utf8')) as FlowSlice,
    folder: join('recordings', file.slice(0, -SLICE.length)),
  }));
  return flows.map((flow) => {
    const found = slices.find(({ slice }) => slice.flow === flow.name);
    if (found === undefined)
      throw operatorError(
        `There is no ${SLICES}/*${SLICE} of the flow ${flow.name} here, which says what is used of the descriptions. Run this in the folder of the service.`,
      );
    return { flow, ...found };
  });
}

function readCount(name: string, given: string | boolean | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw operatorError(`--${name} is a whole number from 1 to 1000.`);
  return count;
}

function readSince(given: string | boolean | undefined): number {
  if (given === undefined) return 0;
  const sinceMs = Date.parse(String(given));
  if (Number.isNaN(sinceMs)) throw operatorError('--since is a moment such as 2026-01-31T00:00:00Z.');
  return sinceMs;
}

function renderEnd({ flow, files, stopped }: RecordedFiles): string {
  const list = files.map((file) => `\n  ${file}`).join('');
  const end = stopped === undefined ? '' : `\n  the reading did not come to its end: ${stopped}`;
  return `${flow}: ${files.length} recorded; read the page beside each before you commit it${list}${end}`;
}
