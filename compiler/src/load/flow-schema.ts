import { z } from 'zod';
import { MANY_ACTIONS, POLICY_ACTIONS } from '../model/rules-input.ts';
import { key, section } from './document-key.ts';
import { because, calls, expression, name } from './schema-parts.ts';
import { find, from } from './source-schema.ts';
import { target } from './target-schema.ts';

const keep = section(
  z.strictObject({
    when: key(expression, 'True for a record that is kept. It is asked as soon as what it names is known.'),
    otherwise: key(
      z.enum(['skip', 'review', 'fail']),
      'What becomes of the others.',
      "when: =source.stage === 'customer'\notherwise: review",
    ),
    because: key(
      because,
      'Why; it is printed in the decision register.',
      "when: =source.stage === 'customer'\notherwise: skip\nbecause: Only customers are billed.",
      { otherwise: 'not said' },
    ),
  }),
  'flows.*.keep[]',
  'Which records travel.',
  "when: =source.stage === 'customer'\notherwise: skip",
);

const afterwards = section(
  z.strictObject({
    changed: key(
      z.enum(['update', 'ignore', 'review']).optional(),
      'When a delivered record changes: it is written again, stays as it is, or a person looks.',
      'changed: update',
      { otherwise: 'required' },
    ),
    left: key(
      z.enum(['ignore', 'review', 'unseen']).optional(),
      'When a delivered record is no longer kept. `unseen`: the source does not show it, so nobody can know.',
      'left: review',
      { otherwise: 'required' },
    ),
    deleted: key(
      z.enum(['ignore']).optional(),
      'When a delivered record is deleted at the source.',
      'deleted: ignore',
      {
        otherwise: 'required',
      },
    ),
    because: key(because, 'Why.', 'because: The accountant archives contacts by hand.', {
      otherwise: 'not said',
    }),
  }),
  'flows.*.later',
  'What happens after delivery.',
);

export const flow = section(
  z.strictObject({
    from: key(from, 'Where records come from.', 'from: { every: 10m }'),
    keep: key(
      z.array(keep).optional(),
      'Which records travel; every line must be true.',
      "keep: [{ when: =source.stage === 'customer', otherwise: skip }]",
      {
        otherwise: 'all of them',
      },
    ),
    later: key(afterwards.optional(), 'What happens after delivery.', 'later: { changed: ignore }', {
      otherwise: 'required',
    }),
    find: key(
      z.record(name, find).optional(),
      'What is looked up for each record, by name: `found.<name>`.',
      'find: { known: { cache: 1h } }',
      { otherwise: 'nothing' },
    ),
    to: key(z.array(target).min(1), 'Where records go, in order.', 'to: [{ item: "contacts[0]" }]'),
    calls: key(
      calls,
      'Decisions on answers, for every call of the flow.',
      'calls: [{ on: 503, do: defer }]',
      {
        otherwise: 'as the system and the policy say',
      },
    ),
  }),
  'flows.*',
  'Records travel from one source to one or several targets.',
);

export const policy = section(
  z.strictObject({
    extends: key(
      z.string().optional(),
      '`standard`, or another policy of this file: what is left out comes from there.',
      'extends: standard',
      {
        otherwise: 'what is left out stays open',
      },
    ),
    required: key(
      z.enum(POLICY_ACTIONS).optional(),
      'When a required field is blank.',
      'extends: standard\nrequired: fail\nbecause: Nobody has time to look.',
      {
        otherwise: 'as in what it extends',
      },
    ),
    optional: key(
      z.enum([...POLICY_ACTIONS, 'omit']).optional(),
      'When an optional field is blank.',
      'extends: standard\noptional: omit',
      {
        otherwise: 'as in what it extends',
      },
    ),
    invalid: key(
      z.enum(POLICY_ACTIONS).optional(),
      'When a value would not be accepted.',
      'extends: standard\ninvalid: fail\nbecause: Nobody has time to look.',
      {
        otherwise: 'as in what it extends',
      },
    ),
    none: key(
      z.enum(['review', 'defer', 'skip', 'fail']).optional(),
      'When a look-up finds nothing.',
      'extends: standard\nnone: defer',
      {
        otherwise: 'as in what it extends',
      },
    ),
    many: key(
      z.enum(MANY_ACTIONS).optional(),
      'When a look-up finds several.',
      'extends: standard\nmany: fail\nbecause: Nobody has time to look.',
      {
        otherwise: 'as in what it extends',
      },
    ),
    calls: key(calls, 'Decisions on answers.', 'extends: standard\ncalls: [{ on: 410, do: review }]', {
      otherwise: 'as in what it extends',
    }),
    because: key(
      because,
      'Why; required where records are left out.',
      'extends: standard\nnone: skip\nbecause: They come again.',
      {
        otherwise: 'not said',
      },
    ),
  }),
  'policies.*',
  'A named set of answers for what no rule decides. `standard` is there always; `docs/decisions.md` of a service lists what it answers.',
  'extends: standard',
);
