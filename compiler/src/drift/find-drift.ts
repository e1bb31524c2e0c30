import type { Operation } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { CheckedModel } from '../model/checked-model.ts';
import type { SpecDocument, Workspace } from '../model/workspace.ts';
import { callLine } from './call-line.ts';
import { compareOperation } from './compare-operations.ts';
import { compareServers, compareWebhooks } from './compare-documents.ts';
import { listUses } from './list-uses.ts';
import { readSides } from './read-side.ts';
import type { SystemSide } from './read-side.ts';
import type { CallUse, UseNode } from './use.ts';
import { mergeVariances } from './variance.ts';
import type { Variance } from './variance.ts';
import { placeOf } from './read-side.ts';

/**
 * Everything that changed from one set of descriptions to the other, judged by what the rules use.
 * @param checked the rules against one of the two, whichever they fit
 */
export function findDrift(checked: CheckedModel, before: Workspace, after: Workspace): Variance[] {
  const uses = listUses(checked);
  const [left, right] = [readSides(before), readSides(after)];
  const found = [...left].flatMap(([name, was]) => {
    const is = right.get(name);
    if (is === undefined || isSameText(before, after, was, is)) return [];
    return compareSystem(
      was,
      is,
      checked,
      uses.filter(({ system }) => system.name === name),
    );
  });
  return mergeVariances(found);
}

/** The text is what it was, so that nothing need be compared; a file that both refer to is one of the inputs. */
function isSameText(before: Workspace, after: Workspace, was: SystemSide, is: SystemSide): boolean {
  const show = (workspace: Workspace, { documents }: SystemSide): string =>
    JSON.stringify([...documents].map(({ file }: SpecDocument) => workspace.inputs.get(file)));
  const others = (workspace: Workspace): string =>
    JSON.stringify([...workspace.inputs].filter(([file]) => !isSpec(workspace, file)).toSorted());
  return show(before, was) === show(after, is) && others(before) === others(after);
}

function isSpec({ specs }: Workspace, file: string): boolean {
  return [...specs.values()].flat().some((document) => document.file === file);
}

function compareSystem(
  left: SystemSide,
  right: SystemSide,
  checked: CheckedModel,
  uses: readonly CallUse[],
): Variance[] {
  const found: Variance[] = [];
  const seen = new Map<UseNode | undefined, Set<string>>();
  const system = checked.model.systems.find(({ name }) => name === left.name);
  if (system !== undefined) compareServers(left, right, system, uses, found);
  compareWebhooks(left, right, found);
  const [was, is] = [listOperations(left), listOperations(right)];
  const matched = new Set<Operation>();
  for (const before of was) {
    const after = findSame(before, is);
    const calls = uses.filter(
      (use) => isCallOf(use, before) || (after !== undefined && isCallOf(use, after)),
    );
    if (after === undefined) {
      found.push(...reportGone(right, before, is, calls));
      continue;
    }
    matched.add(after);
    const pair = { system: left.name, left, right, before, after, found, seen };
    for (const use of calls.length === 0 ? [undefined] : calls) compareOperation({ ...pair, use });
  }
  for (const after of is) if (!matched.has(after)) found.push(reportNew(left, after));
  return found;
}

function listOperations({ operations }: SystemSide): Operation[] {
  const names = new Set(operations.names.map(({ name }) => name));
  return [...names].flatMap((name) => operations.peek(name) ?? []);
}

/** What a parameter of the path is called makes no difference to who calls it. */
function shapeOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
}

function findSame(before: Operation, among: readonly Operation[]): Operation | undefined {
  const shape = shapeOf(before);
  return (
    among.find((entry) => nameOperation(entry) === nameOperation(before)) ??
    among.find((entry) => shapeOf(entry) === shape)
  );
}

function isCallOf(use: CallUse, operation: Operation): boolean {
  return shapeOf(use) === shapeOf(operation);
}

function reportGone(
  right: SystemSide,
  before: Operation,
  among: readonly Operation[],
  calls: readonly CallUse[],
): Variance[] {
  const moved = before.id === undefined ? undefined : among.find(({ id }) => id === before.id);
  const [document] = right.documents;
  const after =
    moved?.origin ?? placeOf({ file: document?.file ?? before.origin.file, path: ['paths'], value: {} });
  const says =
    moved === undefined
      ? `${nameOperation(before)} is no longer described`
      : `${nameOperation(before)} has moved to ${nameOperation(moved)}`;
  return [
    {
      id: 'VQ1',
      level: calls.length === 0 ? 'NONE' : 'WIRE',
      system: right.name,
      says,
      advice:
        moved === undefined
          ? undefined
          : `Write ${nameOperation(moved)}, and look at what it takes and answers.`,
      before: before.origin,
      after,
      uses: calls.flatMap((use) => callLine({ use })),
    },
  ];
}

function reportNew(left: SystemSide, after: Operation): Variance {
  const [document] = left.documents;
  const before = placeOf({ file: document?.file ?? after.origin.file, path: ['paths'], value: {} });
  const says = `${nameOperation(after)} is new`;
  return {
    id: 'VQ20',
    level: 'NONE',
    system: left.name,
    says,
    advice: undefined,
    before,
    after: after.origin,
    uses: [],
  };
}
