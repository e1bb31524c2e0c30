import type { ServicePlan, SettingPlan } from '../../model/service-plan.ts';
import { comment, quote } from '../text/code-literals.ts';
import { emitHeader, emitImport } from './emit-header.ts';

/** The settings of the service, checked at start. */
export function emitConfig(plan: ServicePlan): string {
  const lines = plan.settings.map(
    (setting) =>
      `/** ${comment(setting.summary)}; rules: ${comment(setting.rule)} */\n${setting.name}: ${emitType(setting)},`,
  );
  return `${emitHeader(plan)}${emitImport(['readEnvironment'], '@mortise/runtime')}import { z } from 'zod';

const rate = z.string().regex(/^[1-9][0-9]* per [1-9][0-9]*(ms|s|m|h|d)$/, 'write it as "60 per 1m"');

const settings = z.object({
${lines.join('\n')}
/** 32 random bytes in base64 or hex, with which tokens are stored; make one with: openssl rand -base64 32 */
MORTISE_KEY: z.string()${plan.needsKey ? '' : '.optional()'},
/** where the service keeps what it must not forget */
MORTISE_STORE: z.string().default(${quote(`data/${plan.integration}.sqlite`)}),
/** where /readyz, /status and /metrics are served */
MORTISE_HOST: z.string().default('127.0.0.1'),
MORTISE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
/** set where nobody looks on; nothing is recorded there */
CI: z.string().optional(),
});

export type Config = z.infer<typeof settings>;

/** The only reader of the environment. */
export function readConfig(): Config {
  return readEnvironment(settings, process.env);
}
`;
}

function emitType(setting: SettingPlan): string {
  const types: Record<SettingPlan['kind'], string> = {
    url: "z.url('write a URL')",
    text: 'z.string()',
    secret: 'z.string()',
    rate: 'rate',
    count: 'z.coerce.number().int().min(1)',
    number: 'z.coerce.number()',
    boolean: "z.enum(['true', 'false']).transform((text) => text === 'true')",
  };
  return `${types[setting.kind]}${setting.required ? '' : '.optional()'}`;
}
