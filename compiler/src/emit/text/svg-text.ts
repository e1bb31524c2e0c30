import { escapeMarkup } from './escape-markup.ts';

/** A drawing: what the page shows in place, and what a Markdown viewer loads as a file. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** For whoever cannot see it. */
  readonly description: string;
  readonly shapes: string;
}

/** Colours of a drawing that stands by itself; in the page they are those of the page, by the same class names. */
const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1d2733}
.d-box{fill:#f6f8fa;stroke:#8a97a6;stroke-width:1}.d-main{fill:#e8f0fb;stroke:#2f6db5}.d-good{fill:#e6f4ea;stroke:#2f7d4a}.d-wait{fill:#fdf3dc;stroke:#a87410}.d-bad{fill:#fbe9e7;stroke:#b23b2e}
.d-strong{font-weight:600}.d-small{font-size:11.5px;fill:#52606e}.d-edge{fill:none;stroke:#5d6b7a;stroke-width:1.4}.d-dash{stroke-dasharray:5 4}.d-tip{fill:#5d6b7a}
@media(prefers-color-scheme:dark){text{fill:#e4e9ef}.d-box{fill:#1c232b;stroke:#6b7886}.d-main{fill:#172a41;stroke:#6ea5e8}.d-good{fill:#15301f;stroke:#6cc08a}.d-wait{fill:#352a10;stroke:#d9a648}.d-bad{fill:#3a1b18;stroke:#e88a7f}.d-small{fill:#a5b1be}.d-edge{stroke:#98a5b3}.d-tip{fill:#98a5b3}}
`;

/** As a file: an image, in which nothing runs. */
export function renderDrawingFile(drawing: Drawing): string {
  return `${open(drawing, ' xmlns="http://www.w3.org/2000/svg"')}<style>${STYLE}</style>${drawing.shapes}</svg>\n`;
}

/** Inside a page, which has the styles. @param id prefix of the ids of its title and description */
export function renderDrawingInline(drawing: Drawing, id: string): string {
  return `${open(drawing, ` aria-labelledby="${id}-title ${id}-desc"`, id)}${drawing.shapes}</svg>`;
}

function open({ width, height, title, description }: Drawing, attributes: string, id?: string): string {
  const name = (part: string): string => (id === undefined ? '' : ` id="${id}-${part}"`);
  return `<svg viewBox="-1 -1 ${width + 2} ${height + 2}" width="${width + 2}" height="${height + 2}" role="img"${attributes}><title${name('title')}>${escapeMarkup(title)}</title><desc${name('desc')}>${escapeMarkup(description)}</desc>`;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box with its lines of text, the first of them strong. @param kind its class: `main`, `good`, `wait`, `bad` */
export function drawBox(box: Box, lines: readonly string[], kind = ''): string {
  const { x, y, width, height } = box;
  const top = y + (height - LINE * lines.length) / 2 + LINE - 5;
  const texts = lines.map((line, index) => {
    const style = index === 0 ? 'd-strong' : 'd-small';
    return drawText({ x: x + width / 2, y: top + index * LINE }, fitText(line, width - 20, index > 0), style);
  });
  const titles = lines.map(escapeMarkup).join('&#10;');
  return `<g><title>${titles}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" class="d-box${kind === '' ? '' : ` d-${kind}`}"/>${texts.join('')}</g>`;
}

export const LINE = 18;

export function drawText(
  at: { readonly x: number; readonly y: number },
  text: string,
  style: string,
): string {
  return `<text x="${round(at.x)}" y="${round(at.y)}" text-anchor="middle" class="${style}">${escapeMarkup(text)}</text>`;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve that leaves and arrives level, with a tip. */
export function drawEdge(from: Point, to: Point, dashed = false): string {
  const bend = Math.max(24, Math.abs(to.x - from.x) / 2) * Math.sign(to.x - from.x || 1);
  const path = `M${round(from.x)} ${round(from.y)}C${round(from.x + bend)} ${round(from.y)} ${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
  return `<path d="${path}" class="d-edge${dashed ? ' d-dash' : ''}"/>${drawTip(to, to.x >= from.x ? 'right' : 'left')}`;
}

/** A line with corners. @param points at least two; the last stretch is level or upright */
export function drawLine(points: readonly Point[], dashed = false): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  const [last, before] = [points.at(-1), points.at(-2)];
  if (last === undefined || before === undefined) return '';
  const way =
    last.x === before.x ? (last.y > before.y ? 'down' : 'up') : last.x > before.x ? 'right' : 'left';
  return `<path d="${path}" class="d-edge${dashed ? ' d-dash' : ''}"/>${drawTip(last, way)}`;
}

const TIPS = {
  right: [[-8, -4.5], [-8, 4.5]],
  left: [[8, -4.5], [8, 4.5]],
  down: [[-4.5, -8], [4.5, -8]],
  up: [[-4.5, 8], [4.5, 8]],
} as const; // prettier-ignore

function drawTip({ x, y }: Point, way: keyof typeof TIPS): string {
  const corners = TIPS[way].map(([right, down]) => `L${round(x + right)} ${round(y + down)}`).join('');
  return `<path d="M${round(x)} ${round(y)}${corners}Z" class="d-tip"/>`;
}

/** A text cut to a width, by what its letters take at most on the common system fonts. */
export function fitText(text: string, width: number, small: boolean): string {
  const room = Math.floor(width / (small ? 6.3 : 7.4));
  const letters = [...text.replaceAll(/\s+/g, ' ')];
  return letters.length <= room ? letters.join('') : `${letters.slice(0, Math.max(1, room - 1)).join('')}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
