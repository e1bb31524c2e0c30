/** What a field's name says about a person; the first that fits. Words are those of the name, in small letters. */
const KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ['e-mail address', /^(?:e?mails?|mailbox)$/],
  ['telephone number', /^(?:phones?|tele?phone|tel|mobile|cell|fax|msisdn|sms|whatsapp)$/],
  ['date of birth or age', /^(?:birth|birthday|birthdate|dob|born|age)$/],
  ['sex, family or origin', /^(?:gender|sex|marital|nationality|ethnicity|religion|title|salutation|pronouns)$/],
  ['health', /^(?:health|medical|diagnosis|allergy|allergies|disability|insurance)$/],
  ['bank or card', /^(?:iban|bic|swift|bank|card|pan|cvv|sortcode|bsb)$/],
  ['official number', /^(?:ssn|nin|passport|licence|license|vat|tax|taxid|tin|abn|uid|national)$/],
  ['wage', /^(?:salary|wage|wages|payroll|bonus)$/],
  ['place', /^(?:latitude|longitude|lat|lng|geo|location)$/],
  ['address', /^(?:address|addresses|street|city|town|suburb|zip|zipcode|postcode|postal|postalcode|county)$/],
  ['network address', /^(?:ip|ipaddress|useragent|device|cookie)$/],
  ['name', /^(?:name|names|firstname|lastname|surname|forename|fullname|givenname|familyname|middlename|nickname|username|company|organisation|organization)$/],
  ['free text, which may hold anything', /^(?:notes?|comments?|description|message|remarks?|body|text|subject|memo|bio)$/],
]; // prettier-ignore

const FORMATS: Readonly<Record<string, string>> = {
  email: 'e-mail address',
  'idn-email': 'e-mail address',
  ipv4: 'network address',
  ipv6: 'network address',
};

/**
 * Which kind of personal data a field probably holds, judged by its name and format; undefined where nothing hints at any.
 * @param names the steps of its path, from the record down
 */
export function guessPersonalKind(names: readonly string[], format: string | undefined): string | undefined {
  const byFormat = format === undefined || !Object.hasOwn(FORMATS, format) ? undefined : FORMATS[format];
  if (byFormat !== undefined) return byFormat;
  const last = listWords(names.at(-1) ?? '');
  return KINDS.find(([, words]) => last.some((word) => words.test(word)))?.[0];
}

/** `PhoneNumber` and `phone_number` are `phone`, `number`, and also `phonenumber`. */
function listWords(name: string): string[] {
  const words = name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
  return [...words, words.join('')];
}
