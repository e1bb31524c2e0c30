import { readFileSync } from 'node:fs';
import type { ServiceDefinition } from '../../engine/create-service.ts';
import type { AnyFlow } from '../../flow.ts';
import { createRulesOracle } from '../rules-oracle.ts';
import { createCallOracle } from './call-oracle.ts';
import { compareCourse } from './compare-course.ts';
import { compareFound } from './compare-found.ts';
import { compareLater } from './compare-later.ts';
import { compareReading } from './compare-reading.ts';
import { compareSettings } from './compare-settings.ts';
import { compareRecord, gravest } from './compare-record.ts';
import { listFound, listIds } from './list-known.ts';
import type { DrillRow, DrillWorldFile } from './drill.ts';
import { expectCourse } from './expect-course.ts';
import { playDrill } from './play-drill.ts';

/** Plays the rows of an answer book against a generated service. */
export interface Drills {
  /** What the service did otherwise than the rules say, in words; empty where it did as it must. */
  play(row: DrillRow): Promise<readonly string[]>;
}

export interface DrillsOptions {
  /** The service with the one flow that is drilled. */
  readonly definition: ServiceDefinition;
  /** Text of the rules: what is expected is worked out from it, and from nothing that the compiler has planned. */
  readonly rules: string;
  readonly world: DrillWorldFile;
  /** What the descriptions say of the fields of each target, by its name; of an update, by `<name> update`. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The settings as expressions name them. */
  readonly config?: unknown;
  /** The hand-written functions, by the names by which expressions call them. */
  readonly custom?: Readonly<Record<string, unknown>>;
  /** The settings by their names in the environment, as the definition was made with them. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export function createDrills(options: DrillsOptions): Drills {
  const { definition, rules, world, fields, config, custom, settings = {} } = options;
  const oracle = createCallOracle(rules, world);
  const [flow] = definition.flows as readonly [AnyFlow];
  return {
    async play(row) {
      const { given, expect } = row;
      const isField = given.answer === undefined && given.situation === undefined;
      // What is kept is said elsewhere; here the record is one that reaches its mapping.
      const played = isField ? { ...definition, flows: [{ ...flow, keep: [] }] } : definition;
      const course = await playDrill({ definition: played, world }, row);
      if (isField) {
        const name = given.call === 'update' ? `${given.name} update` : (given.name ?? '');
        const judge = {
          oracle,
          flow,
          config,
          custom,
          fields: createRulesOracle(rules, fields[name] ?? {}),
          found: listFound(flow, world.exchanges),
          ids: listIds(flow, world.exchanges),
          updates: world.updates ?? {},
        };
        return compareRecord(course, row, judge);
      }
      if (given.situation === 'asks')
        return [
          ...compareReading(course, given, { oracle, config, settings, record: findRecord(world, flow) }),
          ...compareSettings(definition, rules, findRecord(world, flow)),
        ];
      if (given.call === undefined) return compareLater(course, row, oracle);
      const { action } = oracle.decide(given);
      const expected = expectCourse(
        oracle,
        row,
        given.call === 'find' ? stopWithout(options, row) : undefined,
      );
      const untold = expected.told.filter((one) => !one.endsWith(': stale') && !expect.told.includes(one));
      return [
        ...(action === expect.action
          ? []
          : [`the answer book says ${expect.action}, the rules say ${action}`]),
        ...untold.map((one) => `the answer book does not say that ${one} is told`),
        ...compareCourse(course, expected, {
          mayBeCalled: isShared(flow, given),
          wasDelivered: given.before !== undefined,
        }),
        ...(given.situation === 'there' || given.situation === 'another'
          ? compareFound(course, given, oracle)
          : []),
      ];
    },
  };
}

/** How the mapping stops a record without what a look-up should have found, by the first target that does not take it. */
function stopWithout(
  { definition, rules, world, fields, config, custom }: DrillsOptions,
  { given }: DrillRow,
): string | undefined {
  const [flow] = definition.flows as readonly [AnyFlow];
  const find = flow.find?.find(({ name }) => name === given.name);
  if (find === undefined) return undefined;
  const nothing = { [find.name]: find.take === 'all' ? [] : undefined };
  const sample = {
    source: findRecord(world, flow),
    found: { ...listFound(flow, world.exchanges), ...nothing },
    ids: listIds(flow, world.exchanges),
  };
  const options = { config, ...(custom === undefined ? {} : { custom }) };
  return flow.targets
    .map(({ name, mode }) =>
      gravest(
        createRulesOracle(rules, fields[name] ?? {}).map(flow.name, name, sample, {
          ...options,
          ...(mode === 'create' ? { on: 'create' as const } : {}),
        }),
      ),
    )
    .find((stop) => stop !== undefined);
}

/** Whether other calls of the flow go to the system that a failure strikes; here only the one call fails. */
function isShared({ read, find = [], targets }: AnyFlow, { call, name }: DrillRow['given']): boolean {
  const calls = [
    { system: read.system, is: call === 'read' },
    ...find.map((entry) => ({ system: entry.system, is: call === 'find' && entry.name === name })),
    ...targets.map((entry) => ({ system: entry.system, is: call !== 'find' && entry.name === name })),
    // What is looked up before a write goes to its system, too.
    ...targets.flatMap(({ system, lookUp }) => (lookUp === undefined ? [] : [{ system, is: false }])),
  ];
  const struck = calls.find(({ is }) => is)?.system;
  return calls.filter(({ system }) => system === struck).length > 1;
}

function findRecord({ exchanges }: DrillWorldFile, flow: AnyFlow): unknown {
  const read = exchanges.find(({ role }) => role === 'read');
  return flow.read.records(read?.response.body)?.[0] as unknown;
}

export function readDrills(url: URL): readonly DrillRow[] {
  return JSON.parse(readFileSync(url, 'utf8')) as readonly DrillRow[];
}

export function readDrillWorld(url: URL): DrillWorldFile {
  return JSON.parse(readFileSync(url, 'utf8')) as DrillWorldFile;
}
