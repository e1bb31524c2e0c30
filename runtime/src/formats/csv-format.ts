import type * as Csv from 'csv-parse/sync';
import { onFirstUse } from '../on-first-use.ts';
import type { BodyFormat } from './body-format.ts';
import { saysNothing } from './body-format.ts';
import { readScalar, writeScalar } from './wire-shape.ts';
import type { WireScalar } from './wire-shape.ts';

const csv = onFirstUse((require) => require('csv-parse/sync') as typeof Csv);

/** By column. */
export type CsvColumns = Readonly<Record<string, WireScalar>>;

/**
 * RFC 4180 with a header line. Every cell is data: what a spreadsheet would take for a formula stays the text that it is,
 * both ways. A row of another length than the header concerns its own record alone. The only importer of `csv-parse`.
 */
export function csvFormat(columns: CsvColumns, type = 'text/csv'): BodyFormat {
  return {
    type,
    write: (value) => ({ text: writeRows(columns, value), contentType: `${type}; charset=utf-8` }),
    read: (text, hasBrokenBytes) => readRows(columns, text, hasBrokenBytes),
    accepts: (given) =>
      saysNothing(given) || /^(?:text|application)\/(?:x-)?csv$/.test(given) || given === type,
  };
}

function readRows(columns: CsvColumns, text: string, hasBrokenBytes: boolean): unknown[] {
  const [header = [], ...rows] = csv().parse(text, {
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as string[][];
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => Object.hasOwn(columns, name) && names.indexOf(name) !== index);
  if (twice !== undefined) throw new SyntaxError(`the column ${twice} stands there twice`);
  // Without one column that we know this is no table of ours: a message, or a page that says to log in.
  if (header.length > 0 && !names.some((name) => Object.hasOwn(columns, name)))
    throw new SyntaxError('the first line names none of the columns');
  return rows.map((row, index) => {
    if (row.length !== names.length)
      return { $damage: `row ${index + 1} has ${row.length} cells and not ${names.length}` };
    return Object.fromEntries(
      names.flatMap((name, place) => {
        const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
        return column === undefined ? [] : [[name, readCell(row[place] ?? '', column, hasBrokenBytes)]];
      }),
    );
  });
}

/** CSV has no null: a cell without a value is the empty text where the column holds text, else nothing. */
function readCell(cell: string, column: WireScalar, hasBrokenBytes: boolean): unknown {
  if (cell === '' && column !== 'text') return undefined;
  if (cell.includes('\0')) return { $damage: 'the text holds U+0000' };
  if (hasBrokenBytes && cell.includes('\uFFFD'))
    return { $damage: 'the text holds bytes that are not UTF-8' };
  return readScalar(cell, column);
}

function writeRows(columns: CsvColumns, value: unknown): string {
  const names = Object.keys(columns);
  const rows = (Array.isArray(value) ? value : [value]) as readonly Readonly<Record<string, unknown>>[];
  const cells = rows.map((row) =>
    names.map((name) => {
      const cell = row[name];
      return cell === undefined || cell === null ? '' : writeScalar(cell, name);
    }),
  );
  return [names, ...cells].map((line) => `${line.map(quoteCell).join(',')}\r\n`).join('');
}

function quoteCell(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
