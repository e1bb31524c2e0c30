import { hashBytes } from './recording.ts';
import type { RecordedSlice } from './recording.ts';

/** What an integration uses of the descriptions, call by call: generated beside the contract tests. */
export interface FlowSlice {
  readonly flow: string;
  readonly calls: readonly CallSlice[];
}

export interface CallSlice {
  /** As in a recording. */
  readonly role: string;
  readonly name?: string;
  readonly system: string;
  readonly operation: { readonly method: string; readonly path: string };
  /** Where the item stands in the body of a write. */
  readonly item?: string;
  /** Where the list of records stands in the answer; absent where the answer is the list, or holds none. */
  readonly records?: string;
  /** The answer is the one object that is looked up. */
  readonly isObject?: boolean;
  /** `200`, `4XX` or `default`: what the description says of its answers. */
  readonly statuses: readonly string[];
  /** Media types of the answers that mean success. */
  readonly answers: readonly string[];
  /** The fields of the answer that are used, and what holds them, by path; elements of a list are `[]`. */
  readonly answer: Readonly<Record<string, FieldFacts>>;
  /** Texts that the rules send as they stand. */
  readonly constants: readonly string[];
  readonly parameters: readonly ParameterFacts[];
  /** The media type of the body, where one is sent. */
  readonly bodyType?: string;
  /** Everything that may be sent, by path. */
  readonly body: Readonly<Record<string, FieldFacts>>;
}

export interface ParameterFacts {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  /** Its members may be parameters of their own. */
  readonly isObject?: boolean;
}

/** What the description and the facts say of a field. */
export interface FieldFacts {
  /** JSON Schema's; any where there are none. */
  readonly types: readonly string[];
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly readOnly?: boolean;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Values that the rules ask for by name: they say nothing of a person. */
  readonly known?: readonly string[];
  /** What the integration takes it for. */
  readonly use?: string;
  /** It is read of each element of a list: a bad one concerns what is made of that element. */
  readonly inList?: boolean;
  /** It may hold members that are not described. */
  readonly open?: boolean;
}

/** The call of a flow to which a recording belongs. */
export function findCall(
  { calls }: FlowSlice,
  { role, name }: { readonly role: string; readonly name?: string | undefined },
): CallSlice | undefined {
  return calls.find(
    (call) => call.role === role && (role === 'read' || call.name === name || name === undefined),
  );
}

/** What a recording remembers of the description. */
export function summarizeSlice(call: CallSlice): RecordedSlice {
  const fields = Object.entries(call.answer).map(([path, facts]) => [path, describeFacts(facts)] as const);
  return { sha256: hashBytes(JSON.stringify(call)), fields: Object.fromEntries(fields) };
}

/** In few words: `string?, nullable, date-time`. */
function describeFacts(facts: FieldFacts): string {
  const type = facts.types.length === 0 ? 'any' : facts.types.join(' | ');
  return [
    `${type}${facts.required === true ? '' : '?'}`,
    facts.nullable === true ? 'nullable' : '',
    facts.format ?? '',
    facts.enum === undefined ? '' : `one of ${facts.enum.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** What is no longer as it was when it was recorded; empty where all of it is. */
export function listSliceChanges(before: RecordedSlice, call: CallSlice): string[] {
  const now = summarizeSlice(call);
  if (now.sha256 === before.sha256) return [];
  const paths = [...new Set([...Object.keys(before.fields), ...Object.keys(now.fields)])];
  const changes = paths
    .filter((path) => before.fields[path] !== now.fields[path])
    .map(
      (path) =>
        `${path} was ${before.fields[path] ?? 'not used'} when it was recorded, and is ${now.fields[path] ?? 'not used'} now`,
    );
  return changes.length > 0 ? changes : ['what is sent, or its statuses, are described otherwise now'];
}
