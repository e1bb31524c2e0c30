import type { ServicePlan } from '../../model/service-plan.ts';
import { modelOutages } from '../docs/describe-outages.ts';
import { escapeMarkup, nameInvisible } from '../text/escape-markup.ts';

/** The form that counts with other figures than the tables; it shows once the page's script runs. */
export function renderCalculator(plan: ServicePlan): string {
  const { systems, flows } = plan.checked.model;
  const model = modelOutages(systems, flows);
  const options = model.systems.map(
    ({ name }, index) => `<option value="${index}">${escapeMarkup(name)}</option>`,
  );
  const volumes = model.flows.map(
    ({ name, recordsPerDay }, index) =>
      `<label>records a day of ${escapeMarkup(name)} <input type="number" min="0" step="any" data-flow="${index}" value="${recordsPerDay ?? ''}" placeholder="unknown"></label>`,
  );
  return `<form id="outage-form" class="calculator" hidden aria-labelledby="outage-form-title">
<p id="outage-form-title" class="calculator-title">Count with your own figures</p>
<label>system that is down <select data-part="system">${options.join('')}</select></label>
<label>for how many hours <input type="number" min="0" step="any" data-part="hours" value="6"></label>
${volumes.join('\n')}
<label>seconds for an answer <input type="number" min="0.01" step="any" data-part="answer" value="0.5"></label>
<output id="outage-result" aria-live="polite"></output>
</form>
<script type="application/json" id="outage-model">${escapeJson(model)}</script>`;
}

/** JSON inside a script element: nothing in it can end the element, and the script shows its texts as they stand there. */
function escapeJson(value: unknown): string {
  const json = JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'string' ? nameInvisible(held) : held,
  );
  return json.replaceAll(
    /[<>&]/g,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
