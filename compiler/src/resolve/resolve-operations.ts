import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Operation, Response } from '../model/api-model.ts';
import type { JsonObject, SpecDocument } from '../model/workspace.ts';
import { valueAt } from '../source/source-ref.ts';
import type { SourceRef } from '../source/source-ref.ts';
import { buildContent } from './build-content.ts';
import { buildParameters } from './build-parameters.ts';
import { child, unknownSchema } from './fill-schema.ts';
import { isObject } from './follow-reference.ts';
import type { SpecNode } from './follow-reference.ts';
import { listSecurity } from './list-security.ts';
import type { SchemaBuilder } from './schema-builder.ts';

/** 3.2 adds `query` (and, under `additionalOperations`, any other). */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

interface Candidate {
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
  readonly item: SpecNode;
  readonly node: SpecNode;
  /** The description that the operation stands in. */
  readonly root: JsonObject;
}

export interface OperationFinder {
  /** The operation called `name` (an operationId, or `METHOD /path`), or undefined with a finding at `at`. */
  find(name: string, at: SourceRef): Operation | undefined;
  /** The same without a finding. */
  peek(name: string): Operation | undefined;
  /** Every operation, as `METHOD /path`, and its operationId where it has one. */
  readonly names: readonly { readonly name: string; readonly id: string | undefined }[];
  readonly found: readonly Diagnostic[];
}

/** Knows every operation of a system by name, and builds those that are asked for. */
export function createOperationFinder(
  system: string,
  documents: readonly SpecDocument[],
  schemas: SchemaBuilder,
): OperationFinder {
  const items = documents.flatMap(listPathItems);
  const roots = new Map(documents.map(({ file, value }) => [file, value]));
  const candidates = items.flatMap((item) => listCandidates(item, roots.get(item.file) ?? {}, schemas));
  const built = new Map<Candidate, Operation>();
  const found: Diagnostic[] = [];
  const listFitting = (name: string): Candidate[] =>
    candidates.filter((candidate) => candidate.id === name || nameOf(candidate) === normaliseName(name));
  const build = (candidate: Candidate): Operation => {
    const operation = built.get(candidate) ?? buildOperation(system, candidate, schemas);
    built.set(candidate, operation);
    return operation;
  };
  return {
    found,
    peek(name) {
      const [only, ...more] = listFitting(name);
      return only === undefined || more.length > 0 ? undefined : build(only);
    },
    names: candidates.map((candidate) => ({ name: nameOf(candidate), id: candidate.id })),
    find(name, at) {
      const wanted = normaliseName(name);
      const fitting = listFitting(name);
      const [only] = fitting;
      if (only === undefined) {
        // Where the path itself is a broken reference, that is the cause.
        const broken = items.filter(
          (item) => wanted.endsWith(` ${item.path[1]}`) && schemas.peek(item) === undefined,
        );
        if (broken.length > 0) {
          for (const item of broken) schemas.follow(item);
          return undefined;
        }
        const near = didYouMean(
          name,
          candidates.flatMap((candidate) => [nameOf(candidate), candidate.id ?? '']),
        );
        found.push(createDiagnostic('unknown-operation', { name, system, near }, at));
        return undefined;
      }
      if (fitting.length > 1) {
        const related = fitting.map((candidate) => ({
          at: valueAt(candidate.node.file, candidate.node.path),
          message: 'one of them',
        }));
        found.push(createDiagnostic('ambiguous-operation', { name, count: fitting.length }, at, { related }));
        return undefined;
      }
      return build(only);
    },
  };
}

function nameOf(candidate: Candidate): string {
  return `${candidate.method} ${candidate.path}`;
}

function normaliseName(name: string): string {
  const [method = '', ...path] = name.trim().split(/\s+/);
  return `${method.toUpperCase()} ${path.join(' ')}`;
}

function listPathItems(document: SpecDocument): SpecNode[] {
  const paths = document.value['paths'];
  if (!isObject(paths)) return [];
  return Object.entries(paths).flatMap(([path, value]) =>
    isObject(value) ? [{ file: document.file, path: ['paths', path], value }] : [],
  );
}

function listCandidates(given: SpecNode, root: JsonObject, schemas: SchemaBuilder): Candidate[] {
  const item = schemas.peek(given);
  const path = String(given.path[1]);
  if (item === undefined) return [];
  const additional = item.value['additionalOperations'];
  const holders: SpecNode[] = [
    item,
    ...(isObject(additional) ? [child(item, additional, 'additionalOperations')] : []),
  ];
  return holders.flatMap((holder, index) =>
    (index === 0 ? METHODS : Object.keys(holder.value)).flatMap((method) => {
      const operation = holder.value[method];
      if (!isObject(operation)) return [];
      const id = typeof operation['operationId'] === 'string' ? operation['operationId'] : undefined;
      const node = child(holder, operation, method);
      return [{ method: method.toUpperCase(), path, id, item, node, root }];
    }),
  );
}

function buildOperation(system: string, candidate: Candidate, schemas: SchemaBuilder): Operation {
  const { node, item } = candidate;
  return {
    origin: valueAt(node.file, node.path),
    system,
    id: candidate.id,
    method: candidate.method,
    path: candidate.path,
    parameters: buildParameters(item, node, schemas),
    body: buildBody(node, schemas),
    responses: buildResponses(node, schemas),
    security: listSecurity(node.value, candidate.root),
  };
}

function buildBody(operation: SpecNode, schemas: SchemaBuilder): Operation['body'] {
  const given = operation.value['requestBody'];
  if (!isObject(given)) return undefined;
  const place = child(operation, given, 'requestBody');
  const node = schemas.follow(place);
  if (node === undefined)
    return {
      mediaType: 'application/json',
      schema: unknownSchema(place),
      required: false,
      encoding: new Map(),
    };
  const content = buildContent(node, schemas);
  if (content === undefined) return undefined;
  // Of what is sent line by line, a mapping makes one line.
  const { schema, format } = content;
  const lines = (format === 'csv' || format === 'ndjson') && schema.items !== undefined;
  return {
    mediaType: content.mediaType,
    schema: lines ? (schema.items ?? schema) : schema,
    required: node.value['required'] === true,
    encoding: content.encoding,
  };
}

function buildResponses(operation: SpecNode, schemas: SchemaBuilder): Response[] {
  const given = operation.value['responses'];
  if (!isObject(given)) return [];
  return Object.entries(given).flatMap(([status, value]) => {
    if (!isObject(value)) return [];
    const place = child(operation, value, 'responses', status);
    const node = schemas.follow(place);
    if (node === undefined) {
      return [
        {
          status,
          mediaType: 'application/json',
          schema: unknownSchema(place),
          origin: valueAt(place.file, place.path),
        },
      ];
    }
    const content = buildContent(node, schemas);
    return [
      {
        status,
        mediaType: content?.mediaType,
        schema: content?.schema,
        origin: valueAt(node.file, node.path),
      },
    ];
  });
}
