import type { Schema } from '../../model/api-model.ts';
import { listFields } from '../list-target-fields.ts';

const KEYS = [/^id$/i, /^(?:uuid|guid|sid|gid)$/i, /^\w*(?:_id|Id|ID|_sid|Sid)$/, /^(?:key|number|code)$/i];
const VERSIONS = [
  /^(?:updated|modified|last_?updated|last_?modified|date_?updated|date_?modified|updated_?date|changed)(?:_?(?:at|on|date|time|utc|dateutc))*$/i,
  /(?:updated|modified|changed)/i,
  /^(?:version|revision|etag)$/i,
];

/** The field that names a record; undefined where none looks like it. @param noun what it is, in the singular */
export function findKey(record: Schema, noun?: string): string | undefined {
  // Some objects hold the ids of others, too: an invoice knows itself by InvoiceID.
  const own = noun === undefined ? [] : [new RegExp(`^${noun}_?(?:id|sid)$`, 'i')];
  return findFirst(record, [...KEYS.slice(0, 2), ...own, ...KEYS.slice(2)]);
}

/** The field that tells that a record has changed. */
export function findVersion(record: Schema): string | undefined {
  return findFirst(record, VERSIONS);
}

function findFirst(record: Schema, patterns: readonly RegExp[]): string | undefined {
  const fields = listFields(record).filter(
    ({ path, schema }) =>
      /^\w+$/.test(path) && schema.types.every((type) => type === 'string' || type === 'integer'),
  );
  for (const pattern of patterns) {
    const found = fields.find(({ path }) => pattern.test(path));
    if (found !== undefined) return found.path;
  }
  return undefined;
}
