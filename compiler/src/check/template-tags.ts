import type { TemplateTag } from '../model/expression-tree.ts';

export interface TagMisuse {
  readonly what: string;
  readonly instead: string;
}

/** Where a part would not be safe although it is escaped, for what stands around it. @param texts before, between and behind the parts */
export function findTagMisuse(tag: TemplateTag, texts: readonly string[]): TagMisuse | undefined {
  switch (tag) {
    case 'html':
      return findHtmlMisuse(texts);
    case 'url':
      return /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]+[/?#]|\/(?!\/))/i.test(texts[0] ?? '')
        ? undefined
        : {
            what: 'an address whose host is filled in',
            instead:
              ' Each part is one segment or one value: begin with the address, url`https://crm.example/contacts/${…}`.',
          };
    default:
      return isQuoted(texts)
        ? {
            what: `a quote around a part of "${tag}"`,
            instead: ' The tag writes them itself, where the value is a text.',
          }
        : undefined;
  }
}

/** What is escaped is text, and one value of an attribute in quotes; it is no name, and no script. */
function findHtmlMisuse(texts: readonly string[]): TagMisuse | undefined {
  let before = '';
  for (const text of texts.slice(0, -1)) {
    before += text;
    if (/<(?:script|style)\b(?![^]*<\/(?:script|style))/i.test(before))
      return { what: 'a part inside a script or a style', instead: ' No escaping makes that safe.' };
    const open = /<[^<>]*$/.exec(before)?.[0];
    if (open !== undefined && !isInQuotes(open))
      return { what: 'a part of a tag that does not stand in quotes', instead: ' Write <a title="${…}">.' };
    if (open !== undefined && /\s(?:href|src|action|formaction|data|on\w+|style)\s*=\s*["']$/i.test(open))
      return {
        what: 'a part that is a whole address, script or style in an attribute',
        instead: ' Begin the address as text, <a href="https://crm.example/${…}">, or leave the link out.',
      };
    // Whatever is filled in holds no sign that would change this.
    before += 'x';
  }
  return undefined;
}

function isInQuotes(open: string): boolean {
  let sign = '';
  for (const one of open)
    if (sign === '' ? one === '"' || one === "'" : one === sign) sign = sign === '' ? one : '';
  return sign !== '';
}

/** Whether a part stands between quotes of its own. */
export function isQuoted(texts: readonly string[]): boolean {
  return texts.some((text, index) => {
    const sign = /["']$/.exec(text)?.[0];
    return sign !== undefined && texts[index + 1]?.startsWith(sign) === true;
  });
}
