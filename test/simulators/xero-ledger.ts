import type { SeededRandom } from './seeded-random.ts';
import type { SentContact, WriteResult, XeroContact } from './xero-contact.ts';

export interface LedgerWrite {
  readonly sent: SentContact;
  readonly errors: readonly string[];
}

export interface XeroLedger {
  /** With `allOrNothing`, one refused contact leaves the ledger as it was. */
  write(writes: readonly LedgerWrite[], mode: { createOnly: boolean; allOrNothing: boolean }): WriteResult[];
  /** Contacts as they are now. */
  contacts(): readonly XeroContact[];
  /** Contacts as reads see them: without what was written within the lag. */
  visibleContacts(): readonly XeroContact[];
  creations(): ReadonlyMap<string, number>;
}

interface StoredVersion {
  readonly at: number;
  readonly contact: XeroContact;
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

/** Of the versions that reads can already see only the newest is kept. */
function appendVersion(
  earlier: readonly StoredVersion[],
  version: StoredVersion,
  lagMs: number,
): readonly StoredVersion[] {
  const visible = earlier.findLastIndex((one) => one.at <= version.at - lagMs);
  return [...earlier.slice(Math.max(0, visible)), version];
}

export function createXeroLedger(options: LedgerOptions): XeroLedger {
  const { now, random } = options;
  let versions = new Map<string, readonly StoredVersion[]>();
  let created = new Map<string, number>();

  const readCurrent = (): XeroContact[] =>
    [...versions.values()].flatMap((stored) => stored.at(-1)?.contact ?? []);

  const writeOne = (write: LedgerWrite, createOnly: boolean): WriteResult => {
    const { sent } = write;
    if (write.errors.length > 0) return { contact: sent, errors: write.errors };
    const contacts = readCurrent();
    const match = matchContact(sent, contacts, createOnly);
    if ('refused' in match) return { contact: sent, errors: [match.refused] };
    const base = match.found ?? { ContactID: random.uuid(), ContactStatus: 'ACTIVE', Name: '', ...untouched };
    const merged: XeroContact = {
      ...base,
      ...sent,
      UpdatedDateUTC: `/Date(${now()}+0000)/`,
      HasValidationErrors: false,
    };
    if (isNameTaken(merged, contacts)) {
      return { contact: sent, errors: [`Another contact already carries the name ${merged.Name}`] };
    }
    const earlier = versions.get(merged.ContactID) ?? [];
    const version = { at: now(), contact: merged };
    versions.set(merged.ContactID, appendVersion(earlier, version, options.lookupLagMs));
    const number = merged.ContactNumber;
    if (match.found === undefined && number) created.set(number, (created.get(number) ?? 0) + 1);
    return { contact: merged, errors: [] };
  };

  return {
    write(writes, mode) {
      const before = { versions: new Map(versions), created: new Map(created) };
      const results = writes.map((write) => writeOne(write, mode.createOnly));
      if (mode.allOrNothing && results.some((result) => result.errors.length > 0)) {
        ({ versions, created } = before);
      }
      return results;
    },
    contacts: () => structuredClone(readCurrent()),
    visibleContacts: () => {
      const until = now() - options.lookupLagMs;
      return [...versions.values()].flatMap(
        (stored) => stored.findLast((version) => version.at <= until)?.contact ?? [],
      );
    },
    creations: () => new Map(created),
  };
}
