import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rows of the first table below a heading of a document, without backslashes. */
export function readMarkdownTable(folder: string, document: string, heading: string): string[][] {
  const text = readFileSync(join(folder, `${document}.md`), 'utf8');
  const section = text.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => line.slice(2, -2).replaceAll('\\', '').split(' | '));
}
