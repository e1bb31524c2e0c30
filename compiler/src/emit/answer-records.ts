import type { ExpressionTree } from '../model/expression-tree.ts';
import { listRecordReads } from '../check/list-reads.ts';
import { isPostedAnew } from '../check/rules/changed-write.rule.ts';
import type { AlertKind } from '../model/rules-input.ts';
import type { FlowPlan, ServicePlan } from '../model/service-plan.ts';
import { formatPath } from '../source/source-ref.ts';
import type { DrillGiven } from './answer-drills.ts';
import { changeRecord, nextVersion, put } from './change-record.ts';
import { LOG, REVIEW, row, said } from './docs/answer-row.ts';
import type { AnswerRow } from './docs/answer-row.ts';
import { keptScope } from './tests/kept-scope.ts';
import type { SampleScope, SampleValue } from './tests/sample-record.ts';
import { formatDuration } from './text/format-duration.ts';

/** A row about records, and what it is played with; undefined where no such record can be made up. */
export interface RecordRow {
  readonly row: AnswerRow;
  readonly drill: { readonly suffix: string; readonly given: Omit<DrillGiven, 'flow'> } | undefined;
}

const SENTENCES: Readonly<Record<string, string>> = {
  skip: 'leaves the record out, counted',
  review: 'parks the record',
  fail: 'makes the record a dead letter',
  ignore: 'ignores it: the target keeps what it has',
  unseen: 'cannot be observed: the target keeps what it has',
  update: 'writes the change to the target',
  all: 'writes it',
  seen: 'marks it as seen, and writes nothing',
};

const ALERTS: Readonly<Record<string, AlertKind>> = { review: 'review', fail: 'dead-letter' };

/** What becomes of a record while nothing fails: when it is read, kept, changed and no longer kept. */
export function listRecordRows(plan: ServicePlan, flow: FlowPlan, base: SampleScope): RecordRow[] {
  const { keep, later } = flow.flow;
  const decide = (when: string, action: string, by: string): AnswerRow => {
    const alert = ALERTS[action];
    const told = action === 'review' ? REVIEW : LOG;
    return {
      ...row([said(when)], action, SENTENCES[action] ?? action, told, alert === undefined ? [] : [alert]),
      by,
    };
  };
  const because = later.because === undefined ? '' : ` (${later.because})`;
  const before = base.source;
  const first = flow.flow.source.changes?.first;
  const left = keep.map((_, index) => breakCondition(plan, flow, index)).find((scope) => scope !== undefined);
  return [
    describeReading(flow),
    ...(first === 'all' || first === 'seen'
      ? [
          {
            row: decide(
              'the first run meets a record that was there before',
              first,
              formatPath(flow.flow.source.changes?.origin.path ?? []),
            ),
            drill: { suffix: 'first', given: { situation: 'first' } },
          },
        ]
      : []),
    ...keep.map(({ when, otherwise, origin }, index) => {
      const broken = breakCondition(plan, flow, index);
      return {
        row: decide(
          `a record for which this does not hold: ${when.text.trim()}`,
          otherwise,
          formatPath(origin.path),
        ),
        drill:
          broken === undefined
            ? undefined
            : {
                suffix: `keep[${index}]`,
                given: { situation: 'not-kept', name: String(index), record: broken.source },
              },
      };
    }),
    ...(later.changed === undefined
      ? []
      : [
          {
            row: describeChanged(
              flow,
              decide(
                'a record that was delivered has changed',
                later.changed,
                `${formatPath(later.origin.path)}.changed${because}`,
              ),
            ),
            drill: giveAgain('changed', before, findChanged(plan, flow, later.changed)),
          },
        ]),
    ...(later.left === undefined || later.left === 'unseen'
      ? []
      : [
          {
            row: decide(
              'a record that was delivered is no longer kept',
              later.left,
              `${formatPath(later.origin.path)}.left${because}`,
            ),
            drill: giveAgain('left', before, left === undefined ? undefined : nextVersion(flow, left).source),
          },
        ]),
  ];
}

/** What is posted anew makes an object for each change. */
function describeChanged({ flow: { later, targets } }: FlowPlan, plain: AnswerRow): AnswerRow {
  const anew = later.changed === 'update' ? targets.filter(isPostedAnew).map(({ name }) => name) : [];
  if (anew.length === 0) return plain;
  return { ...plain, answer: `${plain.answer}; ${anew.join(', ')}: another object for each change` };
}

function giveAgain(
  situation: string,
  before: SampleValue,
  record: SampleValue | undefined,
): RecordRow['drill'] {
  return record === undefined
    ? undefined
    : { suffix: `later.${situation}`, given: { situation, record, before } };
}

/** With several targets, which of them a change reaches depends on what has changed. */
function findChanged(plan: ServicePlan, flow: FlowPlan, action: string): SampleValue | undefined {
  if (action !== 'update') return nextVersion(flow, keptScope(plan, flow)).source;
  const own = flow.flow.targets.filter(({ mode }) => mode !== 'update');
  if (own.length > 1) return undefined;
  const changes = flow.flow.targets.some(({ mode }) => mode === 'update') ? 'update' : 'write';
  return changeRecord({ plan, flow }, (mode) => mode === changes);
}

function describeReading({ flow: { source } }: FlowPlan): RecordRow {
  const { changes, schedule, everyMs, order } = source;
  const often =
    schedule === undefined ? `every ${formatDuration(everyMs)}` : `by the schedule ${schedule.cron}`;
  const back =
    changes === undefined || changes.lookbackMs === 0 ? '' : `, less ${formatDuration(changes.lookbackMs)}`;
  const what =
    changes?.field === undefined
      ? 'everything'
      : `what has changed since the newest value of the last reading${back}`;
  return {
    row: {
      ...row(
        [said('nothing is wrong')],
        'asks',
        `reads ${what}, ${often}${order === 'oldest-first' ? ', the oldest first' : ''}`,
        LOG,
      ),
      by: formatPath(source.origin.path),
    },
    drill: { suffix: 'read.asks', given: { call: 'read', situation: 'asks' } },
  };
}

/** The sample record with what one condition compares set otherwise; undefined where it is of another form. */
function breakCondition(plan: ServicePlan, flow: FlowPlan, index: number): SampleScope | undefined {
  const rule = flow.flow.keep[index];
  const tree = rule === undefined ? undefined : plan.checked.expressions.get(rule.when)?.tree;
  const scope = keptScope(plan, flow);
  return tree !== undefined && breakTree(tree, scope) ? scope : undefined;
}

function breakTree(tree: ExpressionTree, scope: SampleScope): boolean {
  if (tree.kind === 'binary' && tree.operator === '&&') return breakTree(tree.left, scope);
  const compared = tree.kind === 'binary' ? tree.left : tree;
  const read = listRecordReads(compared, 'source').find((one) => one.tree === compared);
  const value = breakingValue(tree);
  if (read?.path === undefined || value === undefined) return false;
  put(scope, [{ kind: 'name', name: 'source' }, ...read.path.steps], value);
  return true;
}

function breakingValue(tree: ExpressionTree): SampleValue | undefined {
  if (tree.kind === 'member') return false;
  if (tree.kind !== 'binary' || tree.right.kind !== 'literal') return undefined;
  const { value } = tree.right;
  if (value === undefined) return undefined;
  if (tree.operator === '!==') return value;
  if (typeof value === 'number') return tree.operator.startsWith('<') ? value + 1 : value - 1;
  if (tree.operator !== '===') return undefined;
  return typeof value === 'string' ? `not ${value}` : typeof value === 'boolean' ? !value : undefined;
}
