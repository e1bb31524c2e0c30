import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { drill } from '../compiler/src/cli/commands/drill.ts';
import { createNodeHost } from '../compiler/src/source/node-host.ts';
import { setup } from '../generated/crm-to-ledger/test/drills/customers-setup.ts';
import { drawOutage } from '../runtime/src/testing/drills/draw-outage.ts';
import { judgeOutage } from '../runtime/src/testing/drills/outage.ts';
import type { OutageCourse } from '../runtime/src/testing/drills/outage.ts';
import type { DrillsOptions } from '../runtime/src/testing/drills/create-drills.ts';
import { runOutage } from '../runtime/src/testing/drills/run-outage.ts';
import { ROOT } from './run-process.ts';
import { createSampleProject, OUTPUT, RULES } from './sample-project.ts';

const HOUR = 3_600_000;

async function play(args: readonly string[], options: DrillsOptions = setup) {
  let text = '';
  const code = await runOutage([options], args, (part) => (text += part));
  return { code, text };
}

async function course(args: readonly string[], options: DrillsOptions = setup) {
  const { code, text } = await play([...args, '--json'], options);
  const { courses, problems } = JSON.parse(text) as {
    readonly courses: readonly [OutageCourse];
    readonly problems: readonly string[];
  };
  return { code, problems, course: courses[0] };
}

const LEDGER_AWAY = ['--target', 'ledger', 'down=6h'];

test('a ledger that is away for six hours costs no record, few calls, and people are told when it goes and when it is back', async () => {
  const { code, problems, course: seen } = await course(LEDGER_AWAY);

  expect([code, problems]).toEqual([0, []]);
  expect(seen).toMatchObject({ lost: 0, doubled: 0, waiting: 0, personNeeded: false });
  // 400 a day, in an hour before, six hours and what comes after.
  expect(seen.changed).toBeGreaterThan(110);
  expect(Object.keys(seen.states).filter((state) => (seen.states[state] ?? 0) > 0)).toEqual(['delivered']);
  expect(seen.probes).toBeLessThan(120);
  const pauses = seen.alerts.filter(({ kind }) => kind === 'pause');
  expect(pauses.map(({ phase, channel, subject }) => [phase, channel, subject])).toEqual([
    ['new', 'ops', 'ledger'],
    ['recovered', 'ops', 'ledger'],
  ]);
  expect(pauses[0]?.atMs).toBeGreaterThan(HOUR);
  expect(pauses[0]?.atMs).toBeLessThan(1.2 * HOUR);
  expect(pauses[1]?.atMs).toBeGreaterThan(6 * HOUR);
  // As docs/outages.md says: the next try within 5 min, the flow's interval of 5 min, and 101 s of catching up.
  expect(seen.caughtUpMs).toBeLessThan((5 + 5) * 60_000 + 101_000);
  const most = Math.max(...seen.samples.map(({ backlog }) => backlog));
  expect(most).toBeGreaterThan(95);
  expect(seen.samples.at(-1)?.backlog).toBeLessThan(3);
  expect(Math.max(...seen.samples.map(({ oldestMs }) => oldestMs))).toBeGreaterThan(6 * HOUR);
});

test.for(['down=2h', 'timeout=2h', '503=2h', '401=2h'])(
  'a source of which %s is true costs no record',
  async (fault) => {
    const { code, problems, course: seen } = await course(['--target', 'crm', fault]);

    expect([code, problems]).toEqual([0, []]);
    expect(seen.states['delivered']).toBeGreaterThan(40);
    expect(seen.personNeeded).toBe(fault.startsWith('401'));
  },
);

test('what the ledger refuses meanwhile waits for a person, and is no record that waits for the ledger', async () => {
  const { code, problems, course: seen } = await course(['--target', 'ledger', '404=1h']);

  expect([code, problems]).toEqual([0, []]);
  expect(seen.states['review']).toBe(1);
  expect(seen.caughtUpMs).toBeLessThan(10 * 60_000);
});

test('a service that tells nobody does not pass', async () => {
  const { alerts: _, ...definition } = setup.definition;

  expect(await course(LEDGER_AWAY, { ...setup, definition })).toMatchObject({
    code: 1,
    problems: ['nobody was told: the rules need a line of alerts.send for pause, auth or halt'],
  });
});

type Flow = DrillsOptions['definition']['flows'][number];

/** The flow of the sample, wrong in one thing. */
async function playWrong(change: (flow: Flow) => Flow) {
  const flows = setup.definition.flows.map(change);
  return course(['--target', 'ledger', 'down=2h'], {
    ...setup,
    definition: { ...setup.definition, flows },
  });
}

test('a service that loses some records does not pass', async () => {
  const { code, problems } = await playWrong((flow) => {
    const keep = (record: unknown): boolean => !String(flow.read.key(record)).endsWith('7');
    const records = (body: unknown) => flow.read.records(body)?.filter(keep);
    return { ...flow, read: { ...flow.read, records } };
  });

  expect(code).toBe(1);
  expect(problems.join()).toMatch(/are lost.*still wait/);
});

