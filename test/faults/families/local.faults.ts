import type { Fault, LeftOut } from '../fault.ts';

const HOUR = 3_600_000;

const clockFaults = (
  [
    ['C1', 'the clock is set back by an hour', -HOUR],
    ['C2', 'the clock is set forward by a day', 24 * HOUR],
    ['C4', 'the machine sleeps for eight hours', 8 * HOUR],
    ['X15', 'the process stands still for five seconds', 5000],
  ] as const
).map(([id, title, clockShiftMs]): Fault => ({
  id,
  family: id.startsWith('C') ? 'C' : 'X',
  title,
  expect: 'OK',
  // After the last write nothing is left that five seconds could change.
  ...(id === 'X15' ? { positions: ['first', 'middle'] as const } : {}),
  clockShiftMs,
}));

const storeFaults = (['takeIn', 'claimIntents', 'settle', 'savePass'] as const).flatMap((method): Fault[] => [
  {
    id: 'X4',
    family: 'X',
    title: `the disk is full: ${method}`,
    expect: 'DELAY',
    positions: ['first'],
    timings: ['before'],
    store: { method, code: 'SQLITE_FULL' },
  },
  {
    id: 'X5',
    family: 'X',
    title: `the store is busy once: ${method}`,
    expect: 'OK',
    positions: ['first'],
    timings: ['before'],
    store: { method, code: 'SQLITE_BUSY', times: 1 },
  },
]);

export const LOCAL_FAULTS: readonly Fault[] = [
  ...clockFaults,
  ...storeFaults,
  {
    id: 'X13',
    family: 'X',
    title: 'the channel for alerts is down while a record must be told of',
    expect: 'QUARANTINE',
    tiers: [2],
    alertsDown: true,
    exchange: {
      at: 'write',
      answer: () => ({ kind: 'response', status: 422, headers: {}, body: Buffer.from('{"message":"no"}') }),
    },
  },
];

/** Faults of the catalogue that this table does not run, each with its reason. */
export const LEFT_OUT: readonly LeftOut[] = [
  { id: 'T31', reason: 'HTTP/2 waits for the work that needs it' },
  { id: 'S9', reason: 'runtime/src/engine/batches.test.ts, and the story "batches" of npm run crash' },
  { id: 'S10', reason: 'runtime/src/engine/batches.test.ts: a success without a result for some' },
  { id: 'RL16', reason: 'several workers wait for the work that needs them' },
  { id: 'AU8', reason: 'several workers wait for the work that needs them' },
  { id: 'AU9', reason: 'a crash between the answer and the store: npm run crash strikes there' },
  {
    id: 'AU15',
    reason: 'a running process keeps its environment: a new key needs a restart, which the documents say',
  },
  { id: 'D28', reason: 'references to other records wait for the work that needs them' },
  {
    id: 'D30',
    reason: 'no flow follows a reference from record to record, so a circle of parents cannot be entered',
  },
  {
    id: 'C3',
    reason:
      'a flow is due after a duration, which no clock change touches; cron waits for the work that needs it',
  },
  { id: 'X1', reason: 'npm run crash kills before and after every call of a port' },
  { id: 'X2', reason: 'test/crash ends a service by SIGTERM in the middle of its writes' },
  { id: 'X3', reason: 'leases of several workers wait for the work that needs them' },
  { id: 'X6', reason: 'test/crash cuts the write-ahead log of a copy of the store' },
  { id: 'X7', reason: 'test/service starts a service on a file system that it may not write to' },
  { id: 'X8', reason: 'Postgres waits for the work that needs it' },
  { id: 'X9', reason: 'Postgres waits for the work that needs it' },
  { id: 'X10', reason: 'test/service starts a second engine on one store' },
  { id: 'X11', reason: 'test/service starts with a wrong and with no key' },
  { id: 'X12', reason: 'test/service closes the pipe that the log is written to' },
  { id: 'X14', reason: 'traces wait for the work that needs them; metrics are asked for, never sent' },
  { id: 'X16', reason: 'test/crash runs a service with little memory' },
];
