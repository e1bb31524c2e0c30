import { findUnknownParameters, isJsonContent, parseJson } from './answer.ts';
import type { Answer, ArrivedRequest, NoteViolation } from './answer.ts';
import {
  answerBadBody,
  answerList,
  answerValidationException,
  answerXeroProblem,
  markResult,
} from './xero-answers.ts';
import type { IdempotencyKeys } from './xero-idempotency.ts';
import type { RecordBook } from './xero-record.ts';

/** One PUT or POST that reached the ledger; `replayed` means that the stored answer was sent again. */
export interface AppliedWrite {
  readonly key: string | undefined;
  readonly body: string;
  readonly replayed: boolean;
}

export interface WriteContext {
  readonly keys: IdempotencyKeys;
  readonly applied: AppliedWrite[];
  readonly now: () => number;
  readonly createId: () => string;
  /** Time that the ledger needs; other requests arrive meanwhile. */
  readonly pause: () => Promise<void>;
}

const longestKey = 128;

function refuseWrite(request: ArrivedRequest, note: NoteViolation): Answer | undefined {
  const refuse = (status: number, why: string): Answer => {
    note(why);
    return answerXeroProblem(status, why);
  };
  if (!isJsonContent(request)) {
    return refuse(415, `content type ${request.headers['content-type'] ?? '(none)'} is not JSON`);
  }
  const unknown = findUnknownParameters(request.query, ['summarizeErrors']);
  if (unknown.length > 0) return refuse(400, `unknown parameter ${unknown.join(', ')}`);
  const summarize = request.query.get('summarizeErrors') ?? 'false';
  if (!/^(true|false)$/i.test(summarize)) return refuse(400, 'summarizeErrors is not a boolean');
  const key = request.headers['idempotency-key'];
  if (key !== undefined && (key === '' || key.length > longestKey)) {
    return refuse(400, `an Idempotency-Key has 1 to ${longestKey} characters`);
  }
  return undefined;
}

function applyWrite(
  request: ArrivedRequest,
  book: RecordBook,
  context: WriteContext,
  note: NoteViolation,
): Answer {
  const checked = book.check(parseJson(request.body));
  for (const breach of checked.breaches) note(breach);
  if (checked.unreadable) return answerBadBody(checked.breaches.join('; '));
  const allOrNothing = request.query.get('summarizeErrors')?.toLowerCase() === 'true';
  const results = book.write(checked.records, { createOnly: request.method === 'PUT', allOrNothing });
  context.applied.push({ key: request.headers['idempotency-key'], body: request.body, replayed: false });
  if (allOrNothing && results.some((result) => result.errors.length > 0)) {
    return answerValidationException(results, book);
  }
  const rows = results.map((result) => markResult(result, book));
  return answerList({ id: context.createId(), now: context.now(), field: book.field, rows });
}

async function applyOnce(
  key: string,
  request: ArrivedRequest,
  context: WriteContext,
  apply: () => Answer,
  note: NoteViolation,
): Promise<Answer> {
  const verdict = context.keys.claim(key, request);
  if (verdict.kind === 'in-flight') return answerXeroProblem(409, 'a request with this key is under way');
  if (verdict.kind === 'different') {
    note('an Idempotency-Key is used again with another request');
    return answerXeroProblem(422, 'this key belongs to another request');
  }
  if (verdict.kind === 'replay') {
    context.applied.push({ key, body: request.body, replayed: true });
    return verdict.answer;
  }
  await context.pause();
  const answer = apply();
  context.keys.keep(key, answer);
  return answer;
}

/** PUT and POST of a list of records, applied at most once for each Idempotency-Key. */
export async function writeRecords(
  request: ArrivedRequest,
  book: RecordBook,
  context: WriteContext,
  note: NoteViolation,
): Promise<Answer> {
  const refused = refuseWrite(request, note);
  if (refused !== undefined) return refused;
  const apply = (): Answer => applyWrite(request, book, context, note);
  const key = request.headers['idempotency-key'];
  if (key !== undefined) return applyOnce(key, request, context, apply, note);
  await context.pause();
  return apply();
}
