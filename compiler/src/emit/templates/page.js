'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;

  // Dark and light: the system's choice, until somebody chooses.
  const theme = byId('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = (work) => {
    try {
      return work(localStorage);
    } catch {
      return null;
    }
  };
  const isDark = () => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const showTheme = () => {
    theme.textContent = isDark() ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
  };
  const chosen = stored((storage) => storage.getItem('mortise-theme'));
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    stored((storage) => storage.setItem('mortise-theme', root.dataset.theme));
    showTheme();
  });
  dark.addEventListener('change', showTheme);
  showTheme();
  theme.hidden = false;
  byId('print').hidden = false;
  byId('print').addEventListener('click', () => print());

  // Search: over headings and rows, in the order of the page; headings go first.
  const input = byId('search');
  const list = byId('results');
  const LIMIT = 40;
  const tidy = (text) => text.replace(/\s+/g, ' ').trim();
  const textOf = (element) => {
    const copy = element.cloneNode(true);
    for (const extra of copy.querySelectorAll('.anchor, .verdict')) extra.remove();
    return tidy(copy.textContent);
  };
  const entries = [];
  for (const section of document.querySelectorAll('.document')) {
    let place = [];
    for (const element of section.querySelectorAll('h2, h3, h4, tbody tr')) {
      const isRow = element.tagName === 'TR';
      const text = isRow ? [...element.cells].map(textOf).filter(Boolean).join(' · ') : textOf(element);
      const level = Number(element.tagName[1]) - 2;
      const where = isRow ? place.join(' › ') : place.slice(0, level).join(' › ');
      if (!isRow) place = [...place.slice(0, level), text];
      entries.push({ id: element.id, text, where, isRow, key: `${text} ${where}`.toLowerCase() });
    }
  }
  let hits = [];
  let selected = -1;
  const find = (query) => {
    const words = tidy(query.toLowerCase()).split(' ').filter(Boolean);
    if (words.length === 0) return [];
    const fitting = entries.filter(({ key }) => words.every((word) => key.includes(word)));
    return [...fitting.filter(({ isRow }) => !isRow), ...fitting.filter(({ isRow }) => isRow)];
  };
  const choose = (index) => {
    selected = index;
    [...list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === index)));
    const item = hits.length > 0 ? list.children[index] : undefined;
    if (item === undefined) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    byId('found').textContent = '';
  };
  const go = (id) => {
    close();
    input.blur();
    if (location.hash === `#${id}`) history.replaceState(null, '', ' ');
    location.hash = id;
    byId(id)?.focus({ preventScroll: true });
  };
  const showHits = () => {
    const all = find(input.value);
    hits = all.slice(0, LIMIT);
    list.replaceChildren(
      ...hits.map(({ text, where, id }, index) => {
        const item = document.createElement('li');
        item.id = `result-${index}`;
        item.role = 'option';
        item.append(text.length > 160 ? `${text.slice(0, 160)}…` : text);
        const context = document.createElement('span');
        context.className = 'where';
        context.textContent = where;
        if (where !== '') item.append(context);
        item.addEventListener('mousedown', (event) => event.preventDefault());
        item.addEventListener('click', () => go(id));
        return item;
      }),
    );
    if (tidy(input.value) === '') return close();
    const said = all.length === 0 ? 'Nothing found' : `${all.length} found`;
    byId('found').textContent = said;
    if (all.length === 0) {
      const item = document.createElement('li');
      item.className = 'none';
      item.role = 'option';
      item.setAttribute('aria-disabled', 'true');
      item.textContent = said;
      list.append(item);
    }
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    choose(0);
  };
  input.disabled = false;
  input.addEventListener('input', showHits);
  input.addEventListener('focus', () => input.value !== '' && showHits());
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      if (list.hidden) showHits();
      else choose((selected + step + hits.length) % hits.length);
    } else if (event.key === 'Enter' && hits[selected] !== undefined && !list.hidden) {
      event.preventDefault();
      go(hits[selected].id);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (list.hidden || input.value === '') input.blur();
      input.value = '';
      showHits();
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, select, textarea');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  // Where the reader is.
  const links = new Map(
    [...document.querySelectorAll('.contents a')].map((link) => [link.hash.slice(1), link]),
  );
  const marks = [...document.querySelectorAll('.document h2, .document h3')].filter(({ id }) =>
    links.has(id),
  );
  let current;
  const showPlace = () => {
    const line = innerHeight / 4;
    const passed = marks.filter((mark) => mark.getBoundingClientRect().top < line);
    const link = links.get((passed.at(-1) ?? marks[0])?.id);
    if (link === current) return;
    current?.removeAttribute('aria-current');
    link?.setAttribute('aria-current', 'location');
    current = link;
  };
  let waits = false;
  addEventListener(
    'scroll',
    () => {
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => {
        waits = false;
        showPlace();
      });
    },
    { passive: true },
  );
  showPlace();

  // Proof. `npm test` writes ../proof.js, which sets
  //   globalThis.mortiseProof = { rows: { '<name>': 'passed' }, synthetic: true, at, recordings: { all, synthetic }, files: { changed } }
  // A name is that of a test, in the last cell of a row. A verdict is 'passed', 'failed', or anything else for what has not
  // run; also a boolean, or an object that holds one as `passed` or `status`. All but `rows` may be left out.
  const proof = globalThis.mortiseProof;
  const verdicts = Object(proof?.rows ?? proof?.tests);
  const judge = (given) => {
    const said = given?.passed ?? given?.status ?? given;
    if (said === true || said === 'passed') return 'passed';
    return said === false || said === 'failed' ? 'failed' : 'not run';
  };
  const SIGNS = { passed: '✓', failed: '✗' };
  const count = { passed: 0, failed: 0, 'not run': 0 };
  const codes = [...document.querySelectorAll('.document td code')].filter(
    (code) => code.classList.contains('test') || Object.hasOwn(verdicts, code.textContent),
  );
  if (typeof proof === 'object' && proof !== null) {
    for (const code of codes) {
      const verdict = judge(
        Object.hasOwn(verdicts, code.textContent) ? verdicts[code.textContent] : undefined,
      );
      count[verdict] += 1;
      const mark = document.createElement('span');
      mark.className = `verdict ${verdict === 'not run' ? 'open' : verdict}`;
      mark.title = verdict;
      if (verdict === 'not run') mark.textContent = verdict;
      else {
        const sign = document.createElement('span');
        sign.setAttribute('aria-hidden', 'true');
        sign.textContent = SIGNS[verdict];
        const word = document.createElement('span');
        word.className = 'unseen';
        word.textContent = verdict;
        mark.append(sign, word);
      }
      code.after(mark);
    }
    const { recordings } = proof;
    const changed = Array.isArray(proof.files?.changed) ? proof.files.changed : [];
    const line = byId('proof');
    const parts = [
      `${count.passed} of ${codes.length} tests of the answer book passed`,
      count.failed > 0 && `${count.failed} failed`,
      count['not run'] > 0 && `${count['not run']} not run`,
    ];
    const notes = [
      proof.synthetic === true &&
        'What the systems answer in them is synthetic: made from the API descriptions, not recorded.',
      recordings?.all > 0 &&
        `Of ${recordings.all} recorded exchanges ${recordings.synthetic > 0 ? recordings.synthetic : 'none'} are synthetic.`,
      changed.length > 0 &&
        `This is no proof of what Mortise wrote, for these files were changed since: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ' and others' : ''}.`,
      typeof proof.at === 'string' && `The tests ended ${proof.at.slice(0, 16).replace('T', ' ')} UTC.`,
    ];
    line.textContent = `${parts.filter(Boolean).join('; ')}. ${notes.filter(Boolean).join(' ')}`.trim();
    const isSound = count.failed === 0 && count['not run'] === 0 && changed.length === 0;
    line.className =
      `proof ${count.failed > 0 ? 'failed' : isSound && codes.length > 0 ? 'passed' : ''}`.trim();
  }

  // Outages. The same sum as the compiler's, in docs/forecast-outage.ts, from which the tables come.
  const form = byId('outage-form');
  if (form === null) return;
  const model = JSON.parse(byId('outage-model').textContent);
  const DAY = 86400;
  const lanePerDay = (lane, answer) =>
    lane.kind === 'rate'
      ? lane.perSecond * DAY
      : lane.kind === 'daily'
        ? lane.perDay
        : (lane.places / answer) * DAY;
  const forecast = ({ flows, system, hours, answer }) => {
    const affected = flows.filter((flow) => flow.calls.some((call) => call.system === system));
    const known = affected.filter((flow) => flow.recordsPerDay !== null);
    const waiting = (flow) => (flow.recordsPerDay * hours) / 24;
    let seconds = 0;
    let bound;
    for (const { name, lanes } of model.systems)
      lanes.forEach((lane, index) => {
        let calls = 0;
        let usual = 0;
        for (const flow of flows)
          for (const call of flow.calls) {
            if (call.system !== name || !call.lanes.includes(index)) continue;
            usual += (flow.recordsPerDay ?? 0) * call.perRecord + call.perDay;
            if (known.includes(flow) && (call.role !== 'read' || name === system))
              calls += waiting(flow) * call.perRecord;
          }
        const free = lanePerDay(lane, answer) - usual;
        if (lane.kind === 'daily' && calls <= free) return;
        const needed = calls === 0 ? 0 : free <= 0 ? Infinity : (calls / free) * DAY;
        if (needed <= seconds) return;
        seconds = needed;
        bound = `${Math.ceil(calls)} calls of ${name}; ${Math.floor(Math.max(0, free / 24))} an hour are free (${lane.label})`;
      });
    const unknown = affected.filter((flow) => !known.includes(flow)).map(({ name }) => name);
    return {
      backlog: known.length === 0 ? undefined : known.reduce((sum, flow) => sum + waiting(flow), 0),
      unknown,
      seconds,
      bound,
    };
  };
  const span = (seconds) => {
    if (seconds === Infinity) return 'never: normal work takes all that is allowed';
    if (seconds <= 1) return 'at once';
    if (seconds < 120) return `${Math.ceil(seconds)} s`;
    if (seconds < 7200) return `${Math.ceil(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.ceil(seconds / 360) / 10} h`;
    return `${Math.ceil(seconds / 8640) / 10} d`;
  };
  const part = (name) => form.querySelector(`[data-part="${name}"]`);
  const numberOf = (field) =>
    field.value.trim() === '' || !(Number(field.value) >= 0) ? null : Number(field.value);
  const tell = () => {
    const flows = model.flows.map((flow, index) => ({
      ...flow,
      recordsPerDay: numberOf(form.querySelector(`[data-flow="${index}"]`)),
    }));
    const system = model.systems[Number(part('system').value)]?.name;
    const hours = numberOf(part('hours'));
    const answer = numberOf(part('answer'));
    const output = byId('outage-result');
    if (hours === null || !answer) {
      output.textContent = 'Give hours, and the seconds for an answer.';
      return;
    }
    const { backlog, unknown, seconds, bound } = forecast({ flows, system, hours, answer });
    if (backlog === undefined) {
      output.textContent = 'Unknown without volume: say how many records a day the flows have.';
      return;
    }
    const strong = document.createElement('strong');
    strong.textContent = `${Math.ceil(backlog)} records wait; catching up takes ${span(seconds)}, from the next try on.`;
    const beside = unknown.length === 0 ? '' : ` Those of ${unknown.join(', ')} are not counted.`;
    output.replaceChildren(
      strong,
      beside,
      document.createElement('br'),
      bound === undefined ? 'Nothing bounds it.' : `Bound by ${bound}.`,
    );
  };
  form.addEventListener('input', tell);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  tell();
})();
