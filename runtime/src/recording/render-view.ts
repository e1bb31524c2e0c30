import { decodeBody } from './redact-body.ts';
import { findHeader, readBody } from './recording.ts';
import type { RecordedBody, RecordedHeader, Recording } from './recording.ts';

/** A recording for people: what was sent and answered, decoded and set apart, and what was replaced in it. */
export function renderView(recording: Recording): string {
  const { request, response, redacted = [] } = recording;
  const origin =
    recording.synthetic === true
      ? '**Synthetic**: made from the API description; no real system has answered so.'
      : `**Recorded** from the real system ${recording.system} at ${recording.recordedAt ?? 'an unknown time'}.`;
  return [
    `# ${recording.operation.method} ${recording.operation.path}`,
    origin,
    'Names, addresses, numbers of people and secrets are pseudonyms; one value has the same one everywhere. This page is for reading: the tests replay the JSON file beside it.',
    ...(request === undefined
      ? []
      : [
          `## Request\n\n\`${request.method} ${request.target.replaceAll('`', '%60')}\``,
          renderMessage(request.headers, request.body),
        ]),
    `## Answer\n\nStatus ${response.status}`,
    renderMessage(response.headers, response.body),
    '## What was replaced',
    redacted.length === 0
      ? 'Nothing.'
      : redacted.map(({ at, count }) => `- \`${at.replaceAll('`', "'")}\` (${count})`).join('\n'),
    '',
  ].join('\n\n');
}

function renderMessage(headers: readonly RecordedHeader[], body: RecordedBody | undefined): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return `${fence(lines.join('\n'), '')}\n\n${renderBody(headers, body)}`;
}

function renderBody(headers: readonly RecordedHeader[], body: RecordedBody | undefined): string {
  if (body === undefined) return 'No body.';
  if ('data' in body) return fence(JSON.stringify(body.data, null, 2), 'json');
  const bytes = readBody(body) ?? Buffer.alloc(0);
  const coding = findHeader(headers, 'content-encoding');
  const decoded = decodeBody(bytes, coding);
  if (decoded === undefined) return `${bytes.length} bytes that cannot be decoded.`;
  const text = decoded.toString('utf8');
  const lossy = Buffer.from(text).equals(decoded)
    ? ''
    : '\n\nSome bytes are no UTF-8; they stand as `\uFFFD` here, and as they were in the JSON file.';
  const about = coding === undefined ? '' : `Sent as ${coding} (${bytes.length} bytes); decoded:\n\n`;
  return `${about}${/^\s*[[{]/.test(text) ? fence(indentJson(text), 'json') : fence(text, '')}${lossy}`;
}

/** Longer than any row of backticks inside, so that nothing in it ends it. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((row) => row.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Set apart without being read, so that digits, and names that are there twice, stay. */
function indentJson(text: string): string {
  let depth = 0;
  let [out, last] = ['', ''];
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    const breaks = last === '{' || last === '[' || last === ',' || closes;
    const isEmpty = closes && (last === '{' || last === '[');
    if (breaks && !isEmpty) out += `\n${'  '.repeat(Math.max(0, depth))}`;
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    last = token;
  }
  return out;
}
