import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readRate } from '../../read-rate.ts';
import type { AnyFlow } from '../../flow.ts';
import { parseRules } from '../rules-oracle.ts';
import type { DrillsOptions } from './create-drills.ts';
import { drawOutage } from './draw-outage.ts';
import { judgeOutage } from './outage.ts';
import type { Outage, OutageCourse } from './outage.ts';
import type { RecordPaths } from './outage-world.ts';
import { playOutage } from './play-outage.ts';
import { renderOutage } from './render-outage.ts';

const USAGE =
  'Say which system is away, how and for how long: --target ledger down=6h, timeout=30m or 503=2h.\n' +
  'down: connections are refused. timeout: nothing is answered. A status from 400 to 599 is answered at once.\n' +
  'For how long: one whole number with s, m, h or d, up to 7d.\n' +
  'Also: --rate "400 per 1d" (records that change; from the rules where left out), --flow NAME, --svg FILE,\n' +
  'and --json (of mortise drill: --format json).';
const DEFAULT_RATE = '100 per 1d';
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 7 * 86_400_000;
/** So many records are played at most: more would take minutes and show nothing else. */
const MOST_RECORDS = 20_000;

/** `node test/drills/outage.ts --target ledger down=6h`. @returns the exit code: 1 where something was lost, doubled or not told, 2 for wrong usage */
export async function runOutage(
  setups: readonly DrillsOptions[],
  args: readonly string[],
  print: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const asked = readArguments(setups, args);
  if (typeof asked === 'string') {
    print(`${asked}\n`);
    return 2;
  }
  const courses: OutageCourse[] = [];
  for (const setup of asked.setups) {
    const played = await playOne(setup, asked);
    if (typeof played === 'string') {
      print(`${played}\n`);
      return 2;
    }
    if (played.note !== undefined && !asked.json) print(`${played.note}\n`);
    if (!asked.json) print(`${renderOutage(played.course)}\n`);
    courses.push(played.course);
  }
  const problems = courses.flatMap(judgeOutage);
  if (asked.json) print(`${JSON.stringify({ courses, problems }, null, 2)}\n`);
  if (asked.svg !== undefined) writePictures(asked.svg, courses);
  return problems.length === 0 ? 0 : 1;
}

interface Asked {
  readonly setups: readonly DrillsOptions[];
  readonly system: string;
  readonly fault: Outage['fault'];
  readonly lastsMs: number;
  readonly rate: string | undefined;
  readonly json: boolean;
  readonly svg: string | undefined;
}

function readArguments(setups: readonly DrillsOptions[], args: readonly string[]): Asked | string {
  const options = {
    target: { type: 'string' },
    rate: { type: 'string' },
    flow: { type: 'string' },
    json: { type: 'boolean' },
    svg: { type: 'string' },
  } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
  const { values, positionals } = parsed;
  const fault = readFault(positionals);
  if (values.target === undefined || fault === undefined) return USAGE;
  if (fault.lastsMs <= 0 || fault.lastsMs > LONGEST_MS)
    return 'An outage lasts longer than nothing and at most 7d.';
  if (values.rate !== undefined && (readRate(values.rate)?.count ?? 0) === 0)
    return `--rate takes a rate such as "400 per 1d", and "${values.rate}" is none.`;
  const flows = setups.map(({ definition }) => definition.flows[0]?.name ?? '');
  if (values.flow !== undefined && !flows.includes(values.flow))
    return `The service has no flow "${values.flow}". It has ${flows.join(', ')}.`;
  const systems = [
    ...new Set(setups.flatMap(({ definition }) => definition.systems.map(({ name }) => name))),
  ];
  const { target: system } = values;
  if (!systems.includes(system))
    return `The service calls no system "${system}". It calls ${systems.join(', ')}.`;
  const touched = setups.filter(
    ({
      definition: {
        flows: [flow],
        systems: own,
      },
    }) =>
      own.some(({ name }) => name === system) && (values.flow === undefined || flow?.name === values.flow),
  );
  if (touched.length === 0) return `The flow ${values.flow} does not call ${system}.`;
  const { rate, json = false, svg } = values;
  if (svg !== undefined && !existsSync(dirname(resolve(svg))))
    return `There is no folder ${dirname(svg)} for --svg ${svg}.`;
  return { setups: touched, system, ...fault, rate, json, svg };
}

