import { findBlankKind } from './blank.ts';

type Part = string | number | boolean | null | undefined;
type Tag = (texts: TemplateStringsArray, ...parts: readonly Part[]) => string | undefined;

/** A tag that writes each part so that it stays one value; with a blank part the whole is nothing, as for `whole`. */
function tagOf(write: (part: string | number | boolean) => string): Tag {
  return (texts, ...parts) => {
    const written: string[] = [];
    for (const part of parts) {
      if (part === null || part === undefined || findBlankKind(part) !== undefined) return undefined;
      written.push(write(part));
    }
    return String.raw({ raw: texts }, ...written);
  };
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * HTML: a part is text, in an element or in a quoted attribute (HTML Standard 13.3, escaping a string). What is tagged
 * `html` formatters write anew, and with it what is sent.
 */
export const htmlText = tagOf((part) => String(part).replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign));

/** An address: a part is one segment of the path or one value of the query (RFC 3986 2.4). */
export const url = tagOf((part) => {
  const text = String(part).toWellFormed();
  // A segment of dots alone would be a step to another folder, and cannot be written otherwise (RFC 3986 5.2.4).
  if (text === '.' || text === '..') throw new TypeError(`"${text}" cannot stand in an address as a value`);
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
});

/** A condition of OData: texts in quotes, a quote within doubled (OData 4.01 ABNF, `SQUOTE-in-string`). */
export const odata = tagOf((part) =>
  typeof part === 'string' ? `'${part.replaceAll("'", "''")}'` : String(part),
);

/** A query of Salesforce (SOQL, quoted string escape sequences) or QuickBooks: texts in quotes, escaped by a backslash. */
export const soql = tagOf((part) => (typeof part === 'string' ? `'${escapeText(part, "'")}'` : String(part)));

/** A query of Jira (JQL): texts in double quotes, escaped by a backslash. */
export const jql = tagOf((part) => (typeof part === 'string' ? `"${escapeText(part, '"')}"` : String(part)));

const BREAKS: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

function escapeText(text: string, sign: '"' | "'"): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll(sign, `\\${sign}`)
    .replaceAll(/[\n\r\t]/g, (found) => BREAKS[found] ?? found);
}
