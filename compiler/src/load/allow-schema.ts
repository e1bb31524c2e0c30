import { z } from 'zod';
import { key, section } from './document-key.ts';

const place = z.string().regex(/^[a-z][\w$-]*(?:\.[\w$-]+|\[\d+\]|\["[^"]*"\])+$/i, {
  error: 'This is no place below the top of the rules, as messages write it: systems.crm.limits.daily.',
});

const day = z.iso.date({ error: 'This is no day, like 2027-06-30.' });

/** One finding that somebody answers for: a code at a place, never a whole file. */
export const allowed = section(
  z.strictObject({
    code: key(
      z.string(),
      'The code of the finding, as the message names it. A decision that is open is none.',
    ),
    at: key(place, 'Its place, by path; `--format json` prints it as `path`.'),
    because: key(z.string().min(1), 'Why it may stand; it is printed in the decision register.'),
    until: key(day, 'The last day on which it holds, as YYYY-MM-DD; after that it is an error.'),
  }),
  'allow[]',
  'Sets one finding at one place aside for a time. A line that sets nothing aside is reported.',
  'code: quota\nat: systems.crm.limits.daily\nbecause: The vendor raises it in May.\nuntil: 2099-05-01',
);
