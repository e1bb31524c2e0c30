/** A decision about failures as the rules have it. */
export interface CallRuleText {
  readonly on: string | number | readonly (string | number)[];
  readonly when?: string;
  readonly do: string;
}

export interface HasCalls {
  readonly calls?: readonly CallRuleText[];
}

export interface Policy extends HasCalls {
  readonly required?: string;
  readonly optional?: string;
  readonly invalid?: string;
  readonly none?: string;
  readonly many?: string;
}

export interface Policies {
  readonly policy?: string;
  readonly policies?: Readonly<Record<string, Policy & { readonly extends?: string }>>;
}

/** What holds where a field says nothing: the accepted policy over those that it extends. */
export function readPolicy({ policy, policies }: Policies): Policy {
  if (policy === undefined) return {};
  if (policy === 'standard')
    return { required: 'review', optional: 'omit', invalid: 'review', none: 'review', many: 'review' };
  const { extends: base, ...own } = policies?.[policy] ?? {};
  const above = base === undefined ? {} : readPolicy({ policy: base, policies: policies ?? {} });
  return { ...above, ...own, calls: [...(own.calls ?? []), ...(above.calls ?? [])] };
}

interface HasFacts {
  readonly facts?: readonly {
    readonly call?: string;
    readonly status?: Readonly<Record<string, string>>;
  }[];
}

export function listUnapplied(systems: unknown, system: string, call: unknown): string[] {
  const { facts = [] } = (systems as Readonly<Record<string, HasFacts>>)[system] ?? {};
  const plain = (text: unknown = ''): string => String(text).trim().replaceAll(/\s+/g, ' ').toLowerCase();
  return facts
    .filter((fact) => plain(fact.call) === plain(call))
    .flatMap(({ status }) => Object.keys(status ?? {}));
}

/** The fields by which a target knows an object again: of these no policy decides. */
export function listUpsertKeys(once: unknown): readonly string[] {
  const entries = [once ?? []].flat() as readonly { readonly kind?: string; readonly by?: string }[];
  return entries.flatMap(({ kind, by }) => (kind === 'upsert' && by !== undefined ? [by] : []));
}

export function shareSettings(systems: unknown, system: string, other: string): boolean {
  const all = systems as Readonly<Record<string, { readonly auth?: unknown; readonly headers?: unknown }>>;
  const list = (name: string): readonly string[] =>
    JSON.stringify([all[name]?.auth, all[name]?.headers]).match(/\$[A-Z][A-Z0-9_]*/g) ?? [];
  return list(system).some((setting) => list(other).includes(setting));
}

/** Of what a target knows an object by, no policy decides: a person looks at a blank. */
export function forField<T extends { readonly policy: Policy; readonly keys: readonly string[] }>(
  path: string,
  context: T,
): T {
  if (!context.keys.includes(path)) return context;
  return { ...context, policy: { ...context.policy, required: 'review', optional: 'review' } };
}
