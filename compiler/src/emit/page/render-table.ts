import { escapeMarkup } from '../text/escape-markup.ts';
import { toSlug } from './create-anchors.ts';
import { plainText } from './read-markdown.ts';
import type { MarkdownCell, MarkdownToken } from './read-markdown.ts';
import { renderAnchor, renderInline } from './render-inline.ts';
import type { Rendering } from './render-inline.ts';

/** The document whose rows end with the id of the test that proves them. */
const PROVEN = 'answers';

/** The roles are written out because a narrow screen shows rows as blocks, which takes them from the elements. */
export function renderTable({ header = [], rows = [] }: MarkdownToken, rendering: Rendering): string {
  const labels = header.map(({ tokens }) => escapeMarkup(plainText(tokens)));
  const heads = labels.map((label) => `<th scope="col" role="columnheader">${label}</th>`).join('');
  const body = rows.map((row) => renderRow(row, labels, rows, rendering)).join('\n');
  return `<table role="table" class="columns-${header.length}"><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">\n${body}\n</tbody></table>`;
}

function renderRow(
  row: readonly MarkdownCell[],
  labels: readonly string[],
  rows: readonly (readonly MarkdownCell[])[],
  rendering: Rendering,
): string {
  const proof = rendering.name === PROVEN ? row.at(-1)?.tokens.at(-1) : undefined;
  const test = proof?.type === 'codespan' && row.length > 1 ? proof.text : undefined;
  const id = rendering.anchors.take(
    test === undefined ? nameRow(row, rows, rendering) : `test-${toSlug(test)}`,
  );
  const cells = row.map(({ tokens }, index) => {
    const isTested = test !== undefined && index === row.length - 1;
    const html = isTested
      ? `${renderInline(tokens.slice(0, -1), rendering)}<code class="test">${escapeMarkup(test)}</code>`
      : renderInline(tokens, rendering);
    const label = ` data-label="${labels[index] ?? ''}"`;
    return index === 0
      ? `<th scope="row" role="rowheader"${label}>${html}${renderAnchor(id)}</th>`
      : `<td role="cell"${label}>${html}</td>`;
  });
  return `<tr role="row" id="${id}" tabindex="-1">${cells.join('')}</tr>`;
}

/** By its first cell; where several rows begin alike, by the second too. */
function nameRow(
  row: readonly MarkdownCell[],
  rows: readonly (readonly MarkdownCell[])[],
  { section }: Rendering,
): string {
  const text = (cell: MarkdownCell | undefined): string => (cell === undefined ? '' : plainText(cell.tokens));
  const first = text(row[0]);
  const alike = rows.filter((other) => text(other[0]) === first).length > 1;
  return `${section}-${toSlug(alike ? `${first} ${text(row[1])}` : first)}`;
}
