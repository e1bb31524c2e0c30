import { expect, test } from 'vitest';
import { respond } from '../testing/memory-transport.ts';
import { readTokenAnswer } from './read-token-answer.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const YEAR_MS = 365 * 86_400_000;

function read(body: unknown, status = 200, headers: Record<string, string> = {}) {
  return readTokenAnswer(respond(status, body, headers), 'old-refresh', NOW);
}

test.each([
  ['a number', 1800, 1_800_000 - 60_000],
  ['a text', '1800', 1_800_000 - 60_000],
  ['a fraction', 0.5, 250],
  ['missing', undefined, YEAR_MS - 60_000],
  ['null', null, YEAR_MS - 60_000],
  ['an empty text', '', YEAR_MS - 60_000],
  ['words', 'soon', YEAR_MS - 60_000],
  ['zero', 0, YEAR_MS - 60_000],
  ['negative', -1, YEAR_MS - 60_000],
  ['beyond every date', 1e300, YEAR_MS - 60_000],
])('where expires_in is %s, the token is used for as long as that means', (_name, given, usedMs) => {
  const answer = read({ access_token: 'a', expires_in: given });
  expect(answer.kind === 'tokens' && answer.tokens.renewAtMs - NOW).toBe(usedMs);
});

test.each(['bearer', 'Bearer', 'BEARER', 'BearerToken', undefined, 7])(
  'a token of the type %s is sent as a bearer token',
  (type) => {
    expect(read({ access_token: 'a', token_type: type })).toMatchObject({
      kind: 'tokens',
      tokens: { access: 'a', refresh: 'old-refresh' },
    });
  },
);

test.each(['DPoP', 'mac'])('a token of the type %s, which is no bearer token, is for a person', (type) => {
  expect(read({ access_token: 'a', token_type: type })).toMatchObject({ kind: 'failed', needsPerson: true });
});

test.each([
  ['invalid_grant', 400, { error: 'invalid_grant', error_description: 'revoked' }, true],
  ['invalid_client', 401, { error: 'invalid_client' }, true],
  ['a 401 without a word', 401, '', true],
  ['an error in a 200, as some vendors say it', 200, { error: 'bad_refresh_token' }, true],
  ['a redirect', 302, '', true],
  ['a refusal in JSON of the vendor’s own', 403, { message: 'blocked' }, true],
  ['temporarily_unavailable', 400, { error: 'temporarily_unavailable' }, false],
  ['a server error', 500, '', false],
  ['a proxy’s page', 403, '<html>blocked</html>', false],
  ['a page of success', 200, '<html>maintenance</html>', false],
  ['JSON without a token', 200, {}, false],
  ['an empty token', 200, { access_token: '' }, false],
  ['too many requests', 429, '', false],
])('after %s, a person is needed or not', (_name, status, body, needsPerson) => {
  expect(read(body, status)).toMatchObject({ kind: 'failed', needsPerson });
});

test('the server’s words for a refusal are told, and not a page of them', () => {
  const description = `revoked ${'x'.repeat(1000)}`;
  const answer = read({ error: 'invalid_grant', error_description: description }, 400);
  expect(answer.kind === 'failed' && answer.reason).toMatch(
    /^the token server answered 400 invalid_grant \(revoked x{50,200}\)$/,
  );
});

test('an answer that was lost is told from one that came and asks to wait', () => {
  expect(readTokenAnswer({ kind: 'not-sent', detail: 'refused' }, undefined, NOW)).toMatchObject({
    lost: 'not-sent',
    needsPerson: false,
  });
  expect(read('', 502)).toMatchObject({ lost: 'unknown' });
  const asked = read('', 503, { 'retry-after': '120' });
  expect(asked).toMatchObject({ needsPerson: false, untilMs: NOW + 120_000 });
  expect(asked).not.toHaveProperty('lost');
});

test('a token server that counts down its calls is left alone until it starts anew, and a refused grant stays refused', () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '90' };
  expect(read('', 429, headers)).toMatchObject({ needsPerson: false, untilMs: NOW + 90_000 });
  expect(read('', 429, { ...headers, 'retry-after': '120' })).toMatchObject({ untilMs: NOW + 120_000 });
  expect(read({ error: 'invalid_grant' }, 400, headers)).toMatchObject({ needsPerson: true });
});
