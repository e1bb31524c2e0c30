import { createHash } from 'node:crypto';
import type { OutputFile } from '../../model/output-file.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { drawDataFlow } from '../docs/draw-data-flow.ts';
import { drawRecordLife } from '../docs/draw-record-life.ts';
import type { Templates } from '../templates.ts';
import { escapeBreakable, escapeMarkup } from '../text/escape-markup.ts';
import { renderTemplate } from '../text/render-template.ts';
import { renderDrawingFile } from '../text/svg-text.ts';
import { renderCalculator } from './render-calculator.ts';
import { renderDocument } from './render-document.ts';
import type { RenderedDocument } from './render-document.ts';

/** The drawings, and the page on which all documents stand: made from the very text of the Markdown files. */
export function emitPage(
  plan: ServicePlan,
  documents: readonly OutputFile[],
  templates: Templates,
): OutputFile[] {
  const drawings = new Map([
    ['data-flow.svg', drawDataFlow(plan)],
    ['record-life.svg', drawRecordLife()],
  ]);
  const named = documents.flatMap(({ path, text }) => {
    const name = /^docs\/([a-z-]+)\.md$/.exec(path)?.[1];
    return name === undefined ? [] : [{ name, text }];
  });
  const context = {
    drawings,
    documents: named.map(({ name }) => name),
    files: documents.flatMap(({ path }) => (path.startsWith('docs/') ? [path.slice('docs/'.length)] : [])),
    before: new Map([['outages', renderCalculator(plan)]]),
  };
  const rendered = named.map(({ name, text }) => renderDocument(name, text, context));
  return [
    ...[...drawings].map(([name, drawing]) => ({ path: `docs/${name}`, text: renderDrawingFile(drawing) })),
    { path: 'docs/index.html', text: renderPage(plan, rendered, templates) },
  ];
}

function renderPage(plan: ServicePlan, documents: readonly RenderedDocument[], templates: Templates): string {
  return renderTemplate(templates['page.html'], {
    integration: escapeMarkup(plan.integration),
    style: templates['page.css'],
    script: templates['page.js'],
    policy: [
      "default-src 'none'",
      `style-src ${hashSource(templates['page.css'])}`,
      // The proof stands in a file of its own, beside the documents.
      `script-src ${hashSource(templates['page.js'])} 'self' file:`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    documents: documents.map(({ name, html, title, sections }) => ({
      name,
      html,
      title: escapeMarkup(title),
      sections: sections.map((section) => ({
        id: section.id,
        title: escapeBreakable(section.title),
      })),
    })),
  });
}

/** Content Security Policy 3, "hash-source". */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
