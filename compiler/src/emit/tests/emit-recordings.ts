import { sampleSent } from './sample-sent.ts';
import type { OutputFile } from '../../model/output-file.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { BatchModel, SystemModel, TargetModel } from '../../model/integration-model.ts';
import { findField } from '../../resolve/find-field.ts';
import type { Operation, Schema } from '../../model/api-model.ts';
import { toKebabCase } from '../../model/name-case.ts';
import { keptScope } from './kept-scope.ts';
import { sampleValue, setPath } from './sample-record.ts';
import type { SampleScope, SampleValue } from './sample-record.ts';

/**
 * Exchanges made from the descriptions, and marked so: until real ones are recorded, they are all the proof there is.
 * @param withLapsed the look-up behind an idempotency key, too, which is made once the key has lapsed
 */
export function emitRecordings(
  plan: ServicePlan,
  entry: FlowPlan,
  { withLapsed = false }: { readonly withLapsed?: boolean } = {},
): OutputFile[] {
  const { source } = entry.flow;
  const scope = keptScope(plan, entry);
  const folder = `recordings/${toKebabCase(entry.flow.name)}`;
  const read = (records: SampleValue[]) =>
    exchange('read', source, wrap(source.answer, source.records, records));
  const { pages } = source;
  // A second page shows that the flow asks for it, and that it comes to its end.
  const next = pages?.kind === 'cursor' && source.records.steps.length > 0 ? pages.next : undefined;
  const ends =
    next !== undefined ||
    pages?.last !== undefined ||
    ((pages?.kind === 'page' || pages?.kind === 'offset') && pages.until === 'empty');
  const first = read([scope.source]);
  if (next !== undefined) addCursor(first.response.body.data, source.answer, next);
  return [
    { path: `${folder}/1-read.json`, text: print(first) },
    ...(ends ? [{ path: `${folder}/1b-read-last.json`, text: print(read([])) }] : []),
    ...entry.finds.flatMap(({ find }) => {
      const found = scope.found[find.name];
      const records = find.take === 'all' && Array.isArray(found) ? found : [found ?? {}];
      const page = (given: SampleValue[]) => ({
        ...exchange('find', find, wrap(find.answer, find.records, given)),
        name: find.name,
      });
      const isPaged = find.pages?.kind === 'page' || find.pages?.kind === 'offset';
      const last = isPaged && find.pages.until === 'empty';
      return [
        { path: `${folder}/2-find-${toKebabCase(find.name)}.json`, text: print(page(records)) },
        ...(last
          ? [{ path: `${folder}/2b-find-${toKebabCase(find.name)}-last.json`, text: print(page([])) }]
          : []),
      ];
    }),
    ...entry.targets
      .filter(({ checked }) => checked.target.mode !== 'update')
      .flatMap((target, index) => emitWrite(plan, scope, { folder, target, index, withLapsed })),
  ];
}

function emitWrite(
  { checked }: ServicePlan,
  scope: SampleScope,
  at: {
    readonly folder: string;
    readonly target: TargetPlan;
    readonly index: number;
    readonly withLapsed: boolean;
  },
): OutputFile[] {
  const { folder, index, withLapsed } = at;
  const { target, tier } = at.target.checked;
  const answer = answerOf(target);
  if (target.batch?.match !== undefined) addMatch(answer, target.batch, sampleSent(checked, target, scope));
  const suffix = index === 0 ? '' : `-${toKebabCase(target.name)}`;
  const write = {
    ...exchange('write', target, answer, successStatus(target)),
    name: target.name,
    item: target.item?.text,
  };
  // With an idempotency key in front, nothing is looked up while the key lasts.
  const looksUp = withLapsed || tier === 3 || tier === 4;
  const lookUp = looksUp ? target.once.find((once) => once.kind === 'look-up') : undefined;
  return [
    ...(lookUp === undefined
      ? []
      : [
          {
            path: `${folder}/2-look-up${suffix}.json`,
            text: print({
              ...exchange(
                'look-up',
                { system: target.system, operation: lookUp.operation },
                wrap(lookUp.answer, lookUp.records, []),
              ),
              name: target.name,
            }),
          },
        ]),
    { path: `${folder}/3-write${suffix}.json`, text: print(write) },
  ];
}

function exchange(
  role: string,
  { system, operation }: { readonly system: SystemModel; readonly operation: Operation },
  body: SampleValue,
  status = 200,
) {
  return {
    synthetic: true,
    role,
    system: system.name,
    operation: { method: operation.method, path: operation.path },
    response: { status, headers: [['content-type', typeOf(operation)]], body: { data: body } },
  };
}

/** The way to the next page. */
function addCursor(data: SampleValue, answer: Schema, next: FieldPath): void {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return;
  const field = findField(answer, next);
  const isText =
    field.kind === 'missing' || field.schema.types.includes('string') || field.schema.types.length === 0;
  const isWord = field.kind === 'found' && field.schema.types.includes('boolean');
  setPath(data, next.steps, isWord ? true : isText ? 'next-page' : 2);
}

function wrap(answer: Schema, records: FieldPath | undefined, list: SampleValue[]): SampleValue {
  if (records === undefined) return list[0] ?? null;
  return records.steps.length === 0 ? list : envelope(answer, records, list);
}

/** The body is kept as data in a recording that is made up, whatever it is on the wire. */
function typeOf({ responses }: Operation): string {
  const type = responses.find(
    ({ status, mediaType }) => /^2/.test(status) && mediaType !== undefined,
  )?.mediaType;
  return type === undefined || type === '*/*' ? 'application/json' : type;
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function successStatus({ operation }: TargetModel): number {
  const status = operation.responses.find((response) => /^2\d\d$/.test(response.status))?.status;
  return Number(status ?? 200);
}

function answerOf(target: TargetModel): SampleValue {
  if (target.answer === undefined) return {};
  const root = sampleValue(target.answer, 'answer', 2);
  // An answer may be one text.
  if (typeof root === 'string' && target.id === undefined) return root;
  const holder = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  if (target.id !== undefined) {
    const field = findField(target.answer, target.id);
    setPath(holder, target.id.steps, field.kind === 'found' ? sampleValue(field.schema, 'id', 0) : '1001');
  }
  return holder;
}

/** A result that names its item by a field holds there what the item holds. */
function addMatch(
  answer: SampleValue,
  { results, match }: BatchModel,
  sent: (path: FieldPath) => SampleValue | undefined,
): void {
  const value = match === undefined ? undefined : sent(match.item);
  if (match === undefined || value === undefined) return;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return;
  setPath(answer, [...results.steps, { kind: 'index', index: 0 }, ...match.result.steps], value);
}

function envelope(answer: Schema, path: FieldPath, records: SampleValue[]): SampleValue {
  const root = sampleValue(answer, 'answer', 1);
  const holder = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  setPath(holder, path.steps, records);
  return holder;
}
