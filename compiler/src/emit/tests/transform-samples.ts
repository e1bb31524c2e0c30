const MOMENT = '2026-03-04T05:06:07.890Z';

/** What a transform reads, by its name: a text that it makes something of. */
export const TRANSFORM_SAMPLES: ReadonlyMap<string, string> = new Map([
  ['title', 'ada king'],
  ['digits', 'AB-1024'],
  ['plain-text', '<p>Ada &amp; Co</p>'],
  ['given-name', 'Ada King'],
  ['family-name', 'Ada King'],
  ['email', 'ada@example.com'],
  ['email-domain', 'ada@example.com'],
  ['url', 'https://example.com/a'],
  ['phone', '+61412345678'],
  ['country', 'Australia'],
  ['country-alpha3', 'Australia'],
  ['country-name', 'AUS'],
  ['currency', 'aud'],
  ['language', 'en_AU'],
  ['language-code', 'English'],
  ['integer', '42'],
  ['decimal', '12.50'],
  ['times', '12.50'],
  ['fixed', '12.5'],
  ['minor-units', '12'],
  ['from-minor-units', '1250'],
  ['boolean', 'true'],
  ['instant', MOMENT],
  ['date', MOMENT],
  ['plus', MOMENT],
  ['epoch-s', MOMENT],
  ['epoch-ms', MOMENT],
  ['rfc2822', MOMENT],
  ['ms-date', MOMENT],
]);

/** What a transform does not read; most refuse three stars. */
export const REFUSED_SAMPLES: ReadonlyMap<string, string> = new Map([
  ['plain-text', '<p></p>'],
  ['truncate', `${' '.repeat(300)}x`],
]);
