/** The text of each template, by its name without `.hbs`. Read by whoever has a file system; emission is pure. */
export interface Templates {
  readonly 'main.ts': string;
  readonly 'readme.md': string;
  readonly 'mapping.md': string;
  readonly 'decisions.md': string;
  readonly 'answers.md': string;
  readonly 'operations.md': string;
  readonly 'env.example': string;
}

export const TEMPLATE_NAMES = [
  'main.ts',
  'readme.md',
  'mapping.md',
  'decisions.md',
  'answers.md',
  'operations.md',
  'env.example',
] as const satisfies readonly (keyof Templates)[];
