import type { SeededRandom } from './seeded-random.ts';
import { checkContactsBody } from './xero-contact-schema.ts';
import type { SentContact, XeroContact } from './xero-contact.ts';
import type { CheckedRecord, RecordBook, WriteResult } from './xero-record.ts';
import { createVersionedRows } from './xero-versions.ts';

export interface XeroLedger extends RecordBook {
  /** Contacts as they are now. */
  contacts(): readonly XeroContact[];
  /** Contacts as reads see them: without what was written within the lag. */
  visibleContacts(): readonly XeroContact[];
  creations(): ReadonlyMap<string, number>;
}

export interface LedgerOptions {
  readonly random: SeededRandom;
  readonly now: () => number;
  readonly lookupLagMs: number;
}

type Match = { readonly found: XeroContact | undefined } | { readonly refused: string };

const untouched = { Addresses: [], ContactGroups: [], ContactPersons: [] };

/** ContactID first, then ContactNumber; neither means a new contact. */
function matchContact(sent: SentContact, contacts: readonly XeroContact[], createOnly: boolean): Match {
  const byNumber =
    sent.ContactNumber === undefined || sent.ContactNumber === ''
      ? undefined
      : contacts.find((contact) => contact.ContactNumber === sent.ContactNumber);
  if (createOnly) {
    if (sent.ContactID !== undefined)
      return { refused: 'A contact that is created cannot bring a ContactID' };
    return byNumber ? { refused: 'The contact number is in use' } : { found: undefined };
  }
  if (sent.ContactID === undefined) return { found: byNumber };
  const byId = contacts.find((contact) => contact.ContactID === sent.ContactID);
  if (byId === undefined) return { refused: 'There is no contact with this ContactID' };
  if (byNumber !== undefined && byNumber !== byId) return { refused: 'The contact number is in use' };
  return { found: byId };
}

function isNameTaken(merged: XeroContact, contacts: readonly XeroContact[]): boolean {
  if (merged.ContactStatus !== 'ACTIVE') return false;
  return contacts.some(
    (other) =>
      other.ContactStatus === 'ACTIVE' && other.Name === merged.Name && other.ContactID !== merged.ContactID,
  );
}

export function createXeroLedger({ now, random, lookupLagMs }: LedgerOptions): XeroLedger {
  const rows = createVersionedRows<XeroContact>(now, lookupLagMs);

  const writeOne = (write: CheckedRecord, createOnly: boolean): WriteResult => {
    const sent = write.sent as SentContact;
    const contacts = rows.current();
    const match = matchContact(sent, contacts, createOnly);
    if ('refused' in match) return { record: sent, errors: [match.refused] };
    const base = match.found ?? { ContactID: random.uuid(), ContactStatus: 'ACTIVE', Name: '', ...untouched };
    const merged: XeroContact = {
      ...base,
      ...sent,
      UpdatedDateUTC: `/Date(${now()}+0000)/`,
      HasValidationErrors: false,
    };
    if (isNameTaken(merged, contacts)) {
      return { record: sent, errors: [`Another contact already carries the name ${merged.Name}`] };
    }
    const isNew = match.found === undefined;
    rows.put(merged.ContactID, merged, isNew && merged.ContactNumber ? merged.ContactNumber : undefined);
    return { record: merged, errors: [] };
  };

  return {
    field: 'Contacts',
    refused: { HasValidationErrors: true },
    check: checkContactsBody,
    write: (writes, mode) => rows.writeAll(writes, mode, (write) => writeOne(write, mode.createOnly)),
    contacts: () => structuredClone(rows.current()),
    visibleContacts: rows.visible,
    creations: rows.creations,
  };
}
