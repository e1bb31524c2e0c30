import { escapeBreakable, escapeMarkup } from '../text/escape-markup.ts';
import { toSlug } from './create-anchors.ts';
import { plainText } from './read-inline.ts';
import type { InlineToken } from './read-inline.ts';
import { renderAnchor, renderInline } from './render-inline.ts';
import type { Rendering } from './render-inline.ts';

type Row = readonly (readonly InlineToken[])[];

/** The document whose rows end with the names of the tests that prove them. */
const PROVEN = 'answers';

/** The roles are written out because a narrow screen shows rows as blocks, which takes them from the elements. */
export function renderTable(header: Row, rows: readonly Row[], rendering: Rendering): string {
  const labels = header.map((cell) => escapeMarkup(plainText(cell)));
  const heads = labels.map((label) => `<th scope="col" role="columnheader">${label}</th>`).join('');
  const body = rows.map((row) => renderRow(row, labels, rows, rendering)).join('\n');
  return `<table role="table" class="columns-${header.length}"><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">\n${body}\n</tbody></table>`;
}

function renderRow(row: Row, labels: readonly string[], rows: readonly Row[], rendering: Rendering): string {
  const last = row.at(-1) ?? [];
  const tests = rendering.name === PROVEN && row.length > 1 ? listTests(last) : [];
  const [first] = tests;
  const id = rendering.anchors.take(
    first === undefined ? nameRow(row, rows, rendering) : `test-${toSlug(first)}`,
  );
  const cells = row.map((tokens, index) => {
    const html =
      tests.length > 0 && index === row.length - 1
        ? tests.map((test, at) => renderTest(test, at, rendering)).join('<br>')
        : renderInline(tokens, rendering.context);
    const label = ` data-label="${labels[index] ?? ''}"`;
    // On a narrow screen the label stands beside what is in the cell, which must be one thing then.
    if (index === 0)
      return `<th scope="row" role="rowheader"${label}><div>${html}${renderAnchor(id)}</div></th>`;
    return `<td role="cell"${label}>${html === '' ? '' : `<div>${html}</div>`}</td>`;
  });
  return `<tr role="row" id="${id}" tabindex="-1">${cells.join('')}</tr>`;
}

/** A cell that holds nothing but code holds names of tests. */
function listTests(cell: readonly InlineToken[]): string[] {
  const isBare = cell.every(
    ({ kind, ...token }) => kind === 'code' || ('text' in token && token.text === ' '),
  );
  return isBare ? cell.flatMap((token) => (token.kind === 'code' ? [token.text] : [])) : [];
}

/** The first gives its name to the row; a link to another leads to itself, within the row. */
function renderTest(test: string, at: number, { anchors }: Rendering): string {
  const id = at === 0 ? '' : ` id="${anchors.take(`test-${toSlug(test)}`)}"`;
  return `<code class="test"${id}>${escapeBreakable(test)}</code>`;
}

/** By its first cell; where several rows begin alike, by the second too. */
function nameRow(row: Row, rows: readonly Row[], { section }: Rendering): string {
  const text = (of: Row, index: number): string => plainText(of[index] ?? []);
  const first = text(row, 0);
  const alike = rows.filter((other) => text(other, 0) === first).length > 1;
  return `${section}-${toSlug(alike ? `${first} ${text(row, 1)}` : first)}`;
}
