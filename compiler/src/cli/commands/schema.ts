import { hasErrors } from '../../diagnostics/diagnostic.ts';
import type { Host } from '../../source/host.ts';
import { buildEditorSchema } from '../editor-schema.ts';
import { findRules } from '../find-rules.ts';
import { printFindings } from '../print-findings.ts';
import { readSketch } from '../read-sketch.ts';

/** `mortise schema`: a JSON Schema beside each rules file, for editors. @returns the exit code */
export function schema(
  host: Host,
  folder: string,
  args: { readonly rules: readonly string[] },
  print: (text: string) => void,
): number {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  let failed = false;
  for (const entry of entries) {
    const [sketch, found] = readSketch(host, entry);
    failed ||= hasErrors(found);
    if (found.length > 0) print(printFindings(host, folder, found, 'text'));
    const file = entry.replace(/(?:\.rules)?\.ya?ml$/, '.schema.json');
    host.writeFile(file, `${JSON.stringify(buildEditorSchema(sketch))}\n`);
    const name = file.slice(file.lastIndexOf('/') + 1);
    print(
      `${host.relative(folder, file)}: put this line at the top of the rules file:\n# yaml-language-server: $schema=./${name}\n`,
    );
  }
  return failed ? 1 : 0;
}
