/** A request as a simulator sees it. */
export interface ArrivedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes down what a careful client would not have sent. */
export type NoteViolation = (violation: string) => void;

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function isJsonContent(request: ArrivedRequest): boolean {
  return /^application\/json\s*(;.*)?$/i.test(request.headers['content-type'] ?? '');
}

/** `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Sends back the names of the query parameters that are not in `known`. */
export function findUnknownParameters(query: URLSearchParams, known: readonly string[]): string[] {
  return [...new Set(query.keys())].filter((name) => !known.includes(name));
}
