/** The text of each template, by its name without `.hbs`; what the page is styled and moved by is no template. Read by whoever has a file system; emission is pure. */
export interface Templates {
  readonly 'main.ts': string;
  readonly 'readme.md': string;
  readonly 'mapping.md': string;
  readonly 'decisions.md': string;
  readonly 'answers.md': string;
  readonly 'operations.md': string;
  readonly 'overview.md': string;
  readonly 'writes.md': string;
  readonly 'outages.md': string;
  readonly 'security.md': string;
  readonly 'corrections.md': string;
  readonly 'page.html': string;
  readonly 'page.css': string;
  readonly 'page.js': string;
  readonly 'env.example': string;
}

export const TEMPLATE_NAMES = [
  'main.ts',
  'readme.md',
  'mapping.md',
  'decisions.md',
  'answers.md',
  'operations.md',
  'overview.md',
  'writes.md',
  'outages.md',
  'security.md',
  'corrections.md',
  'page.html',
  'page.css',
  'page.js',
  'env.example',
] as const satisfies readonly (keyof Templates)[];
