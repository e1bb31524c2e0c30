import { actionOf } from '../check/format-decision.ts';
import type { CompileReport } from '../pipeline.ts';
import type { Host } from '../source/host.ts';

/** What a run of `gen` did: files, decisions, and how many fields can park a record. */
export function renderSummary(
  host: Host,
  folder: string,
  entry: string,
  report: CompileReport,
  run: { readonly check: boolean; readonly ms: number },
): string {
  const { checked } = report;
  if (checked === undefined) return '';
  const explicit = checked.register.filter((decision) => decision.from === 'rules').length;
  const inherited = checked.register.length - explicit;
  const fields = checked.flows.flatMap((flow) => flow.targets.flatMap((target) => target.fields));
  const parking = fields.filter((field) => {
    const decisions = [
      ...field.blankKinds.map((kind) => field.blank.get(kind)),
      ...field.invalidKinds.map((kind) => field.invalid.get(kind)),
    ];
    const otherwise = field.otherwise === undefined ? [] : [field.otherwise];
    return [
      ...decisions.flatMap((chosen) => (chosen === undefined ? [] : [chosen.decision])),
      ...otherwise,
    ].some((decision) => actionOf(decision) === 'review');
  });
  const change = run.check
    ? 'as the rules say'
    : `${report.written.length} written, ${report.removed.length} removed`;
  const warnings = report.found.filter((finding) => finding.severity === 'warning').length;
  const lines = [
    `${host.relative(folder, entry)} → ${host.relative(folder, report.folder ?? '')}: ${report.files} files, ${change}`,
    `  decisions   ${explicit} explicit, ${inherited} inherited from policy "${checked.model.rules.policy ?? 'none'}"`,
    `  review      ${parking.length} of ${fields.length} fields can park a record`,
    `  warnings    ${warnings}`,
    `  time        ${(run.ms / 1000).toFixed(1)} s`,
  ];
  return `${lines.join('\n')}\n`;
}
