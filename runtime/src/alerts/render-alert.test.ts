import { expect, test } from 'vitest';
import type { AlertMessage, IncidentReport } from './channel.ts';
import { flatten, renderAlert } from './render-alert.ts';

const NINE = Date.UTC(2026, 0, 5, 9);

function incident(given: Partial<IncidentReport> = {}): IncidentReport {
  return {
    kind: 'review',
    subject: 'customers',
    phase: 'new',
    message: 'Name is blank',
    count: 0,
    sinceMs: NINE,
    ...given,
  };
}

function message(...incidents: readonly IncidentReport[]): AlertMessage {
  return { id: 'a1', integration: 'crm-to-ledger', atMs: NINE, incidents };
}

test('each incident is one line: new ones first, then what is still wrong, then what has recovered', () => {
  const { lines } = renderAlert(
    message(
      incident({ phase: 'recovered', kind: 'pause', subject: 'ledger', message: 'It answers again' }),
      incident({ phase: 'still', kind: 'dead-letter', message: 'The ledger refused them', count: 1 }),
      incident({ count: 12 }),
      incident({ phase: 'still', kind: 'halt', message: 'Half of them fail', count: 1 }),
    ),
  );

  expect(lines).toEqual([
    'NEW review: customers: 12 records wait: Name is blank (since 2026-01-05 09:00 UTC)',
    'STILL dead-letter: customers: 1 record failed for good: The ledger refused them (since 2026-01-05 09:00 UTC)',
    'STILL halt: customers: 1 record waits: Half of them fail (since 2026-01-05 09:00 UTC)',
    'RECOVERED pause: ledger: It answers again (began 2026-01-05 09:00 UTC)',
  ]);
});

test('the title says which integration, how many of each, and the gravest that is not over', () => {
  const grave = incident({ kind: 'auth', phase: 'recovered' });

  expect(renderAlert(message(incident(), incident({ kind: 'pause', phase: 'still' }), grave)).title).toBe(
    '[crm-to-ledger] 1 new, 1 still, 1 recovered: pause',
  );
  expect(renderAlert(message(grave)).title).toBe('[crm-to-ledger] 1 recovered: auth');
  expect(renderAlert(message())).toEqual({ title: '[crm-to-ledger] nothing to tell', lines: [] });
});

test('the 21st incident and those behind it are counted', () => {
  const many = Array.from({ length: 18 }, (_, index) => incident({ subject: `flow-${index}` }));
  const still = Array.from({ length: 4 }, () => incident({ phase: 'still' }));
  const over = Array.from({ length: 3 }, () => incident({ phase: 'recovered' }));

  const { lines } = renderAlert(message(...over, ...still, ...many));

  expect(lines).toHaveLength(21);
  expect(lines[17]).toContain('flow-17');
  expect(lines[20]).toBe('and 5 more: 2 still, 3 recovered');
  expect(renderAlert(message(...many)).lines).toHaveLength(18);
});

test('no text can begin a line of its own, hide or turn what follows', () => {
  const hostile = 'a\r\nBcc: all@example.com\u2028b\u0000c\u001b[31m\u0085d\u202ee\u200bf\ud800g\u2066h';

  const { title, lines } = renderAlert({
    ...message(incident({ subject: hostile, message: hostile })),
    integration: hostile,
  });

  for (const text of [title, ...lines])
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2060-\u206f\u200b\ud800]/);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('a Bcc: all@example.com b c [31m def\ufffdgh');
});

test('a long text is cut between two signs', () => {
  expect(flatten('ü'.repeat(300))).toBe('ü'.repeat(300));
  expect(flatten('😀'.repeat(301))).toBe(`${'😀'.repeat(300)}…`);
});
