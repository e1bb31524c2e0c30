import type * as PhoneNumbers from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import { onFirstUse } from '../on-first-use.ts';
import { createPhonePlan, isNumberOf, stripPrefix } from './phone-plan.ts';
import type { LibraryPlan, PhonePlan } from './phone-plan.ts';
import { failed, made } from './transform.ts';
import type { Transformed } from './transform.ts';

const library = onFirstUse((require) => require('libphonenumber-js') as typeof PhoneNumbers);

/** A plus and fifteen digits; the library knows longer numbers too, which are dialled within one country alone. */
const LONGEST = 16;

/**
 * E.164 (ITU-T), read as dialled in `region` (ISO 3166) where no country code is given. An extension is left out. Fails
 * where libphonenumber knows no such number.
 */
export function toPhone(value: string, region: string): Transformed<string> {
  const number = readPlainNumber(value.trim(), region) ?? readAnyNumber(value, region);
  return number === undefined || number.length > LONGEST
    ? failed('this is no telephone number')
    : made(number);
}

function readAnyNumber(text: string, region: string): string | undefined {
  const number = library().parsePhoneNumberFromString(text, region as CountryCode);
  return number?.isValid() === true ? number.number : undefined;
}

/** What of the library's `Metadata` is asked and its types leave out. */
interface LibraryMetadata {
  getCountryCodesForCallingCode(callingCode: string): readonly string[] | undefined;
  hasCountry(region: string): boolean;
  selectNumberingPlan(region: string): void;
  readonly numberingPlan?: LibraryPlan;
}

const metadata = onFirstUse(() => new (library().Metadata)() as unknown as LibraryMetadata);
const plans = new Map<string, PhonePlan | undefined>();
const sharers = new Map<string, readonly PhonePlan[]>();

function planOf(region: string): PhonePlan | undefined {
  if (plans.has(region)) return plans.get(region);
  if (metadata().hasCountry(region)) metadata().selectNumberingPlan(region);
  const found = metadata().hasCountry(region) ? metadata().numberingPlan : undefined;
  const plan = found === undefined ? undefined : createPhonePlan(found);
  plans.set(region, plan);
  return plan;
}

/** The plans of all regions with this calling code, the main one first; none for a code that is no region's. */
function plansOf(callingCode: string): readonly PhonePlan[] {
  const known = sharers.get(callingCode);
  if (known !== undefined) return known;
  const regions = metadata().getCountryCodesForCallingCode(callingCode) ?? [];
  const found = regions.flatMap((region) => planOf(region) ?? []);
  sharers.set(callingCode, found);
  return found;
}

const PLAIN = /^\(?\+?\d(?:[ .()-]{0,2}\d){5,16}$/;
const NOT_DIALLED = /[ .()-]+/g;

/**
 * The common shapes, answered from the library's own metadata as it would answer; undefined for all that is not plainly a
 * valid number, which the library judges. It takes twenty times as long.
 */
function readPlainNumber(text: string, region: string): string | undefined {
  if (!PLAIN.test(text)) return undefined;
  const dialled = text.replaceAll(NOT_DIALLED, '');
  if (dialled.startsWith('+')) return readInternational(dialled.slice(1));
  const plan = planOf(region);
  // Digits that may begin with the code of a country, this one or another, are a question of their own.
  if (plan === undefined || plan.abroad.test(dialled) || dialled.startsWith(plan.callingCode))
    return undefined;
  return readNational(plan, dialled);
}

function readInternational(digits: string): string | undefined {
  for (let length = 1; length <= 3; length += 1) {
    const [main] = plansOf(digits.slice(0, length));
    if (main !== undefined) return readNational(main, digits.slice(length));
  }
  return undefined;
}

function readNational(plan: PhonePlan, dialled: string): string | undefined {
  const digits = stripPrefix(plan, dialled);
  if (digits === undefined) return undefined;
  const home = findHome(plan, digits);
  return home?.lengths.includes(digits.length) === true ? `+${plan.callingCode}${digits}` : undefined;
}

/** The region whose valid number this is: the first that claims it, of those that share the calling code. */
function findHome(plan: PhonePlan, digits: string): PhonePlan | undefined {
  const regions = plansOf(plan.callingCode);
  if (regions.length === 1) return isNumberOf(plan, digits) ? plan : undefined;
  for (const region of regions) {
    if (region.leading === undefined) {
      if (isNumberOf(region, digits)) return region;
    } else if (region.leading.test(digits)) return isNumberOf(region, digits) ? region : undefined;
  }
  return undefined;
}
