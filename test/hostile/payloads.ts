/** What is set where an injected text has run. */
export const MARKER = '__MORTISE_HOSTILE';

/** A text that stands where a hostile one would, and does nothing; found again wherever it comes out whole. */
export const BENIGN = 'Zeta plain';

export interface Payload {
  readonly name: string;
  readonly text: string;
}

const RUN = `globalThis.${MARKER}=1`;

/** Out of quotes and templates. */
const QUOTES = {
  'single quote': `'+(${RUN})+'`,
  'double quote': `"+(${RUN})+"`,
  backtick: `\`+(${RUN})+\``,
  'quote and statement': `';${RUN};//`,
  'backslash before a quote': `\\';${RUN};//`,
  'template hole': `\${${RUN}}`,
  'escaped template hole': `$\\{${RUN}} $\${x} \\\${${RUN}}`,
  'template hole of a path': '${petId}{petId}',
  'trailing backslash': 'C:\\logs\\',
  'backslashes of a class name': 'App\\Models\\Document',
  'closing brackets': `x(){}};${RUN};class Y{z`,
  'computed key': `'a":[${RUN}],"b'`,
  'computed key in brackets': `']: 1, [${RUN}] : '`,
  'closing parenthesis': `')); ${RUN}; ((('`,
};

/** Out of comments, and lines where there should be one. */
const LINES = {
  'new line': `line\n${RUN}\n//`,
  'carriage return': `line\r${RUN}\r//`,
  'both ends of a line': `line\r\n${RUN}\r\n`,
  'line separator': `line\u2028${RUN}\u2028//`,
  'paragraph separator': `line\u2029${RUN}\u2029//`,
  'next line': `line\u0085${RUN}`,
  'end of a comment': `*/${RUN}/*`,
  'ends of comments': `**/ ${RUN} /** */${RUN};//*/ */ * /`,
  'line comment': `*//${RUN};//*`,
  'escaped end of a comment': `\\u002a\\u002f${RUN}\\u002f\\u002a`,
  'source map': '//# sourceMappingURL=data:application/json;base64,e30=',
  'no check': '\n// @ts-nocheck\n/* eslint-disable */',
  'triple slash': '\n/// <reference path="/etc/passwd" />\n',
  'documentation tag': '@deprecated {@link x} @import * as y from "z"',
  'null character': 'a\0b',
  'shell line': '$(touch /tmp/x) `touch /tmp/x`; touch /tmp/x',
};

/** Out of documents and data. */
const MARKUP = {
  script: `</script><script>${RUN}</script>`,
  'html attribute': `"><img src=x onerror=${RUN}>`,
  'html comment': '<!-- --> ]]>',
  'code fence': '```\n# out\n```js',
  'tilde fence': '~~~',
  heading: '# heading',
  'underlined heading': 'heading\n===\n---',
  'list item': '- item',
  'numbered item': '1. item',
  quotation: '> quoted',
  rule: '***',
  'table cell': '| cell | cell |\n|---|---|',
  link: `[x](javascript:${RUN})`,
  image: '![x](https://evil.example/x.png)',
  reference: '[x]: https://evil.example "y"',
  'bare address': 'https://evil.example/?a=b and www.evil.example',
  'address in angles': '<https://evil.example>',
  entity: '&lt;script&gt; &#x3c;',
  'back quotes': 'a`b`` c ``` d',
  'back quote and html': `\`<img src=x onerror=${RUN}>\``,
  'back quote and cell': '` | `',
  handlebars: '{{this}} {{{constructor}}} {{#with this}}{{/with}}',
  setting: 'A\nNODE_OPTIONS=--require=/tmp/x.js\n#',
  'yaml tag': '!!js/function "function(){}" &a *a',
  'yaml document': '\n---\na: b\n...\n',
  json: '"}],"scripts":{"preinstall":"touch /tmp/x"},"x":[{"y":"',
};

/** What a terminal or an eye is misled by. */
const TERMINAL = {
  'clear screen': '\u001b[2Jgone',
  clipboard: '\u001b]52;c;ZXZpbA==\u0007',
  'terminal link': '\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007',
  'eight-bit command': '\u009b2J',
  'right to left': 'abc\u202egnp.exe',
  isolate: '\u2066// \u2069',
  'zero width': 'a\u200d\u200bb\ufeff',
  'lone surrogate': 'a\ud800b',
  'workflow command': '::error file=x::y\n::set-output name=a::b',
};

/** Names that mean something to objects, modules or file systems. */
const NAMES = {
  proto: '__proto__',
  constructor: 'constructor',
  prototype: 'prototype',
  'to string': 'toString',
  'has own property': 'hasOwnProperty',
  'then of a promise': 'then',
  default: 'default',
  await: 'await',
  eval: 'eval',
  'global this': 'globalThis',
  'unicode escape': `\\u0065val(${RUN})`,
  'digit first': '1st',
  'path upwards': '../../../escaped',
  'dots before a name': '..Schema',
  'absolute path': '/etc/passwd',
  'encoded path': '%2e%2e%2f%2e%2e%2fx',
  'full-width dots': '\uff0e\uff0e/x',
  'windows path': '\\\\host\\share\\x',
  'device name': 'CON',
  emoji: '😀',
  decomposed: 'e\u0301 \u00e9',
  'three hundred': 'x'.repeat(300),
  blank: ' ',
};

/** Over-careful escaping is a fault too. */
const PLAIN = {
  zone: 'Asia/Tokyo',
  star: 'a*b',
  dollars: 'price$/list $1 $& $$',
  apostrophe: "it's",
  percent: '100 %s %d',
};

export const PAYLOADS: readonly Payload[] = Object.entries({
  ...QUOTES,
  ...LINES,
  ...MARKUP,
  ...TERMINAL,
  ...NAMES,
  ...PLAIN,
}).map(([name, text]) => ({ name, text }));
