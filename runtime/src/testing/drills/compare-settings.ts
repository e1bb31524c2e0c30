import type { ServiceDefinition } from '../../engine/create-service.ts';
import { readRate } from '../../read-rate.ts';
import { isSame } from '../is-same.ts';
import { parseRules } from '../rules-oracle.ts';

interface SystemText {
  readonly limits?: {
    readonly rate?: string;
    readonly pools?: readonly { readonly for: string; readonly rate: string }[];
  };
}

/** What is set up rather than done: how often each system is called, and what tells one version from another. */
export function compareSettings(
  { systems, flows: [flow] }: ServiceDefinition,
  rules: string,
  record: unknown,
): string[] {
  const text = parseRules(rules) as {
    readonly systems: Readonly<Record<string, SystemText>>;
    readonly flows: Readonly<Record<string, { readonly from: { readonly version: string } }>>;
  };
  const rates = systems.flatMap(({ name, limits }) => {
    const { rate, pools = [] } = text.systems[name]?.limits ?? {};
    const wanted = [readRate(rate), ...pools.map((pool) => ({ for: pool.for, ...readRate(pool.rate) }))];
    const is = [limits?.rate, ...(limits?.pools ?? [])];
    return isSame(is, wanted)
      ? []
      : [`${name} is called ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`];
  });
  const path = flow === undefined ? undefined : text.flows[flow.name]?.from.version;
  if (flow === undefined || path === undefined || !/^[\w.]+$/.test(path)) return rates;
  const wanted = path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value), name), record);
  const version: unknown = flow.read.version(record);
  return isSame(version, wanted) ? rates : [...rates, `the version is ${String(version)}`];
}
