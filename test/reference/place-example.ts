import { parse } from 'yaml';
import type { LanguageKey, LanguageSection } from '../../compiler/src/load/describe-language.ts';

type Node = Record<string, unknown>;

/** Where the examples of a section stand in the base rules; `!` at its end: in place of what is there. */
const PLACES: Readonly<Record<string, string>> = {
  '': '',
  'custom.*': 'custom.mine!',
  'policies.*': 'policies.mine',
  'calls[]': 'flows.contacts.to.0.calls.0!',
  'systems.*': 'systems.crm',
  'systems.*.auth': 'systems.crm.auth!',
  'systems.*.limits': 'systems.crm.limits',
  'systems.*.limits.pools[]': 'systems.crm.limits.pools.0!',
  'systems.*.pages[]': 'systems.crm.pages.0!',
  'systems.*.references[]': 'systems.crm.references.0!',
  'systems.*.facts[]': 'systems.ledger.facts.0!',
  'flows.*': 'flows.contacts',
  'flows.*.from': 'flows.contacts.from',
  'flows.*.from.changes': 'flows.contacts.from.changes',
  'flows.*.keep[]': 'flows.contacts.keep.0!',
  'flows.*.later': 'flows.contacts.later',
  'flows.*.find.*': 'flows.contacts.find.known',
  'flows.*.to[]': 'flows.contacts.to.0',
  'flows.*.to[].once': 'flows.contacts.to.0.once!',
  'flows.*.to[].batch': 'flows.contacts.to.0.batch!',
  'flows.*.to[].batch.match': 'flows.contacts.to.0.batch.match!',
  'flows.*.to[].map.*': 'flows.contacts.to.0.map.name!',
  alerts: 'alerts',
  'alerts.channels.*': 'alerts.channels.ops!',
  'alerts.send[]': 'alerts.send.1!',
  'allow[]': 'allow.0!',
};

/** The base rules with one example of the reference in them. @throws Error where nobody says where such examples stand */
export function placeExample(base: string, section: LanguageSection, key: LanguageKey): unknown {
  const rules = parse(base) as Node;
  const example = parse(key.example) as Node;
  const place = PLACES[section.section.replace(/\(.*\)$/, '')];
  if (place === undefined) throw new Error(`No place is known for the examples of ${section.section}.`);
  // Only the field of a list takes one.
  const list = example['element'] === undefined ? '.phones!' : '.labels!';
  const path = example['each'] === undefined ? place : place.replace('.name!', list);
  const steps = path
    .replace('!', '')
    .split('.')
    .filter((step) => step !== '');
  if (section.section === 'policies.*') rules['policy'] = 'mine';
  if (section.section.startsWith('flows.*.to[].batch')) {
    const batched = { write: 'POST /contacts/batch', item: 'inputs[]', id: 'results[].id' };
    put(rules, ['flows', 'contacts', 'to', '0'], batched, false, ['unless']);
  }
  // What is allowed must be there to be allowed.
  if (section.section === 'allow[]') put(rules, ['systems', 'crm', 'limits'], { daily: 100 }, true, []);
  put(rules, steps, example, path.endsWith('!'), key.without ?? []);
  return rules;
}

function put(
  holder: Node,
  steps: readonly string[],
  example: Node,
  replaces: boolean,
  without: readonly string[],
): void {
  const [step, ...rest] = steps;
  if (step === undefined) {
    for (const name of without) delete holder[name];
    merge(holder, example);
    return;
  }
  if (rest.length === 0 && replaces) {
    holder[step] = example;
    return;
  }
  holder[step] ??= /^\d+$/.test(rest[0] ?? '') ? [] : {};
  put(holder[step] as Node, rest, example, replaces, without);
}

function merge(into: Node, given: Node): void {
  for (const [name, value] of Object.entries(given)) {
    const held = into[name];
    if (isNode(held) && isNode(value) && isNode(Object.values(value)[0])) merge(held, value);
    else if (isNode(held) && isNode(value) && !Array.isArray(value)) merge(held, value);
    else into[name] = value;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
