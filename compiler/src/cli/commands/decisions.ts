import { hasErrors } from '../../diagnostics/diagnostic.ts';
import { checkIntegration } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { createPlaceReader } from '../read-places.ts';
import { findRules } from '../find-rules.ts';
import { printFindings } from '../print-findings.ts';
import type { Format } from '../print-findings.ts';

/** `mortise decisions`: the register of what was decided, by whom, and why. @returns the exit code */
export async function decisions(
  host: Host,
  folder: string,
  args: { readonly rules: readonly string[]; readonly format: Format },
  print: (text: string) => void,
): Promise<number> {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  for (const entry of entries) {
    const [checked, found] = await checkIntegration(host, entry);
    if (checked === undefined || hasErrors(found)) {
      print(printFindings(host, folder, found, args.format));
      return 1;
    }
    const places = createPlaceReader(host, folder);
    for (const decision of checked.register) {
      const at = places.locate(decision.origin);
      const place = `${places.displayName(at.file)}:${at.line}`;
      if (args.format === 'json') print(`${JSON.stringify({ ...decision, origin: place })}\n`);
      else
        print(
          `${decision.gate.padEnd(8)} ${decision.subject}: ${decision.chosen} (${decision.from}, ${place})${decision.because === undefined ? '' : ` – ${decision.because}`}\n`,
        );
    }
  }
  return 0;
}
