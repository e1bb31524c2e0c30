import { didYouMean } from '../../diagnostics/suggest.ts';
import type { GivenAnswer } from '../../emit/docs/timeline.ts';
import { CALL_CLASSES } from '../../model/rules-input.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { checkIntegration } from '../../pipeline.ts';
import type { Host } from '../../source/host.ts';
import { findRules } from '../find-rules.ts';
import { printFindings } from '../print-findings.ts';
import { createPlaceReader } from '../read-places.ts';
import { renderCalls, renderFields } from '../render-explained.ts';
import type { RenderOptions } from '../render-explained.ts';

export interface ExplainServiceArguments {
  readonly rules: readonly string[];
  /** `crm.read`. */
  readonly call: string | undefined;
  readonly status: number | undefined;
  readonly class: string | undefined;
  /** As the header says it: seconds. */
  readonly retryAfter: string | undefined;
  /** `customers.EmailAddress`. */
  readonly field: string | undefined;
  /** Undefined where the field gets none. */
  readonly value: string | undefined;
  readonly null: boolean;
  readonly format: 'text' | 'json';
}

/** `mortise explain --call` and `--field`: what the service will do, by the data of its answer book. @returns the exit code */
export async function explainService(
  host: Host,
  folder: string,
  args: ExplainServiceArguments,
  print: (text: string) => void,
): Promise<number> {
  const refuse = (problem: string): number => {
    print(`${problem}\n`);
    return 2;
  };
  const wrong = judgeArguments(args);
  if (wrong !== undefined) return refuse(wrong);
  const [entry, ...others] = findRules(host, folder, args.rules, print);
  if (entry === undefined) return 2;
  if (others.length > 0) return refuse('There are several rules files: name the one that is meant, last.');
  const [checked, found] = await checkIntegration(host, entry);
  if (checked === undefined) {
    print(printFindings(host, folder, found, 'text'));
    return 1;
  }
  const { planService } = await import('../../plan/plan-service.ts');
  const plan = planService(checked, { names: {}, rulesPath: host.relative(folder, entry) });
  const options = { places: createPlaceReader(host, folder), format: args.format };
  const text =
    args.call === undefined
      ? await explainFields(plan, args, options)
      : await explainCalls(plan, args, options);
  if (typeof text !== 'string') return refuse(text.problem);
  print(text);
  return 0;
}

interface Refusal {
  readonly problem: string;
}

function judgeArguments({
  call,
  field,
  status,
  class: failure,
  retryAfter,
  value,
  ...args
}: ExplainServiceArguments): string | undefined {
  if (call !== undefined && field !== undefined)
    return 'Ask for a call or for a field: --call or --field, not both.';
  if (field !== undefined) {
    if (status !== undefined || failure !== undefined || retryAfter !== undefined)
      return '--status, --class and --retry-after belong to --call.';
    return args.null && value !== undefined
      ? 'A value is a text or null: --value or --null, not both.'
      : undefined;
  }
  if (value !== undefined || args.null) return '--value and --null belong to --field.';
  if ((status === undefined) === (failure === undefined))
    return `Say how the call ended: --status 429, or --class ${CALL_CLASSES.join('|')}.`;
  if (Number.isNaN(status)) return '--status takes a number: --status 429.';
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599))
    return `${status} is no status that a call ends with: 200 to 599.`;
  if (retryAfter !== undefined && (status === undefined || !/^\d+(\.\d+)?$/.test(retryAfter)))
    return status === undefined
      ? 'Without an answer there is no Retry-After.'
      : `--retry-after takes seconds, as in 120, and "${retryAfter}" is none.`;
  return undefined;
}

async function explainCalls(
  plan: ServicePlan,
  args: ExplainServiceArguments,
  options: RenderOptions,
): Promise<string | Refusal> {
  const { explainCall, listCallNames } = await import('../../emit/docs/explain-call.ts');
  const { call = '', status, class: failure, retryAfter } = args;
  const retryAfterMs = retryAfter === undefined ? undefined : Number(retryAfter) * 1000;
  const given: GivenAnswer = { status, failure, retryAfterMs };
  const explained = explainCall(plan, call, given);
  if (explained.length > 0) return renderCalls(explained, options);
  return unknownName('call', call, listCallNames(plan));
}

async function explainFields(
  plan: ServicePlan,
  args: ExplainServiceArguments,
  options: RenderOptions,
): Promise<string | Refusal> {
  const { explainField, listFieldNames } = await import('../../emit/docs/explain-field.ts');
  const { field = '', value } = args;
  const given = args.null ? null : value;
  const explained = explainField(plan, field, given);
  if (explained.length > 0) return renderFields(explained, given, options);
  return unknownName('field', field, listFieldNames(plan));
}

function unknownName(
  what: string,
  name: string,
  known: readonly { readonly names: readonly string[] }[],
): Refusal {
  const all = [...new Set(known.flatMap(({ names }) => names))];
  const shown = [...new Set(known.flatMap(({ names: [first] }) => first ?? []))];
  return {
    problem: `The service has no ${what} "${name}".${didYouMean(name, all)} It has ${shown.join(', ')}.`,
  };
}
