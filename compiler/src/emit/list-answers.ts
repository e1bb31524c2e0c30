import { collectInput } from '../check/collect-expressions.ts';
import { listRecordReads } from '../check/list-reads.ts';
import { formatGeneralPath } from '../model/field-path.ts';
import { labelTarget } from '../model/integration-model.ts';
import type { CheckedField } from '../model/checked-model.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../model/service-plan.ts';
import { chooseAnswer, cleanId, satisfyAnswer } from './answer-drills.ts';
import type { DrillGiven } from './answer-drills.ts';
import { renderRow } from './docs/answer-row.ts';
import type { AnswerRow } from './docs/answer-row.ts';
import { listToldOf } from './docs/describe-alerts.ts';
import { describeCalls } from './docs/describe-calls.ts';
import type { CallRow } from './docs/answer-row.ts';
import type { CallAnswers, CallPlace, CallSection } from './docs/describe-calls.ts';
import { answerCustom, answerField } from './docs/describe-fields.ts';
import type { FieldAnswer } from './docs/describe-fields.ts';
import { keptScope, leadTo } from './tests/kept-scope.ts';
import { stopsElsewhere } from './stops-elsewhere.ts';
import { listTroubled } from './tests/emit-samples.ts';
import { changeRecord, nextVersion, putBlank } from './change-record.ts';
import { listRecordRows } from './answer-records.ts';
import type { SampleScope, SampleValue } from './tests/sample-record.ts';

/** A row of the answer book as data: what is given, and what the book says becomes of it. */
export interface DrillPlan {
  readonly id: string;
  readonly given: DrillGiven;
  readonly expect: { readonly action: string; readonly told: readonly string[] };
}

export interface FlowAnswers {
  readonly flow: FlowPlan;
  readonly calls: readonly CallAnswers[];
  /** What becomes of a record while nothing fails. */
  readonly records: readonly CallRow[];
  readonly fields: readonly (FieldAnswer & { readonly ids: readonly string[] })[];
  /** Every row that can be played, in the order of the book. */
  readonly drills: readonly DrillPlan[];
  /** The answer of success that carries a refusal, by target. */
  readonly refusals: Readonly<Record<string, SampleValue>>;
}

/** The answer book: what documents say and what drills play is one list. */
export function listAnswers(plan: ServicePlan): FlowAnswers[] {
  const taken = new Set<string>();
  const name = (text: string): string => {
    const id = cleanId(text);
    let free = id;
    for (let count = 2; taken.has(free); count += 1) free = `${id}.${count}`;
    taken.add(free);
    return free;
  };
  return plan.flows.map((flow) => {
    const refusals = listRefusals(plan, flow);
    const context: Context = { plan, flow, refusals, base: keptScope(plan, flow), name };
    const drills: DrillPlan[] = [];
    const calls = describeCalls(plan, flow).map((section) => answerCall(context, section, drills));
    const records = answerRecords(context, drills);
    const fields = flow.targets.flatMap((target) => answerFields(context, target, drills));
    return { flow, calls, records, fields, drills, refusals };
  });
}

interface Context {
  readonly plan: ServicePlan;
  readonly flow: FlowPlan;
  readonly refusals: Readonly<Record<string, SampleValue>>;
  readonly base: SampleScope;
  readonly name: (text: string) => string;
}

function answerCall(context: Context, section: CallSection, drills: DrillPlan[]): CallAnswers {
  const { place, operation, system, role, rows } = section;
  const prefix = [place.flow, ...(place.name === undefined ? [] : [place.name]), place.call].join('.');
  const given = placeGiven(context, place);
  const alerts = context.plan.alerts?.alerts;
  return {
    operation,
    system,
    role,
    rows: rows.map(({ row, decided }) => {
      const played = row.cases
        .flatMap((one) => one.drills)
        .flatMap((drill): DrillPlan[] => {
          const chosen = chooseAnswer(drill, decided);
          if (chosen === undefined || given === undefined) return [];
          if (chosen.situation === 'refusal' && context.refusals[place.name ?? ''] === undefined) return [];
          return [
            {
              id: context.name(`${prefix}.${drill.suffix}`),
              given: { ...given, ...chosen },
              expect: { action: drill.action ?? row.action, told: listTold(context, row) },
            },
          ];
        });
      drills.push(...played);
      return renderRow(row, alerts, { flow: place.flow, ids: played.map(({ id }) => id) });
    }),
  };
}

function answerRecords(context: Context, drills: DrillPlan[]): CallRow[] {
  const { plan, flow, base, name } = context;
  return listRecordRows(plan, flow, base).map(({ row, drill }) => {
    if (drill === undefined) return renderRow(row, plan.alerts?.alerts, { flow: flow.flow.name, ids: [] });
    const id = name(`${flow.flow.name}.${drill.suffix}`);
    const expect = { action: row.action, told: listTold(context, row) };
    drills.push({ id, given: { flow: flow.flow.name, ...drill.given }, expect });
    return renderRow(row, plan.alerts?.alerts, { flow: flow.flow.name, ids: [id] });
  });
}

