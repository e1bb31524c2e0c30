import { readInline } from './read-inline.ts';
import type { InlineToken } from './read-inline.ts';

/** A block of a document; cells, items and headings hold what stands in a line. */
export type BlockToken =
  | { readonly kind: 'heading'; readonly depth: number; readonly tokens: readonly InlineToken[] }
  | { readonly kind: 'paragraph'; readonly tokens: readonly InlineToken[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: readonly (readonly InlineToken[])[];
    }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly InlineToken[])[];
      readonly rows: readonly (readonly (readonly InlineToken[])[])[];
    };

const HEADING = /^(#{1,6}) +(.*)$/;
/** Three back quotes and no other in the line: what has another is code within a line. */
const FENCE = /^```[^`]*$/;
const ITEM = /^(?:-|(\d+)\.) +(.*)$/;
const RULE = /^\|(?:-+\|)+$/;

/**
 * The blocks of a document in the part of GitHub's Markdown that the templates write; everything else is text. A
 * library would read all of Markdown, in a tenth of the time that a whole generation may take: a test holds this against
 * one, over the documents of every case.
 */
export function readMarkdown(text: string): readonly BlockToken[] {
  const lines = text.split('\n');
  const blocks: BlockToken[] = [];
  let at = 0;
  const takeWhile = (fits: (line: string, index: number) => boolean): string[] => {
    const start = at;
    while (at < lines.length && fits(lines[at] ?? '', at)) at += 1;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = HEADING.exec(line);
    if (line.trim() === '') at += 1;
    else if (heading !== null) {
      at += 1;
      blocks.push({
        kind: 'heading',
        depth: heading[1]?.length ?? 1,
        tokens: readInline((heading[2] ?? '').trim()),
      });
    } else if (FENCE.test(line)) {
      at += 1;
      blocks.push({ kind: 'code', text: takeWhile((next) => !FENCE.test(next)).join('\n') });
      at += 1;
    } else if (isTable(lines, at)) {
      const [header = '', , ...rows] = takeWhile((next) => next.startsWith('|'));
      const cells = splitRow(header);
      blocks.push({
        kind: 'table',
        header: cells.map(readInline),
        // A row has as many cells as the head, whatever stands in it.
        rows: rows.map((row) => {
          const own = splitRow(row);
          return cells.map((_, index) => readInline(own[index] ?? ''));
        }),
      });
    } else if (ITEM.test(line)) blocks.push(readList(lines, at, takeWhile));
    else {
      const part = takeWhile(
        (next, index) => next.trim() !== '' && (index === at || !startsBlock(lines, index)),
      );
      blocks.push({ kind: 'paragraph', tokens: readInline(part.map((one) => one.trim()).join('\n')) });
    }
  }
  return blocks;
}

function isTable(lines: readonly string[], at: number): boolean {
  return lines[at]?.startsWith('|') === true && RULE.test(lines[at + 1] ?? '');
}

function startsBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  return HEADING.test(line) || FENCE.test(line) || ITEM.test(line) || isTable(lines, at);
}

/** Items may have empty lines between them, and go on until there is none. */
function readList(
  lines: readonly string[],
  start: number,
  takeWhile: (fits: (line: string, index: number) => boolean) => string[],
): BlockToken {
  const ordered = ITEM.exec(lines[start] ?? '')?.[1] !== undefined;
  const isItem = (line: string): boolean => {
    const item = ITEM.exec(line);
    return item !== null && (item[1] !== undefined) === ordered;
  };
  const taken = takeWhile((line, index) => {
    if (isItem(line)) return true;
    if (line.trim() !== '') return false;
    const next = lines.slice(index).find((one) => one.trim() !== '');
    return next !== undefined && isItem(next);
  });
  const items = taken.flatMap((line) => ITEM.exec(line)?.[2] ?? []);
  return { kind: 'list', ordered, items: items.map(readInline) };
}

/** The cells of a row. A stroke behind an odd number of backslashes is part of a cell, also within code. */
function splitRow(row: string): string[] {
  const cells = row
    .trim()
    .replace(/^\|/, '')
    .split(/(?<=(?<!\\)(?:\\\\)*)\|/);
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'));
}
