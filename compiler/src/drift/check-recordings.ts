import type { Operation, Response } from '../model/api-model.ts';
import { nameOperation } from '../model/api-model.ts';
import type { CheckedModel } from '../model/checked-model.ts';
import type { Json, JsonObject, Workspace } from '../model/workspace.ts';
import { isObject } from '../resolve/follow-reference.ts';
import { findAnswer } from '../resolve/resolve-source.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { callLine } from './call-line.ts';
import { checkValue } from './check-value.ts';
import type { ValueFault } from './check-value.ts';
import { nodeOf } from './compare-operations.ts';
import { listUses } from './list-uses.ts';
import { readSides } from './read-side.ts';
import type { SystemSide } from './read-side.ts';
import { typesOf } from './schema-pair.ts';
import type { CallUse } from './use.ts';
import { readRecordedBody } from '../check/read-recorded-body.ts';
import type { RecordingFile } from '../source/recording-file.ts';
import { mergeVariances } from './variance.ts';
import type { Variance } from './variance.ts';

export interface RecordingsReport {
  readonly variances: readonly Variance[];
  readonly compared: number;
  /** Of another format than JSON: their text is not taken apart here. */
  readonly skipped: number;
}

/** What recorded answers hold that the descriptions do not say, or not any more: they were real, so the description is wrong or old. */
export function checkRecordings(
  checked: CheckedModel,
  workspace: Workspace,
  files: readonly RecordingFile[],
): RecordingsReport {
  const sides = readSides(workspace);
  const uses = listUses(checked);
  const found: Variance[] = [];
  let skipped = 0;
  for (const { file, text } of files) {
    const exchange = readExchange(text);
    if (exchange === undefined) {
      found.push(unreadable(file, workspace));
      continue;
    }
    const side = sides.get(exchange.system);
    const operation = side?.operations.peek(`${exchange.method} ${exchange.path}`);
    const own = uses.filter(
      (use) =>
        use.system.name === exchange.system && use.method === exchange.method && use.path === exchange.path,
    );
    const at = valueAt(file, ['operation']);
    if (side === undefined || operation === undefined)
      found.push(undescribed(exchange, at, own, workspace, side));
    else if (!compareAnswer({ file, exchange, operation, own, found })) skipped += 1;
  }
  return { variances: mergeVariances(found), compared: files.length - skipped, skipped };
}

interface RecordedExchange {
  readonly system: string;
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly body: Json | undefined;
}

/** Recordings come from outside, too: what is not of their shape is none. */
function readExchange(text: string): RecordedExchange | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { system, operation, response } = value;
  if (typeof system !== 'string' || !isObject(operation) || !isObject(response)) return undefined;
  const { method, path } = operation as JsonObject;
  const { status, body } = response as JsonObject;
  if (typeof method !== 'string' || typeof path !== 'string' || typeof status !== 'number') return undefined;
  return { system, method, path, status: String(status), body };
}

function unreadable(file: string, workspace: Workspace): Variance {
  const says = 'a recording cannot be read: it is no JSON of an exchange';
  const place = { before: valueAt(workspace.rulesFile, ['output']), after: valueAt(file, []) };
  return {
    id: 'VR1',
    level: 'WIRE',
    system: '',
    says,
    advice: 'Record the exchange again, or take the file out.',
    uses: [],
    ...place,
  };
}

function undescribed(
  exchange: RecordedExchange,
  at: SourceRef,
  own: readonly CallUse[],
  { rulesFile }: Workspace,
  side: SystemSide | undefined,
): Variance {
  const name = nameOperation(exchange);
  const file = side?.documents[0]?.file;
  return {
    id: 'VR2',
    level: own.length === 0 ? 'NONE' : 'WIRE',
    system: exchange.system,
    says: `${name} was recorded, and is not described`,
    advice: undefined,
    before: file === undefined ? valueAt(rulesFile, ['systems']) : valueAt(file, ['paths']),
    after: at,
    uses: own.flatMap((use) => callLine({ use })),
  };
}

interface Comparison {
  readonly file: string;
  readonly exchange: RecordedExchange;
  readonly operation: Operation;
  readonly own: readonly CallUse[];
  readonly found: Variance[];
}

/** @returns whether the answer could be compared */
function compareAnswer({ file, exchange, operation, own, found }: Comparison): boolean {
  const response = findResponse(operation, exchange.status);
  const where = `the answer ${exchange.status} of ${nameOperation(operation)}`;
  if (response === undefined) {
    found.push({
      id: 'VR3',
      level: own.length === 0 ? 'NONE' : 'MEANING',
      system: exchange.system,
      says: `${where} was recorded, and is not described`,
      advice: undefined,
      before: operation.origin,
      after: valueAt(file, ['response', 'status']),
      uses: own.flatMap((use) => callLine({ use })),
    });
    return true;
  }
  const { schema } = response;
  if (schema === undefined || exchange.body === undefined) return true;
  const recorded = readRecordedBody(exchange.body);
  if (recorded === undefined) return false;
  const body = recorded.value;
  if (typeof body === 'string' && typesOf(schema).some((type) => type !== 'string')) return false;
  const isAnswer = schema === findAnswer(operation);
  const nodes =
    own.length === 0 ? [undefined] : own.map((use) => (isAnswer ? nodeOf(use.answer) : undefined));
  for (const node of nodes)
    for (const fault of checkValue(body, schema, node))
      found.push(toVariance(fault, where, exchange.system, valueAt(file, recorded.place(fault.path.steps))));
  return true;
}

function findResponse({ responses }: Operation, status: string): Response | undefined {
  const named = (name: string) => responses.find((entry) => entry.status.toUpperCase() === name);
  return named(status) ?? named(`${status[0]}XX`) ?? named('DEFAULT');
}

function toVariance(
  { id, level, path, says, schema, uses }: ValueFault,
  where: string,
  system: string,
  after: SourceRef,
): Variance {
  const subject = path.text === '' ? where : `${where}: ${path.text}`;
  return {
    id,
    level,
    system,
    says: `${subject} ${says}`,
    advice: undefined,
    before: schema.origin,
    after,
    uses,
  };
}
