import { escapeMarkup } from '../text/escape-markup.ts';
import { toSlug } from './create-anchors.ts';
import { plainText } from './read-inline.ts';
import type { InlineToken } from './read-inline.ts';
import { renderAnchor, renderInline } from './render-inline.ts';
import type { Rendering } from './render-inline.ts';

type Row = readonly (readonly InlineToken[])[];

/** The document whose rows end with the id of the test that proves them. */
const PROVEN = 'answers';

/** The roles are written out because a narrow screen shows rows as blocks, which takes them from the elements. */
export function renderTable(header: Row, rows: readonly Row[], rendering: Rendering): string {
  const labels = header.map((cell) => escapeMarkup(plainText(cell)));
  const heads = labels.map((label) => `<th scope="col" role="columnheader">${label}</th>`).join('');
  const body = rows.map((row) => renderRow(row, labels, rows, rendering)).join('\n');
  return `<table role="table" class="columns-${header.length}"><thead role="rowgroup"><tr role="row">${heads}</tr></thead><tbody role="rowgroup">\n${body}\n</tbody></table>`;
}

function renderRow(row: Row, labels: readonly string[], rows: readonly Row[], rendering: Rendering): string {
  const proof = rendering.name === PROVEN && row.length > 1 ? row.at(-1)?.at(-1) : undefined;
  const test = proof?.kind === 'code' ? proof.text : undefined;
  const id = rendering.anchors.take(
    test === undefined ? nameRow(row, rows, rendering) : `test-${toSlug(test)}`,
  );
  const cells = row.map((tokens, index) => {
    const isTested = test !== undefined && index === row.length - 1;
    const html = isTested
      ? `${renderInline(tokens.slice(0, -1), rendering.context)}<code class="test">${escapeMarkup(test)}</code>`
      : renderInline(tokens, rendering.context);
    const label = ` data-label="${labels[index] ?? ''}"`;
    return index === 0
      ? `<th scope="row" role="rowheader"${label}>${html}${renderAnchor(id)}</th>`
      : `<td role="cell"${label}>${html}</td>`;
  });
  return `<tr role="row" id="${id}" tabindex="-1">${cells.join('')}</tr>`;
}

/** By its first cell; where several rows begin alike, by the second too. */
function nameRow(row: Row, rows: readonly Row[], { section }: Rendering): string {
  const text = (of: Row, index: number): string => plainText(of[index] ?? []);
  const first = text(row, 0);
  const alike = rows.filter((other) => text(other, 0) === first).length > 1;
  return `${section}-${toSlug(alike ? `${first} ${text(row, 1)}` : first)}`;
}
