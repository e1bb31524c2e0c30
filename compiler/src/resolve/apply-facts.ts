import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Schema } from '../model/api-model.ts';
import type { FactModel } from '../model/integration-model.ts';
import type { FactInput, SystemInput } from '../model/rules-input.ts';
import type { SpecDocument } from '../model/workspace.ts';
import { childOf, valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { MutableSchema } from './fill-schema.ts';
import { isFileNamed, listDefinitions, listSchemas, parseFactTarget } from './find-fact-target.ts';
import type { FactTarget } from './find-fact-target.ts';
import type { SchemaHook } from './schema-builder.ts';

export interface Facts {
  readonly hook: SchemaHook;
  /** Findings, once every schema that the rules reach is built. */
  report(): Diagnostic[];
  readonly list: readonly FactModel[];
}

const FIELD_TYPES: ReadonlyMap<string, Partial<MutableSchema>> = new Map(
  Object.entries<Partial<MutableSchema>>({
    text: { types: ['string'] },
    instant: { types: ['string'], meaning: 'instant', format: 'date-time' },
    date: { types: ['string'], meaning: 'date', format: 'date' },
    decimal: { types: ['string'], meaning: 'decimal' },
    integer: { types: ['integer'] },
    number: { types: ['number'] },
    boolean: { types: ['boolean'] },
  }),
);

interface PlacedFact {
  readonly fact: FactInput;
  readonly at: SourceRef;
  readonly target: FactTarget;
}

/** Corrections of a description that are true and not in it; applied to each named schema as it is built. */
export function createFacts(
  rulesFile: string,
  name: string,
  system: SystemInput,
  documents: readonly SpecDocument[],
): Facts {
  const known = [...new Set(documents.flatMap((document) => Object.keys(listSchemas(document))))];
  const facts = (system.facts ?? []).map((fact, index): PlacedFact => ({
    fact,
    at: valueAt(rulesFile, ['systems', name, 'facts', index]),
    target: parseFactTarget(fact.schema ?? '', known),
  }));
  const found: Diagnostic[] = [];
  const used = new Set<FactInput>();
  return {
    list: facts.map(({ fact, at }) => describeFact(fact, at)),
    hook(schemaName, schema) {
      for (const { fact, at, target } of facts) {
        if (
          fact.schema === undefined ||
          target.name !== schemaName ||
          !isFileNamed(schema.origin.file, target.file)
        )
          continue;
        used.add(fact);
        applyFact(schema, target.below, fact, at, found);
      }
    },
    report() {
      const broken = facts.flatMap((placed) =>
        findBrokenTarget(placed, known, documents).map((diagnostic) => ({ placed, diagnostic })),
      );
      const idle = facts.filter(
        (placed) =>
          placed.fact.schema !== undefined &&
          !used.has(placed.fact) &&
          !broken.some((entry) => entry.placed === placed),
      );
      return [
        ...found,
        ...broken.map((entry) => entry.diagnostic),
        ...idle.map(({ fact, at }) =>
          createDiagnostic('unused-fact', { target: fact.schema ?? '' }, childOf(at, 'schema')),
        ),
      ];
    },
  };
}

function findBrokenTarget(
  { fact, at, target }: PlacedFact,
  known: readonly string[],
  documents: readonly SpecDocument[],
): Diagnostic[] {
  if (fact.schema === undefined) {
    return fact.call === undefined
      ? [
          createDiagnostic(
            'invalid-value',
            { problem: 'A fact names what it is about: a schema or a call.' },
            at,
          ),
        ]
      : findSchemaFact(fact, at);
  }
  const fitting = documents.filter((document) => isFileNamed(document.file, target.file));
  const definitions = listDefinitions(fitting, target.name);
  const [first] = definitions;
  if (first === undefined) {
    return [
      createDiagnostic(
        'fact-no-match',
        {
          target: target.file === undefined ? target.name : fact.schema,
          near: didYouMean(target.name, known),
        },
        childOf(at, 'schema'),
      ),
    ];
  }
  if (definitions.length < 2) return [];
  const related = definitions.map((document) => ({
    at: valueAt(document.file, ['components', 'schemas', target.name]),
    message: 'one of them',
  }));
  const fix = `schema: ${first.file.slice(first.file.lastIndexOf('/') + 1)}#${fact.schema}`;
  return [
    createDiagnostic('schema-conflict', { name: target.name }, childOf(at, 'schema'), { related, fix }),
  ];
}

/** What a call requires or replaces is said of the call; what a field is, of the schema that has it. */
function findSchemaFact(fact: FactInput, at: SourceRef): Diagnostic[] {
  return (['optional', 'nullable', 'fields'] as const)
    .filter((key) => fact[key] !== undefined)
    .map((key) => {
      const problem = `"${key}" is said of a schema. Name the one that has the fields, as "schema:"; where the description gives it no name, an overlay says it.`;
      return createDiagnostic('invalid-value', { problem }, childOf(at, key));
    });
}

function describeFact(fact: FactInput, at: SourceRef): FactModel {
  const said = [
    fact.optional && `optional: ${fact.optional.join(', ')}`,
    fact.required && `required: ${fact.required.join(', ') || 'nothing'}`,
    fact.nullable && `may be null: ${fact.nullable.join(', ')}`,
    fact.fields &&
      `fields: ${Object.entries(fact.fields)
        .map(([name, type]) => `${name} (${type})`)
        .join(', ')}`,
    fact.status && `nothing was applied after ${Object.keys(fact.status).join(', ')}`,
    fact.replaces !== undefined &&
      (fact.replaces ? 'replaces the whole object' : 'leaves fields that are not sent as they are'),
  ];
  return {
    origin: at,
    target: fact.schema ?? fact.call ?? '',
    says: said.filter(Boolean).join('; '),
    because: fact.because,
  };
}

function applyFact(
  root: MutableSchema,
  below: readonly string[],
  fact: FactInput,
  at: SourceRef,
  found: Diagnostic[],
): void {
  const schema = descend(root, below);
  if (schema === undefined) {
    found.push(
      createDiagnostic('fact-no-match', { target: fact.schema ?? '', near: '' }, childOf(at, 'schema')),
    );
    return;
  }
  const change = (names: readonly string[] | undefined, key: string, edit: (name: string) => void): void => {
    names?.forEach((name, index) => {
      if (schema.properties.has(name)) return edit(name);
      const near = didYouMean(name, schema.properties.keys());
      found.push(createDiagnostic('fact-no-match', { target: name, near }, childOf(at, key, index)));
    });
  };
  const put = (name: string, required: boolean | undefined, nullable: boolean | undefined): void => {
    const held = schema.properties.get(name);
    if (held === undefined) return;
    const next: Schema = nullable === undefined ? held.schema : { ...held.schema, nullable };
    schema.properties.set(name, { schema: next, required: required ?? held.required });
  };
  change(fact.optional, 'optional', (name) => put(name, false, undefined));
  change(fact.required, 'required', (name) => put(name, true, undefined));
  change(fact.nullable, 'nullable', (name) => put(name, undefined, true));
  for (const [name, type] of Object.entries(fact.fields ?? {}))
    addField(schema, name, type, childOf(at, 'fields', name), found);
}

function addField(
  schema: MutableSchema,
  name: string,
  type: string,
  at: SourceRef,
  found: Diagnostic[],
): void {
  const optional = type.endsWith('?');
  const shape = FIELD_TYPES.get(optional ? type.slice(0, -1) : type);
  if (shape === undefined) {
    const types = [...FIELD_TYPES.keys()].join(', ');
    found.push(
      createDiagnostic(
        'invalid-value',
        {
          problem: `"${type}" is no type of a fact. Types are ${types}, each with "?" where it may be missing.`,
        },
        at,
      ),
    );
    return;
  }
  const base = schema.properties.get(name)?.schema ?? schema.additional;
  if (base === undefined) {
    found.push(
      createDiagnostic(
        'fact-no-match',
        { target: name, near: didYouMean(name, schema.properties.keys()) },
        at,
      ),
    );
    return;
  }
  schema.properties.set(name, { schema: { ...base, ...shape, nullable: optional }, required: !optional });
}

function descend(root: MutableSchema, below: readonly string[]): MutableSchema | undefined {
  let schema: MutableSchema | undefined = root;
  for (const name of below) schema = schema?.properties.get(name)?.schema as MutableSchema | undefined;
  return schema;
}