/** `down=6h`, `503=2h` */
function readFault(positionals: readonly string[]): Pick<Asked, 'fault' | 'lastsMs'> | undefined {
  const [text = '', ...others] = positionals;
  const match = /^(down|timeout|[45]\d\d)=(\d+)([smhd])$/.exec(text);
  if (match === null || others.length > 0) return undefined;
  const [, name = '', count, unit = 's'] = match;
  const fault = name === 'down' || name === 'timeout' ? name : Number(name);
  return { fault, lastsMs: Number(count) * (UNITS[unit] ?? 0) };
}

interface FlowText {
  readonly from: {
    readonly key: string;
    readonly version: string;
    readonly volume?: string;
    readonly changes?: { readonly field?: string };
  };
  readonly to: readonly { readonly name: string; readonly id?: string; readonly batch?: unknown }[];
}

async function playOne(
  { definition, world, rules }: DrillsOptions,
  { system, fault, lastsMs, rate }: Asked,
): Promise<{ readonly course: OutageCourse; readonly note: string | undefined } | string> {
  const [flow] = definition.flows as readonly [AnyFlow];
  const { flows } = parseRules(rules) as { readonly flows: Readonly<Record<string, FlowText>> };
  const text = flows[flow.name];
  if (text === undefined) return `The rules in test/rules.yaml have no flow ${flow.name}.`;
  if (text.to.some(({ batch }) => batch !== undefined))
    return `The flow ${flow.name} writes several records in one call, and what such a call is answered cannot be made up yet: its outages cannot be played.`;
  const chosen = rate ?? text.from.volume ?? DEFAULT_RATE;
  const { count, perMs } = readRate(chosen) ?? { count: 1, perMs: 3_600_000 };
  const everyMs = Math.max(1, Math.round(perMs / count));
  if (lastsMs < everyMs)
    return `At "${chosen}" not one record changes within the outage, so it would show nothing. Give a longer outage or a higher --rate.`;
  if (lastsMs / everyMs > MOST_RECORDS)
    return `${Math.round(lastsMs / everyMs)} records would change in that time; at most ${MOST_RECORDS} are played. Give a shorter outage or a lower --rate.`;
  const note =
    rate === undefined && text.from.volume === undefined
      ? `The rules say no volume of ${flow.name}: ${DEFAULT_RATE} is taken. Say another one with --rate, or in from.volume.`
      : undefined;
  try {
    const course = await playOutage(
      { definition, world, paths: readPaths(text) },
      { system, fault, lastsMs, everyMs },
    );
    return { course, note };
  } catch (error) {
    return (error as Error).message;
  }
}

function readPaths({ from, to }: FlowText): RecordPaths {
  const split = (path: string): string[] => path.split(/[.[\]]+/).filter((name) => name !== '');
  return {
    key: split(from.key),
    version: split(from.version),
    changes: from.changes?.field === undefined ? undefined : split(from.changes.field),
    ids: Object.fromEntries(to.flatMap(({ name, id }) => (id === undefined ? [] : [[name, split(id)]]))),
  };
}

/** One picture a flow: `outage.svg`, `outage-orders.svg`. */
function writePictures(file: string, courses: readonly OutageCourse[]): void {
  for (const [index, course] of courses.entries()) {
    const name = index === 0 ? file : file.replace(/(\.svg)?$/i, `-${course.flow}.svg`);
    writeFileSync(name, drawOutage(course));
  }
}
