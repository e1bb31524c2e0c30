export type { AlertOptions } from './alerts/alert-options.ts';
export type { CustomAuthAnswer, CustomAuthRequest } from './auth/custom-auth.ts';
export type { SystemAuth } from './auth/system-auth.ts';
export { operatorError, isOperatorError } from './errors.ts';
export { defineFlow, oneObject } from './flow.ts';
export type { AnyFlow, Flow, LookUp, PageCursor, Scope, System } from './flow.ts';
export { csvFormat } from './formats/csv-format.ts';
export { formFormat } from './formats/form-format.ts';
export { jsonFormat } from './formats/json-format.ts';
export { multipartFormat } from './formats/multipart-format.ts';
export { ndjsonFormat } from './formats/ndjson-format.ts';
export { textFormat } from './formats/text-format.ts';
export { xmlFormat } from './formats/xml-format.ts';
export { headerValue, pathSegment, pathValue } from './http/parameter-style.ts';
export type { ApiRequest } from './http/api-request.ts';
export type { CallRule } from './http/decide-call.ts';
export type { Instant } from './instant.ts';
export type { LooseJson } from './json.ts';
export { listOf, objectOf } from './map/compose.ts';
export type { FieldRule } from './map/field-rule.ts';
export type { Mapper } from './map/mapper.ts';
export { runService } from './ops/run-service.ts';
export type { ServiceSettings } from './ops/command.ts';
export type { ServiceDefinition } from './engine/create-service.ts';
export { readRate } from './read-rate.ts';
export { readEnvironment } from './read-environment.ts';
export { toText } from './transforms/blank.ts';
export type { BlankKind, FindBlankKind } from './transforms/blank.ts';
export {
  createBlanks,
  filled,
  firstNotBlank,
  htmlText,
  jql,
  odata,
  soql,
  sum,
  times,
  toNumber,
  url,
  whole,
} from './transforms/blanks.ts';
export { addDuration } from './transforms/add-duration.ts';
export { toCountry, toCountryAlpha3, toCountryName } from './transforms/country.ts';
export { fromMinorUnits, toCurrency, toMinorUnits } from './transforms/currency.ts';
export { multiplyDecimal, toDecimal, toFixedDecimal } from './transforms/decimal.ts';
export { toEpochMs, toEpochSeconds, toMsDate, toRfc2822 } from './transforms/epoch.ts';
export { hashText } from './transforms/hash.ts';
export { toLanguage, toLanguageCode } from './transforms/language.ts';
export { toBoolean, toInteger } from './transforms/number.ts';
export { toFamilyName, toGivenName } from './transforms/person-name.ts';
export { toPhone } from './transforms/phone.ts';
export { toPlainText } from './transforms/plain-text.ts';
export { collapseSpaces, lowerCase, trimText, upperCase } from './transforms/text.ts';
export { toDigits, toEmail, toEmailDomain, toTruncated, toUrl } from './transforms/text.ts';
export { toCalendarDate, toInstant } from './transforms/time.ts';
export { titleCase } from './transforms/title-case.ts';
