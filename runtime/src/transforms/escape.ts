import type { FindBlankKind } from './blank.ts';

export type Part = string | number | boolean | null | undefined;
export type Tag = (texts: TemplateStringsArray, ...parts: readonly Part[]) => string | undefined;

/** Tags that write each part so that it stays one value; with a blank part the whole is nothing, as for `whole`. */
export interface Tags {
  readonly htmlText: Tag;
  readonly url: Tag;
  readonly odata: Tag;
  readonly soql: Tag;
  readonly jql: Tag;
}

type WritePart = (part: string | number | boolean) => string;

export function createTags(findBlankKind: FindBlankKind): Tags {
  const tagOf =
    (write: WritePart): Tag =>
    (texts, ...parts) => {
      const written: string[] = [];
      for (const part of parts) {
        if (part === null || part === undefined || findBlankKind(part) !== undefined) return undefined;
        written.push(write(part));
      }
      return String.raw({ raw: texts }, ...written);
    };
  return {
    htmlText: tagOf(writeHtml),
    url: tagOf(writeUrl),
    odata: tagOf(writeOdata),
    soql: tagOf(writeSoql),
    jql: tagOf(writeJql),
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
const writeHtml: WritePart = (part) => String(part).replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);

/** An address: a part is one segment of the path or one value of the query (RFC 3986 2.4). */
const writeUrl: WritePart = (part) => {
  const text = String(part).toWellFormed();
  // A segment of dots alone would be a step to another folder, and cannot be written otherwise (RFC 3986 5.2.4).
  if (text === '.' || text === '..') throw new TypeError(`"${text}" cannot stand in an address as a value`);
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
};

/** A condition of OData: texts in quotes, a quote within doubled (OData 4.01 ABNF, `SQUOTE-in-string`). */
const writeOdata: WritePart = (part) =>
  typeof part === 'string' ? `'${part.replaceAll("'", "''")}'` : String(part);

/** A query of Salesforce (SOQL, quoted string escape sequences) or QuickBooks: texts in quotes, escaped by a backslash. */
const writeSoql: WritePart = (part) =>
  typeof part === 'string' ? `'${escapeText(part, "'")}'` : String(part);

/** A query of Jira (JQL): texts in double quotes, escaped by a backslash. */
const writeJql: WritePart = (part) =>
  typeof part === 'string' ? `"${escapeText(part, '"')}"` : String(part);

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
