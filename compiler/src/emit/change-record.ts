import type { FieldStep } from '../model/field-path.ts';
import type { TargetModel } from '../model/integration-model.ts';
import type { FlowPlan, ServicePlan } from '../model/service-plan.ts';
import { keptScope, leadTo } from './tests/kept-scope.ts';
import { listTroubled } from './tests/emit-samples.ts';
import type { TroubledSample } from './tests/emit-samples.ts';
import { setPath } from './tests/sample-record.ts';
import type { SampleScope, SampleValue } from './tests/sample-record.ts';

interface FlowOfPlan {
  readonly plan: ServicePlan;
  readonly flow: FlowPlan;
}

/** The record in its next version, with another text in a field that such a target is sent; undefined where there is none. */
export function changeRecord(
  { plan, flow }: FlowOfPlan,
  fits: (mode: TargetModel['mode'], name: string) => boolean,
): SampleValue | undefined {
  const target = flow.targets.find(({ checked }) => fits(checked.target.mode, checked.target.name));
  if (target === undefined) return undefined;
  const plain = listTroubled(plan.checked, flow.flow, target.checked).find(
    ({ field, paths: [path], kind }) =>
      kind.startsWith('blank.') &&
      field.kind === 'text' &&
      field.as.length === 0 &&
      field.field.schema.format === undefined &&
      field.field.schema.pattern === undefined &&
      path?.[0]?.kind === 'name' &&
      path[0].name === 'source',
  );
  const [path] = plain?.paths ?? [];
  if (plain === undefined || path === undefined) return undefined;
  const scope = keptScope(plan, flow);
  leadTo(plan, flow, scope, { field: plain.field.field, path });
  put(scope, path, 'Changed');
  return nextVersion(flow, scope).source;
}

/** An undefined value vanishes when the record is written as JSON: that is what "absent" means. */
export function put(scope: SampleScope, path: readonly FieldStep[], value: SampleValue | undefined): void {
  setPath(scope as unknown as { [key: string]: SampleValue }, path, value as SampleValue);
}

/**
 * Makes a field blank by what it reads. A list out of which one value is made stays a list, of one element that holds
 * nothing: without the list there is nothing to reckon with, and that is no blank.
 */
export function putBlank(
  scope: SampleScope,
  path: readonly FieldStep[],
  { field, kind, value }: Blank,
): void {
  const isReckonedWith = field.kind !== 'list' && kind.startsWith('blank.');
  put(scope, path, isReckonedWith && Array.isArray(path.reduce<unknown>(readStep, scope)) ? [{}] : value);
}

type Blank = Pick<TroubledSample, 'field' | 'kind' | 'value'>;

const LATER = '2026-03-05T05:06:07.890Z';

/** Another version of the record, changed later. */
export function nextVersion({ flow: { source } }: FlowPlan, scope: SampleScope): SampleScope {
  const { version, changes } = source;
  for (const path of [version, ...(changes?.field === undefined ? [] : [changes.field])]) {
    const steps: FieldStep[] = [{ kind: 'name', name: 'source' }, ...path.steps];
    put(scope, steps, nextValue(steps.reduce<unknown>(readStep, scope)));
  }
  return scope;
}

function readStep(value: unknown, step: FieldStep): unknown {
  return Reflect.get(Object(value), step.kind === 'name' ? step.name : 0);
}

function nextValue(held: unknown): SampleValue {
  if (typeof held === 'number') return held + 1;
  const text = String(held);
  return /^\d{4}-/.test(text) ? LATER.slice(0, text.length) : `${text}2`;
}
