import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { WriteResult } from './xero-contact.ts';

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

/** The body cannot be read as contacts at all. */
export function answerBadBody(message: string): Answer {
  return jsonAnswer(400, { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: message });
}

export function answerContacts(
  id: string,
  now: number,
  contacts: readonly unknown[],
  pagination?: XeroPagination,
): Answer {
  return jsonAnswer(200, {
    Id: id,
    Status: 'OK',
    ProviderName: 'Mortise simulator',
    DateTimeUTC: `/Date(${now})/`,
    ...(pagination && { pagination }),
    Contacts: contacts,
  });
}

function markResult(result: WriteResult): Record<string, unknown> {
  if (result.errors.length === 0) return { ...result.contact, StatusAttributeString: 'OK' };
  return {
    ...result.contact,
    HasValidationErrors: true,
    ValidationErrors: result.errors.map((message) => ({ Message: message })),
    StatusAttributeString: 'ERROR',
  };
}

export function answerWrite(id: string, now: number, results: readonly WriteResult[]): Answer {
  return answerContacts(id, now, results.map(markResult));
}

export function answerValidationException(results: readonly WriteResult[]): Answer {
  return jsonAnswer(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'At least one contact was not valid',
    Elements: results.filter((result) => result.errors.length > 0).map(markResult),
  });
}
