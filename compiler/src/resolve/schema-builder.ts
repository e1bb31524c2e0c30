import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Schema } from '../model/api-model.ts';
import type { JsonObject } from '../model/workspace.ts';
import { blankSchema, fillSchema, unknownSchema } from './fill-schema.ts';
import type { MutableSchema } from './fill-schema.ts';
import { explainReference, followReference } from './follow-reference.ts';
import type { SpecFiles, SpecNode } from './follow-reference.ts';

export interface SchemaBuilder {
  build(node: SpecNode): Schema;
  /** Follows `$ref` as often as it takes; undefined (and a finding) where it leads nowhere. */
  follow(node: SpecNode): SpecNode | undefined;
  /** The same without a finding, for what the rules may never reach. */
  peek(node: SpecNode): SpecNode | undefined;
  readonly found: readonly Diagnostic[];
}

/** Corrects a named schema as soon as it is complete: facts. */
export type SchemaHook = (name: string, schema: MutableSchema) => void;

function createFollower(
  files: SpecFiles,
  found: Map<string, Diagnostic>,
): Pick<SchemaBuilder, 'peek' | 'follow'> {
  return {
    peek(node) {
      const led = followReference(files, node);
      return 'end' in led ? led.end : undefined;
    },
    follow(node) {
      const led = followReference(files, node);
      if ('end' in led) return led.end;
      const { file, path } = led.broken;
      found.set([file, ...path].join('\0'), explainReference(files, led.broken, led.ref));
      return undefined;
    },
  };
}

/** Builds schemas on demand, each node once, so that circular references end and unreached parts cost nothing. */
export function createSchemaBuilder(files: SpecFiles, correct: SchemaHook): SchemaBuilder {
  const built = new Map<JsonObject, MutableSchema>();
  const found = new Map<string, Diagnostic>();
  /** What a schema takes from others waits until those are filled: in a circle they are half-built when they are met. */
  const pending = new Map<Schema, () => void>();
  let depth = 0;

  const { peek, follow } = createFollower(files, found);
  const finish = (schema: Schema): void => {
    const run = pending.get(schema);
    pending.delete(schema);
    run?.();
  };
  const build = (given: SpecNode): Schema => {
    const node = follow(given);
    if (node === undefined) return unknownSchema(given);
    const known = built.get(node.value);
    if (known !== undefined) return known;
    const schema = blankSchema(node);
    built.set(node.value, schema);
    depth += 1;
    const complete = fillSchema(schema, node, {
      build,
      finish,
      defer: (waiting, run) => void pending.set(waiting, run),
    });
    depth -= 1;
    pending.set(schema, () => {
      complete();
      if (schema.name !== undefined) correct(schema.name, schema);
    });
    if (depth === 0) for (const waiting of pending.keys()) finish(waiting);
    return schema;
  };
  return {
    build,
    follow,
    peek,
    get found() {
      return [...found.values()];
    },
  };
}
