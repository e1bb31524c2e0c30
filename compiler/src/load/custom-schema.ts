import { z } from 'zod';
import { CUSTOM_TYPES } from '../model/rules-input.ts';
import { key, section } from './document-key.ts';

const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if ' +
    'implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof ' +
    'undefined var void while with yield'
  ).split(' '),
);

const identifier = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9]{0,63}$/,
    'A name here is a lower-case letter, then letters and digits: companyName.',
  )
  .refine((name) => !RESERVED.has(name), 'This is a word of TypeScript. Choose another name.');

const functionName = identifier
  .refine((name) => name !== 'custom', 'Functions are called custom.<name>. Choose another name.')
  .refine(
    (name) => !/^auth[A-Z]/.test(name),
    'Names like this are those of the functions that log in: custom/auth-<system>.ts. Choose another.',
  );

const type = z.enum(CUSTOM_TYPES);

const customFunction = section(
  z.strictObject({
    does: key(
      z.string().min(1).optional(),
      'One sentence for whoever writes the function, and for the documents.',
      'does: Cuts the legal form from a company name.\ntakes: { company: string? }\ngives: string?',
      { otherwise: 'not said' },
    ),
    takes: key(
      z
        .record(identifier, type)
        .refine(
          (takes) => Object.keys(takes).length > 0,
          'A function takes at least one value: value: string?.',
        ),
      'Its arguments in their order, by name: `string`, `number` or `boolean`, `[]` for a list, `?` for one that may be absent or null.',
      'takes: { company: string?, tags: "string[]" }\ngives: string?',
    ),
    gives: key(
      type,
      'What it gives back, at once: a `?` lets it give nothing. Of a text that it gives nothing is known, so that the gates for blank and invalid open.',
      'takes: { stage: string? }\ngives: boolean',
    ),
  }),
  'custom.*',
  'A function of your own in `custom/<name>.ts`, which `gen` writes once as a stub and then only type-checks. Expressions of `keep`, of `map`, and of the `with` of a look-up or target call it: `=custom.companyName(source.company)`. Where it throws, the record goes to review. It must give the same for the same, for it is asked again.',
  'takes: { company: string? }\ngives: string?',
);

export const customFunctions = z.record(functionName, customFunction);
