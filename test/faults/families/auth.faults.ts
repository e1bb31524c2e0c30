import type { Fault, WireAnswer } from '../fault.ts';
import { json } from '../json-answer.ts';

function token(
  id: string,
  title: string,
  answer: (good: () => WireAnswer) => WireAnswer,
  times?: number,
): Fault {
  return {
    id,
    family: 'AU',
    title,
    expect: 'OK',
    positions: ['first'],
    timings: ['before'],
    exchange: {
      at: 'token',
      ...(times === undefined ? {} : { times }),
      answer: (_exchange, good) => answer(good),
    },
  };
}

/** The good answer with some members changed. */
function change(good: () => WireAnswer, members: Readonly<Record<string, unknown>>): WireAnswer {
  const answer = good();
  if (answer.kind !== 'response') return answer;
  return json(200, { ...(JSON.parse(answer.body.toString()) as object), ...members });
}

export const AUTH_FAULTS: readonly Fault[] = [
  {
    id: 'AU1',
    family: 'AU',
    title: '401 once, in the middle',
    expect: 'OK',
    timings: ['before'],
    exchange: { at: 'write', times: 1, answer: () => json(401, {}) },
  },
  {
    id: 'AU2',
    family: 'AU',
    title: '401 without end',
    expect: 'PAUSE',
    timings: ['before'],
    exchange: { at: 'write', rest: true, answer: () => json(401, {}) },
  },
  token('AU3', 'tokens that live for a second', (good) => change(good, { expires_in: 1 })),
  token('AU4', 'the token server answers 500', () => json(500, {}), 3),
  { ...token('AU4', 'the token server answers 500 without end', () => json(500, {})), expect: 'DELAY' },
  token(
    'AU5',
    'the token server answers with a page of HTML',
    () => json(200, '<html></html>', { 'content-type': 'text/html' }),
    2,
  ),
  { ...token('AU6', 'invalid_grant', () => json(400, { error: 'invalid_grant' })), expect: 'PAUSE' },
  {
    ...token('AU7', 'the token is rotated and the answer is lost', () => ({ kind: 'cut' }), 1),
    timings: ['after'],
  },
  ...[undefined, 0, '600', -1, 'soon', 1e12].map((expires) =>
    token('AU10', `expires_in: ${JSON.stringify(expires) ?? 'missing'}`, (good) =>
      change(good, { expires_in: expires }),
    ),
  ),
  {
    id: 'AU11',
    family: 'AU',
    title: '403 insufficient_scope without end',
    expect: 'PAUSE',
    timings: ['before'],
    exchange: {
      at: 'write',
      rest: true,
      answer: () => json(403, {}, { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }),
    },
  },
  {
    id: 'AU12',
    family: 'AU',
    title: 'the token is revoked during the run',
    expect: 'OK',
    timings: ['before'],
    exchange: { at: 'write', times: 2, answer: () => json(401, { error: 'invalid_token' }) },
  },
  {
    id: 'AU13',
    family: 'AU',
    title: 'a new token does not hold at once',
    expect: 'DELAY',
    positions: ['first'],
    timings: ['before'],
    exchange: { at: 'write', times: 4, rest: true, answer: () => json(401, { error: 'invalid_token' }) },
  },
  token('AU14', 'token_type in another case', (good) => change(good, { token_type: 'BEARER' })),
];
