import { TRANSFORMS } from '../check/transform-catalog.ts';
import type { TransformFacts } from '../check/transform-facts.ts';
import type { LanguageKey, LanguageSection } from '../load/describe-language.ts';

const INTRODUCTION = `# The rules language

A rules file, \`<name>.rules.yaml\`, says what one integration does. Every key that stands here is accepted, and no other. Each example is compiled by a test.

- **A string that starts with \`=\` is TypeScript; every other string is literal.** An expression is one pure expression: paths, calls, operators, literals. It is type-checked against the descriptions. Quote one that holds \`: \` or \` #\`.
- Expressions see \`source\` (the record), \`each\` (the element, below \`each\`), \`found.<name>\`, \`ids.<target>\`, \`config\`, \`now\`; in a read's \`with\`: \`since\`; in a call rule's \`when\`: \`status\`, \`headers\`, \`body\`; in \`unless\`: \`body\`; in \`batch.error\`: \`result\`; in a look-up of \`once\`: \`sent\`.
- A template is nothing where a part of it is blank. A tag in front of it makes each part one value, whatever signs it holds: \`html\` (text in HTML), \`url\` (a segment or a value of an address), \`odata\`, \`soql\` (Salesforce, QuickBooks) and \`jql\` (Jira), which write the quotes: \`\`=odata\`name eq \${source.name}\` \`\`.
- \`$NAME\` is a setting from the environment, or from the file that \`NAME_FILE\` names. A secret in plain text is an error.
- A duration is a whole number and a unit: \`500ms\`, \`30s\`, \`5m\`, \`24h\`, \`7d\`. A rate is a count and a duration: \`60 per 1m\`.
- A path names a field by its names: \`Contact.ContactID\`, \`Phones[0].PhoneNumber\`, \`["a.b"]\`.
- Keys are most specific first: what stands at a field or a target goes before what stands at the flow, the system, the policy.
`;

/** The whole language as Markdown, from the schema itself. */
export function renderReference(sections: readonly LanguageSection[]): string {
  return `${[INTRODUCTION, ...sections.map(renderSection), renderTransforms()].join('\n').trimEnd()}\n`;
}

/** \`systems.*.auth(bearer)\` as people read it. */
export function titleOf({ section }: LanguageSection): string {
  if (section === '') return 'The file';
  const [, path = section, kind] = /^(.*?)(?:\((.*)\))?$/.exec(section) ?? [];
  return kind === undefined ? `\`${path}\`` : `\`${path}\`: ${kind}`;
}

function renderSection(section: LanguageSection): string {
  const shared = section.example === undefined ? '' : `\n${fence(section.example)}\n`;
  const keys = section.keys.map((entry) => renderKey(entry, section.example));
  return `## ${titleOf(section)}\n\n${section.about}\n${shared}\n${keys.join('\n')}`;
}

/** @param shown the section's own example, which is not shown again */
export function renderKey({ name, means, otherwise, example }: LanguageKey, shown?: string): string {
  const left = otherwise === undefined ? 'Required.' : `Left out: ${otherwise}.`;
  return `**\`${name}\`** ${means} ${left}\n${example === shown ? '' : `\n${fence(example)}\n`}`;
}

function fence(yaml: string): string {
  return `\`\`\`yaml\n${yaml}\n\`\`\``;
}

function renderTransforms(): string {
  const rows = Object.entries(TRANSFORMS).map(
    ([name, facts]) =>
      `| \`${name}${ARGUMENTS[facts.argument]}\` | ${facts.summary} | ${facts.makes} | ${facts.canFail ? '`format`' : 'takes everything'} |`,
  );
  return `## Transforms

What \`as\` names. A blank never reaches a transform: \`blank\` decides first. One that cannot make what it is for is \`invalid\`, of the kind that the last column names.

| transform | makes | type | refuses as |
|---|---|---|---|
${rows.join('\n')}
`;
}

const ARGUMENTS: Readonly<Record<TransformFacts['argument'], string>> = {
  none: '',
  region: '(AU)',
  duration: '(30d)',
  currency: '(AUD)',
  factor: '(1.1)',
  places: '(2)',
  length: '(255)',
  algorithm: '(sha256)',
};
