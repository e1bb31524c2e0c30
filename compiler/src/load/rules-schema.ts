import { z } from 'zod';
import type { RulesInput } from '../model/rules-input.ts';
import { alertsSchema } from './alerts-schema.ts';
import { allowed } from './allow-schema.ts';
import { customFunctions } from './custom-schema.ts';
import { key, section } from './document-key.ts';
import { flow, policy } from './flow-schema.ts';
import { later, name } from './schema-parts.ts';
import { system } from './system-schema.ts';

const settingName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9]*$/,
    'A setting is named by letters and digits, as in taxType: expressions read it as config.taxType.',
  );

/** The shape of a rules file, and what each of its keys means. Unknown keys are errors everywhere. */
export const rulesSchema: z.ZodType<RulesInput> = section(
  z.strictObject({
    mortise: key(
      z.literal(1, 'This compiler reads version 1 of the language: mortise: 1.'),
      'The version of this language.',
      'mortise: 1',
    ),
    integration: key(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,63}$/,
          'The name is at most 64 lower-case letters, digits and hyphens: it names files.',
        ),
      'The name of the integration; a store belongs to one.',
      'integration: contacts',
    ),
    purpose: key(
      z.string().regex(/\S/, 'What it does, in a sentence: whoever finds the service running reads it.'),
      'One sentence for whoever finds the service running.',
      'purpose: Customers become contacts.',
    ),
    output: key(
      z
        .string()
        .min(1)
        .refine(
          (path) => !/^(?:[\\/~]|[A-Za-z]:)/.test(path),
          'The folder is named as it is seen from this file, like ../generated/contacts: a path of one machine holds on no other. For another place there is gen --output.',
        ),
      'The folder into which `gen` writes, seen from this file.',
      'output: ./generated',
    ),
    zone: key(
      z.string().refine(isZone, 'This is no IANA time zone, like Pacific/Auckland.').optional(),
      'Whose calendar day a date without a time is, and whose clock schedules go by.',
      'zone: Pacific/Auckland',
      { otherwise: 'required where a date or a schedule needs one' },
    ),
    config: key(
      z.record(settingName, z.enum(['string', 'number', 'boolean'])).optional(),
      'Plain settings by name: `config.taxType` comes from `TAX_TYPE`.',
      'config: { taxType: string, dueDays: number }',
      { otherwise: 'none' },
    ),
    custom: key(
      customFunctions.optional(),
      'Functions of your own, by name: `custom.companyName` stands in `custom/company-name.ts`.',
      'custom: { companyName: { takes: { company: string? }, gives: string? } }',
      { otherwise: 'none' },
    ),
    sentinels: key(
      z
        .array(
          z
            .string()
            .regex(/\S/, 'Each is a text that people type for nothing; what is empty is blank anyway.'),
        )
        .superRefine(refuseTwins)
        .optional(),
      'Texts that stand for nothing, and are blank of the kind `sentinel`, in every field. The list takes the place of the usual one; compared without case and surrounding white space.',
      "sentinels: [n/a, '-', none, 1900-01-01]",
      { otherwise: '`n/a` and `-`' },
    ),
    policy: key(
      z.string().optional(),
      'What answers where no rule does: `standard`, or one of `policies`.',
      'policy: standard',
      {
        otherwise: 'nothing: every gate that opens stays open',
      },
    ),
    policies: key(
      z.record(name, policy).optional(),
      'Policies of your own.',
      'policies: { strict: { extends: standard, optional: review } }\npolicy: strict',
      {
        otherwise: 'none',
      },
    ),
    systems: key(
      z.record(name, system),
      'The APIs, by name.',
      'systems: { crm: { limits: { concurrency: 5 } } }',
    ),
    flows: key(
      z
        .record(name, flow)
        .refine(
          (flows) => Object.keys(flows).length > 0,
          'There is no flow here, so there is nothing to do.',
        ),
      'What travels, by name.',
      'flows: { contacts: { later: { changed: update } } }',
    ),
    links: later,
    alerts: key(
      alertsSchema.optional(),
      'Who is told of what.',
      'alerts: { channels: { ops: { kind: slack, url: $OPS_WEBHOOK } } }',
      {
        otherwise: 'nobody is told of anything',
      },
    ),
    allow: key(
      z.array(allowed).optional(),
      'Findings that somebody answers for, each at its one place.',
      'systems: { crm: { limits: { daily: 100 } } }\nallow: [{ code: quota, at: systems.crm.limits.daily, because: The vendor raises it in May., until: 2099-05-01 }]',
      { otherwise: 'nothing is allowed' },
    ),
  }),
  '',
  'The file itself.',
) as z.ZodType<unknown> as z.ZodType<RulesInput>;

function refuseTwins(texts: readonly string[], context: z.RefinementCtx): void {
  const known = texts.map((text) => text.trim().toLowerCase());
  for (const [index, text] of known.entries())
    if (known.indexOf(text) < index)
      context.addIssue({
        code: 'custom',
        path: [index],
        message: 'This stands in the list before: case and white space around it make no difference.',
      });
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}
