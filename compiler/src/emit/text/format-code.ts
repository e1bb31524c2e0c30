import { format } from 'prettier/standalone';
import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';
import { invariant } from '../../diagnostics/invariant.ts';

/** Generated code in one fixed style, whatever configuration stands around it. The only importer of Prettier. */
export async function formatCode(text: string, file: string): Promise<string> {
  try {
    return await format(dropGaps(text), {
      parser: 'typescript',
      plugins: [estree.default ?? estree, typescript],
      printWidth: 100,
      tabWidth: 2,
      useTabs: false,
      semi: true,
      singleQuote: true,
      quoteProps: 'as-needed',
      trailingComma: 'all',
      bracketSpacing: true,
      arrowParens: 'always',
      endOfLine: 'lf',
    });
  } catch (error) {
    invariant(false, `${file} does not parse: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** Optional parts that are absent leave empty lines inside an object; a person would not. */
function dropGaps(text: string): string {
  return text.replaceAll(/\n(?:[ \t]*\n)+(?=[ \t]+\S)/g, '\n');
}
