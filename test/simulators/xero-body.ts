import { z } from 'zod';
import type { CheckedBody, RecordBook, SentRecord } from './xero-record.ts';

export interface BodyShape {
  readonly field: RecordBook['field'];
  /** What a caller may write. */
  readonly schema: z.ZodType;
  /** The ledger's own demands, which its description does not state. */
  readonly demand: (sent: SentRecord) => readonly string[];
}

function listIssues(error: z.ZodError | undefined, where: string): string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.') || where} ${issue.message}`);
}

function hasUnknownField(error: z.ZodError | undefined): boolean {
  return (error?.issues ?? []).some((issue) => issue.code === 'unrecognized_keys');
}

/** Splits a written body into records with the reasons to refuse each. */
export function checkBody(body: unknown, { field, schema, demand }: BodyShape): CheckedBody {
  const envelope = z.strictObject({ [field]: z.array(z.record(z.string(), z.unknown())).min(1) });
  const parsed = envelope.safeParse(body);
  if (!parsed.success) return { records: [], breaches: listIssues(parsed.error, 'body'), unreadable: true };
  const checked = (parsed.data[field] ?? []).map((sent) => {
    const error = schema.safeParse(sent).error;
    const issues = listIssues(error, field);
    return { sent, issues, errors: [...issues, ...demand(sent)], unreadable: hasUnknownField(error) };
  });
  return {
    records: checked.map(({ sent, errors }) => ({ sent, errors })),
    breaches: checked.flatMap((one) => one.issues),
    unreadable: checked.some((one) => one.unreadable),
  };
}