function listTold({ plan, flow }: Context, { alerts }: AnswerRow): string[] {
  const told = alerts.flatMap((kind) =>
    listToldOf(plan.alerts?.alerts, kind, flow.flow.name).map((channel) => `${channel}: ${kind}`),
  );
  return told.toSorted();
}

/** What goes before a call: an object is changed only after it was made. Undefined where no change can be made up. */
function placeGiven(context: Context, { flow, call, name }: CallPlace): DrillPlan['given'] | undefined {
  const given = { flow, call, ...(name === undefined ? {} : { name }) };
  if (call !== 'update') return given;
  // A change goes to a person first, who lets it go.
  if (context.flow.flow.later.changed !== 'update') return undefined;
  const record = changeRecord(context, (mode, target) => mode === 'update' && target === name);
  return record === undefined ? undefined : { ...given, before: context.base.source, record };
}

function answerFields(context: Context, target: TargetPlan, drills: DrillPlan[]): FlowAnswers['fields'] {
  const { plan, flow, base, name } = context;
  const { checked } = target;
  const isUpdate = checked.target.mode === 'update';
  const prefix = `${flow.flow.name}.${labelTarget(checked.target)}`;
  const samples = listTroubled(plan.checked, flow.flow, checked);
  const asked = listAsked(plan, flow, checked.target.name);
  const unplayed = (field: CheckedField): FlowAnswers['fields'] =>
    answerCustom(plan.checked, field, `${prefix}.${field.field.path.text}`).map((answer) => ({
      ...answer,
      ids: [],
    }));
  return checked.fields.flatMap((field) => [
    ...answerField(field, `${prefix}.${field.field.path.text}`).map((answer) => {
      const sample = samples.find((one) => one.field === field && one.kind === answer.kind);
      // A blank that a look-up asks for ends there, before the field is made.
      const isAsked =
        answer.kind.startsWith('blank') &&
        sample?.paths.some((path) => asked.has(formatGeneralPath({ text: '', steps: path })));
      const isHeld = isUpdate && flow.flow.later.changed !== 'update';
      if (sample === undefined || isAsked === true || isHeld) return { ...answer, ids: [] };
      if (stopsElsewhere(plan, flow, target, { sample, action: answer.action }))
        return { ...answer, ids: [] };
      const scope = keptScope(plan, flow);
      const [path] = sample.paths;
      if (path !== undefined && !sample.kind.startsWith('blank.'))
        leadTo(plan, flow, scope, { field: field.field, path });
      for (const each of sample.paths) putBlank(scope, each, sample);
      if (isUpdate) nextVersion(flow, scope);
      const id = name(`${prefix}.${field.field.path.text}.${answer.kind}`);
      const kinds = { review: 'review', fail: 'dead-letter' } as const;
      const kind = answer.action === 'review' || answer.action === 'fail' ? kinds[answer.action] : undefined;
      drills.push({
        id,
        given: {
          flow: flow.flow.name,
          call: checked.target.mode,
          name: checked.target.name,
          field: field.field.path.text,
          record: scope.source,
          ...(flow.flow.find.length > 0 ? { found: scope.found } : {}),
          ...(isUpdate ? { before: base.source } : {}),
        },
        expect: {
          action: answer.action,
          told:
            kind === undefined
              ? []
              : listToldOf(plan.alerts?.alerts, kind, flow.flow.name).map((channel) => `${channel}: ${kind}`),
        },
      });
      return { ...answer, ids: [id] };
    }),
    ...unplayed(field),
  ]);
}

/** Paths of the record of which the look-ups before a target ask: `source.owner`. */
function listAsked(plan: ServicePlan, { flow }: FlowPlan, target: string): ReadonlySet<string> {
  const inputs = flow.find.filter((find) => find.target === undefined || find.target === target);
  const trees = inputs
    .flatMap(({ input }) => collectInput(input))
    .flatMap((expression) => plan.checked.expressions.get(expression)?.tree ?? []);
  const reads = trees.flatMap((tree) => listRecordReads(tree, 'source'));
  return new Set(
    reads.flatMap(({ path }) => (path === undefined ? [] : [`source.${formatGeneralPath(path)}`])),
  );
}

function listRefusals(plan: ServicePlan, { targets }: FlowPlan): Record<string, SampleValue> {
  return Object.fromEntries(
    targets.flatMap(({ checked: { target } }) => {
      const tree =
        target.unless === undefined ? undefined : plan.checked.expressions.get(target.unless)?.tree;
      const answer = tree === undefined ? undefined : satisfyAnswer(tree);
      return answer === undefined ? [] : [[target.name, answer.body]];
    }),
  );
}