test('a service that takes what it has read again for a change does not pass', async () => {
  let count = 0;
  const { code, problems } = await playWrong((flow) => {
    const [first, ...others] = flow.targets;
    const request: typeof first.request = (item, source, scope) => {
      const sent = first.request(item, source, scope);
      return { ...sent, body: { ...(sent.body as object), note: (count += 1) } };
    };
    const version = (): string => `v${(count += 1)}`;
    return { ...flow, read: { ...flow.read, version }, targets: [{ ...first, request }, ...others] };
  });

  expect(code).toBe(1);
  expect(problems.join()).toMatch(/writes reached the target twice/);
});

const COURSE: OutageCourse = {
  flow: 'f',
  outage: { system: 's', fault: 'down', lastsMs: HOUR / 2, everyMs: 60_000 },
  samples: [{ atMs: 0, backlog: 1, oldestMs: 0, calls: 1 }],
  alerts: [],
  changed: 1,
  states: { delivered: 1 },
  probes: 1,
  doubled: 0,
  waiting: 0,
  lost: 0,
  caughtUpMs: 1,
  followedMs: 86_400_000,
  personNeeded: false,
};

test.for<[string, Partial<OutageCourse>, string]>([
  ['lost', { lost: 2 }, '2 records are in no state: they are lost'],
  ['doubled', { doubled: 1 }, '1 writes reached the target twice'],
  ['dead', { states: { dead: 3 } }, '3 records became dead letters'],
  ['left', { caughtUpMs: undefined, waiting: 4 }, '4 records still wait 24 h after the system came back'],
])('what is %s is said', ([, change, words]) => {
  expect(judgeOutage(COURSE)).toEqual([]);
  expect(judgeOutage({ ...COURSE, ...change })).toEqual([words]);
});

test.for([
  [[], 'Say which system is away'],
  [['--target', 'ledger'], 'Say which system is away'],
  [['--target', 'ledger', 'down=6'], 'Say which system is away'],
  [['--target', 'ledger', 'down=30d'], 'at most 7d'],
  [['--target', 'ledgr', 'down=1h'], 'The service calls no system "ledgr". It calls crm, ledger.'],
  [['--target', 'ledger', 'down=1h', '--flow', 'x'], 'no flow "x". It has customers.'],
  [['--target', 'ledger', 'down=1h', '--rate', 'many'], '"many" is none'],
  [['--target', 'ledger', 'down=7d', '--rate', '9 per 1s'], 'Give a shorter outage or a lower --rate.'],
  [['--colour'], "Unknown option '--colour'"],
] as const)('%j is answered with a way out', async ([args, words]) => {
  expect(await play(args)).toEqual({ code: 2, text: expect.stringContaining(words) });
});

test('the picture is well-formed whatever the systems are called, and names nothing outside', () => {
  const hostile = `<script>alert("1")</script>&'\u0000]]>`;
  const svg = drawOutage({
    ...COURSE,
    flow: hostile,
    outage: { ...COURSE.outage, system: hostile },
    alerts: [{ atMs: 5, channel: hostile, phase: 'new', kind: 'pause', subject: hostile, message: hostile }],
  });

  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).not.toMatch(/<script|\u0000/);
  expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
});

test('mortise drill plays the generated service and draws it, and says what to do where there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-drill-'));
  try {
    const picture = join(folder, 'outage.svg');
    const options = { target: 'ledger', svg: picture };
    const printed: string[] = [];
    const run = (what: readonly string[]) =>
      drill(createNodeHost(), ROOT, { what, options, format: 'json' }, (text) => printed.push(text));

    expect(await run(['down=90m'])).toBe(0);
    expect(readFileSync(picture, 'utf8')).toContain('ledger refuses connections for 1 h 30 min');
    expect(await run(['nowhere.rules.yaml', 'down=90m'])).toBe(2);
    expect(printed.join('')).toBe('There is no rules file nowhere.rules.yaml.\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a drill says that it plays another service than the rules give now, and that one which cannot start was not judged', async () => {
  const project = createSampleProject();
  try {
    const said: string[] = [];
    const run = () =>
      drill(
        createNodeHost(),
        project.folder,
        { what: ['down=90m'], options: { target: 'ledger' }, format: 'text' },
        (text) => said.push(text),
        (text) => said.push(text),
      );
    await project.gen();
    expect(await run()).toBe(2);
    expect(said.join('')).toContain('@mortise/runtime is not installed for generated/crm-to-ledger.');

    symlinkSync(join(ROOT, 'node_modules'), join(project.folder, 'node_modules'));
    project.edit(RULES, 'volume: 400', 'volume: 40');
    project.edit(`${OUTPUT}/src/flows/customers.ts`, 'export const', 'export cons');
    said.length = 0;
    expect(await run()).toBe(2);
    expect(said).toEqual([
      expect.stringContaining('was not made from specs/crm-to-ledger.rules.yaml as it is now'),
      expect.stringContaining('src/flows/customers.ts is not as it was emitted'),
    ]);
  } finally {
    project.remove();
  }
});
