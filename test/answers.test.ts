import { beforeAll, expect, test } from 'vitest';
import { emitSoundCases } from './emit-cases.ts';

/** The cases that are spoken of here. */
const CASES = [
  'ok-after-beside-a-pause',
  'ok-alerts',
  'ok-auth-authorization-code',
  'ok-auth-hmac',
  'ok-auth-jwt-bearer',
  'ok-auth-login',
  'ok-look-up-in-an-index-that-lags',
  'ok-minimal',
  'ok-rules-about-failures',
  'ok-success-that-is-only-accepted',
];

let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  files = await emitSoundCases(CASES);
});

interface Row {
  readonly when: string;
  readonly answer: string;
  readonly told: string;
  readonly by: string;
}

/** The rows of the answer book of a sound case about one call: `read by` or `written by`. */
function rowsOf(name: string, role: string): Row[] {
  const sections = (files.get(`${name}/docs/answers.md`) ?? '').split('\n## ');
  const section = sections.find((one) => one.split('\n')[0]?.includes(role)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| when'))
    .map((line) => {
      const [when = '', answer = '', told = '', by = ''] = line
        .slice(2, -2)
        .replaceAll('\\', '')
        .split(' | ');
      return { when, answer, told, by };
    });
}

function rowAbout(rows: readonly Row[], part: string): Row {
  const found = rows.filter(({ when }) => when.split(', ').includes(part));
  expect(
    found.map(({ when }) => when),
    part,
  ).toHaveLength(1);
  return found[0] as Row;
}

test('what a rule decides is not listed again as what the service does by itself', () => {
  const rows = rowsOf('ok-success-that-is-only-accepted', 'written by');

  expect(rowAbout(rows, '202')).toEqual({
    when: '202',
    answer: 'counts it as success',
    told: 'the log and /metrics',
    by: 'flows.contacts.to[0].calls[0] (The vendor has never dropped an accepted contact.)',
  });
  expect(rowAbout(rowsOf('ok-minimal', 'written by'), '202').answer).toContain('the outcome is unknown');
  const decided = rowsOf('ok-rules-about-failures', 'written by');
  for (const status of ['408', '409', '412', '503', 'timeout']) rowAbout(decided, status);
  // Only 504 of them is decided, so the others still have their row.
  expect(rowAbout(decided, '5xx but 503').by).toBe('standard');
});

test('a rule that would take an unknown outcome for a failure is said to do what the service does', () => {
  const rows = rowsOf('ok-rules-about-failures', 'written by');

  const blocked = rowAbout(rows, '503');
  expect(blocked.answer).toBe(
    'the outcome is unknown: sends the same bytes again, which updates what is there',
  );
  expect(rowAbout(rows, '504').answer).toMatch(/^tries again later,.*; where the outcome is unknown: sends/);
  expect(rowAbout(rows, '408').answer).toBe('parks the record');
  expect(rowAbout(rowsOf('ok-rules-about-failures', 'read by'), '409').answer).toMatch(
    /then reads on 30 s later/,
  );
});

test('whoever is told of a pause of more than an hour is named where a system is waited for', () => {
  const told = 'the log and /metrics; alert to ops, own of a pause of more than an hour';
  const written = rowsOf('ok-alerts', 'written by');

  for (const rows of [rowsOf('ok-alerts', 'read by'), written]) expect(rowAbout(rows, '429').told).toBe(told);
  expect(rowAbout(rowsOf('ok-alerts', 'read by'), 'no connection').told).toBe(told);
  expect(rowAbout(written, 'no connection').told).toBe(
    'the log and /metrics; alert to ops, own of a dead letter; alert to ops, own of a pause of more than an hour',
  );
});

test.each([
  ['ok-minimal', 'nothing can renew a token that does not change: pauses the system for a minute at first'],
  ['ok-minimal', 'the rules give no credentials, so nothing can be renewed: pauses the system'],
  ['ok-auth-hmac', 'nothing can renew the key of a signature'],
  ['ok-auth-login', 'logs in again once and tries again, and once more 5 s later'],
  ['ok-auth-jwt-bearer', 'renews the token once and tries again, and once more 5 s later'],
  ['ok-auth-authorization-code', 'a person logs in again with the command "auth'],
])('%s: what is done about refused credentials is what their kind allows: %s', (name, said) => {
  const answers = ['read by', 'written by'].map((role) => rowAbout(rowsOf(name, role), '401').answer);

  expect(answers.filter((answer) => answer.includes(said))).not.toEqual([]);
  for (const answer of answers)
    expect(answer).toMatch(/one alert, and records wait and do not age; a person /);
});

test('a look-up that waits for an index says how many there are, and how far apart', () => {
  const rows = rowsOf('ok-look-up-in-an-index-that-lags', 'by contacts');
  const text = files.get('ok-look-up-in-an-index-that-lags/docs/answers.md') ?? '';

  expect(rows).not.toEqual([]);
  expect(text).toContain('it is created only where 2 look-ups, 90 s apart, have found nothing');
  expect(text).toContain('a repeat waits until 2 look-ups, 90 s apart, have found nothing');
  expect(files.get('ok-look-up-in-an-index-that-lags/docs/decisions.md')).toContain('2 look-ups, 90 s apart');
});

test('a rule that says how long to wait where the server names no time is told with that time', () => {
  const paused = [
    ...rowsOf('ok-after-beside-a-pause', 'read by'),
    ...rowsOf('ok-after-beside-a-pause', 'written by'),
  ];
  const answers = paused.filter(({ by }) => by.includes('calls[')).map(({ answer }) => answer);

  expect(answers).toContain('pauses the system until the time that it named, else for 5 min');
});

test('a 503 may come from a gateway, so a write that may not be repeated is looked up after one', () => {
  const rows = rowsOf('ok-look-up-in-an-index-that-lags', 'written by');

  expect(rowAbout(rows, '5xx').answer).toContain('the outcome is unknown');
  expect(rowAbout(rows, '429').when).toBe('429, a 403 that names a limit');
  expect(rowAbout(rowsOf('ok-minimal', 'written by'), '429').when).toContain('503');
});

test('a reading that was cut off goes on where the order of the source allows it', () => {
  const order = (name: string): boolean =>
    rowAbout(rowsOf(name, 'read by'), 'no connection').answer.includes(
      'from the newest value that is stored',
    );

  expect(order('ok-minimal')).toBe(false);
  expect(order('ok-rules-about-failures')).toBe(true);
});
