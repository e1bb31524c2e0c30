import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { RecordBook, WriteResult } from './xero-record.ts';

export interface XeroPagination {
  readonly page: number;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly itemCount: number;
}

/** The error envelope for failures that are not about a record. */
export function answerXeroProblem(
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): Answer {
  return jsonAnswer(
    status,
    { Type: null, Title: `Status ${status}`, Status: status, Detail: detail },
    headers,
  );
}

/** The body cannot be read as a list of records at all. */
export function answerBadBody(message: string): Answer {
  return jsonAnswer(400, { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: message });
}

export interface AnsweredList {
  readonly id: string;
  readonly now: number;
  readonly field: RecordBook['field'];
  readonly rows: readonly unknown[];
  readonly pagination?: XeroPagination | undefined;
}

export function answerList({ id, now, field, rows, pagination }: AnsweredList): Answer {
  return jsonAnswer(200, {
    Id: id,
    Status: 'OK',
    ProviderName: 'Mortise simulator',
    DateTimeUTC: `/Date(${now})/`,
    ...(pagination && { pagination }),
    [field]: rows,
  });
}

/** One element of a written list, with what the ledger has to say about it. */
export function markResult(result: WriteResult, book: RecordBook): Record<string, unknown> {
  if (result.errors.length === 0) return { ...result.record, StatusAttributeString: 'OK' };
  return {
    ...result.record,
    ...book.refused,
    ValidationErrors: result.errors.map((message) => ({ Message: message })),
    StatusAttributeString: 'ERROR',
  };
}

export function answerValidationException(results: readonly WriteResult[], book: RecordBook): Answer {
  return jsonAnswer(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'At least one record was not valid',
    Elements: results.filter((result) => result.errors.length > 0).map((result) => markResult(result, book)),
  });
}
