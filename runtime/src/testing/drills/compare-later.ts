import type { CallOracle } from './call-oracle.ts';
import type { DrillRow } from './drill.ts';
import type { Course } from './observe.ts';

const STATES: Readonly<Record<string, string>> = {
  skip: 'skipped',
  review: 'review',
  fail: 'dead',
  ignore: 'ignored',
  unseen: 'ignored',
  update: 'delivered',
  all: 'delivered',
};
const TOLD: Readonly<Record<string, string>> = { review: 'review', fail: 'dead-letter' };

/** What became of a record that is not kept, has changed or is no longer kept, against `keep` and `later` of the rules. */
export function compareLater(course: Course, { given, expect }: DrillRow, oracle: CallOracle): string[] {
  const { from, keep = [], later, to } = oracle.rules.flows[given.flow] ?? { to: [] };
  const actions = {
    'not-kept': keep[Number(given.name)]?.otherwise,
    changed: later?.changed,
    left: later?.left,
    first: from?.changes?.first,
  };
  const action = Reflect.get(actions, given.situation ?? '') as string | undefined;
  if (action === undefined)
    return [`the rules do not say what becomes of a record that is ${given.situation}`];
  const state = STATES[action] ?? action;
  const wasDelivered = given.before !== undefined;
  const states = course.states.filter((one) => !wasDelivered || one === state || one !== 'delivered');
  const kind = TOLD[action];
  const told = kind === undefined ? [] : oracle.listTold(kind, given.flow);
  const writes = action === 'update' || action === 'all' ? to.length : 0;
  const says = (what: string, is: string, wanted: string): string[] =>
    is === wanted ? [] : [`${what}: ${is} instead of ${wanted}`];
  return [
    ...says('the answer book says', expect.action, action),
    ...says('state of the record', states.join(', '), state),
    ...says('told', course.told.join(', '), told.join(', ')),
    ...says('writes', String(course.writes.length), String(writes)),
  ];
}
