import { expect, test } from 'vitest';
import { createLog } from './create-log.ts';
import { createScrubber } from './scrub.ts';

const SECRET = 'pä"ss/w+rd &=?\\n1';

test.each([
  ['as it is', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in a form', new URLSearchParams({ a: SECRET }).toString()],
  ['in JSON', JSON.stringify({ a: SECRET })],
  ['in JSON inside JSON', JSON.stringify({ a: JSON.stringify({ b: SECRET }) })],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64 without padding', Buffer.from(SECRET).toString('base64').replace(/=+$/, '')],
  ['in base64url', Buffer.from(SECRET).toString('base64url')],
  ['in base64 in a URL', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
  ['in hex', Buffer.from(SECRET).toString('hex')],
  ['in capital hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
])('a secret is scrubbed %s', (_name, text) => {
  const scrubber = createScrubber();
  scrubber.add(SECRET);
  const scrubbed = scrubber.scrub(`before ${text} between ${text} after`);
  expect(scrubbed.split('[secret]')).toHaveLength(3);
  expect(scrubbed).not.toContain('rd');
  expect(scrubbed).toMatch(/^before .* between .* after$/);
});

test('what is too short to be a secret is left alone, and many secrets do not hide each other', () => {
  const scrubber = createScrubber();
  for (const secret of ['abc', 'token-1', 'token-12', 'a.b*c+d']) scrubber.add(secret);
  expect(scrubber.scrub('abc token-12 token-1 a.b*c+d aXb*c+d')).toBe(
    'abc [secret] [secret] [secret] aXb*c+d',
  );
});

test('the log prints no secret, by its name or by its value, wherever it stands', () => {
  const lines: string[] = [];
  const scrubber = createScrubber();
  scrubber.add('value-of-a-secret');
  const log = createLog(scrubber, 'debug', { write: (line) => void lines.push(line) });
  log.error('failed with value-of-a-secret', {
    key: 'value-of-a-secret',
    error: new Error('Bearer value-of-a-secret'),
  });
  log.info('call', {
    headers: { authorization: 'hidden by name', 'set-cookie': 'hidden by name' },
    token: 'hidden by name',
    'set-cookie': 'hidden by name',
  });
  const text = lines.join('');
  expect(text).not.toContain('value-of-a-secret');
  expect(text).not.toContain('hidden by name');
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'info', msg: 'call', token: '[secret]' });
});
