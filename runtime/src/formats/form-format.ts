import { stringifyExactJson } from '../exact-json.ts';
import type { BodyFormat } from './body-format.ts';
import { isPlainObject, readScalar, writeScalar } from './wire-shape.ts';
import type { WireScalar } from './wire-shape.ts';

/**
 * How a property that is no scalar is written (OpenAPI 3.1, 4.8.15 and appendix C): `repeat` is `style: form` exploded,
 * `,` `|` and a blank join the members, `brackets` is `deepObject` as Stripe writes it, nested and with indexes.
 */
export type FormStyle = 'repeat' | 'brackets' | 'json' | ',' | ' ' | '|';

export interface FormOptions {
  /** By property; `repeat` for lists of scalars and `json` for anything else where it is left out. */
  readonly styles?: Readonly<Record<string, FormStyle>>;
  /** Of an answer, by property. */
  readonly fields?: Readonly<Record<string, WireScalar>>;
}

export const FORM_TYPE = 'application/x-www-form-urlencoded';

export function formFormat({ styles = {}, fields = {} }: FormOptions = {}): BodyFormat {
  return {
    type: FORM_TYPE,
    write(value) {
      const pairs = Object.entries(value as object).flatMap(([name, part]) =>
        listPairs(name, part, Object.hasOwn(styles, name) ? styles[name] : undefined),
      );
      return { text: new URLSearchParams(pairs).toString(), contentType: FORM_TYPE };
    },
    read(text) {
      const given = new URLSearchParams(text);
      return Object.fromEntries(
        Object.entries(fields).flatMap(([name, type]) => {
          const found = given.get(name);
          return found === null ? [] : [[name, readScalar(found, type)]];
        }),
      );
    },
    accepts: (given) => given === FORM_TYPE || given === '',
  };
}

type Pair = [name: string, value: string];

function listPairs(name: string, value: unknown, style: FormStyle | undefined): Pair[] {
  if (value === undefined) return [];
  // A form has no null; the vendors that let a field be emptied take the empty text for it.
  if (value === null) return [[name, '']];
  if (typeof value !== 'object') return [[name, writeScalar(value, name)]];
  if (style === 'brackets') return listBracketed(name, value);
  const json: Pair = [name, stringifyExactJson(value) ?? ''];
  if (style === 'json') return [json];
  if (!Array.isArray(value)) return style === undefined ? [json] : listMembers(name, value, style);
  const items = value as readonly unknown[];
  if (style !== undefined && style !== 'repeat')
    return [[name, items.map((item) => writeScalar(item ?? '', name)).join(style)]];
  return items.flatMap((item) =>
    isPlainObject(item) ? [[name, stringifyExactJson(item) ?? ''] as Pair] : listPairs(name, item, 'json'),
  );
}

/** An object exploded is its members under their own names; joined, it is names and values in turn. */
function listMembers(name: string, value: object, style: Exclude<FormStyle, 'brackets' | 'json'>): Pair[] {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (style === 'repeat') return members.flatMap(([key, member]) => listPairs(key, member, undefined));
  return [[name, members.flatMap(([key, member]) => [key, writeScalar(member ?? '', key)]).join(style)]];
}

function listBracketed(name: string, value: unknown): Pair[] {
  if (typeof value !== 'object' || value === null) return listPairs(name, value, undefined);
  return Object.entries(value).flatMap(([key, member]) => listBracketed(`${name}[${key}]`, member));
}
