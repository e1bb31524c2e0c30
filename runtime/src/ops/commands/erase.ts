import { operatorError } from '../../errors.ts';
import type { EraseEnd } from '../../store/erasure-store.ts';
import type { Command } from '../command.ts';
import { countOf } from '../count-of.ts';
import { findFlow } from '../find-flow.ts';

const USAGE = 'erase <key> [--flow <flow>] [--forget]';

/** Removes a record for good, as the law may ask for. */
export const eraseCommand: Command = {
  name: 'erase',
  usage: USAGE,
  summary: 'remove everything that is stored of a record; when it comes again it is not delivered',
  engine: 'none',
  needsStore: true,
  options: { flow: 'string', forget: 'boolean' },
  async run({ service, args, options, actor, json, print }) {
    const [key] = args;
    const { store, clock } = service.context;
    if (key === undefined || key === '') throw operatorError(`Usage: ${USAGE}`);
    const flow = options['flow'];
    const known = await store.listFlows();
    // Also of a flow that this version no longer has.
    if (typeof flow === 'string' && !known.includes(flow)) findFlow(service, flow, USAGE);
    const forget = options['forget'] === true;
    const only = typeof flow === 'string' ? { flow } : {};
    const end = await store.erase({ key, forget, actor, ...only }, clock.now());
    print(json ? JSON.stringify(end) : describe(end, forget));
    return 'truncated' in end && end.truncated ? 0 : 1;
  },
};

function describe(end: EraseEnd, forget: boolean): string {
  switch (end.kind) {
    case 'none':
      return 'Nothing is stored under this key.';
    case 'erased before':
      return [
        `It was erased before (${end.flows.join(', ')}). To let it come in again: erase <key> --forget`,
        ...tellLog(end.truncated),
      ].join('\n');
    case 'unresolved':
      return `Nothing was erased. ${tellUnresolved(end)}`;
    case 'erased':
      return [
        `Erased: ${countOf(end.records, 'version')} of the record, with everything that hung on ${end.records === 1 ? 'it' : 'them'} (${end.flows.join(', ')}).`,
        forget
          ? 'When the source gives it again, it is new and is delivered; a target that does not match it would get a second object.'
          : 'A keyed digest is left, so that the record is not delivered when the source gives it again.',
        'What the target systems, backups and logs hold of it is not touched.',
        ...tellLog(end.truncated),
      ].join('\n');
  }
}

function tellLog(truncated: boolean): string[] {
  if (truncated) return [];
  return [
    'Another process held on to the write-ahead log, in which old pages may still stand. Run the command again.',
  ];
}

function tellUnresolved({ flow, state, review }: Extract<EraseEnd, { readonly kind: 'unresolved' }>): string {
  const what = `A write of this record (${flow})`;
  switch (state) {
    case 'sending':
      return `${what} is under way. Try again in a minute; if nothing runs, "once" brings it to its end first.`;
    case 'unknown':
      return `${what} is of unknown outcome. A running service finds out what came of it, and so does "once"; try again then.`;
    case 'parked':
      return `${what} is of unknown outcome and waits for a person. Decide it first: review show ${review ?? ''}`;
  }
}
