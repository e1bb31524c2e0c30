import type { Level } from './level.ts';

/** One kind of change, and what it does where the rules use what changed. Elsewhere every one of them is NONE. */
export interface VarianceRule {
  readonly side: 'request' | 'response' | 'recording';
  readonly change: string;
  /** The level where a flow uses the place, and nothing in the rules makes it harmless. */
  readonly level: Level;
  /** What the person who keeps the rules does about it. */
  readonly advice: string;
}

function sent(change: string, level: Level, advice: string): VarianceRule {
  return { side: 'request', change, level, advice };
}

function read(change: string, level: Level, advice: string): VarianceRule {
  return { side: 'response', change, level, advice };
}

function recorded(change: string, level: Level, advice: string): VarianceRule {
  return { side: 'recording', change, level, advice };
}

/** Every kind of change that is told apart. Requests widen without harm and answers narrow without harm; these are the rest, and the harmless. */
export const VARIANCE_RULES = {
  VQ1: sent('operation removed or moved', 'WIRE', 'Name the operation that takes its place.'),
  VQ2: sent(
    'server or version header changed',
    'WIRE',
    'Set the address that the running service calls, and test it.',
  ),
  VQ3: sent(
    'new required parameter or body',
    'WIRE',
    'Give it under "with", or under "headers" of the system.',
  ),
  VQ4: sent('new required body property', 'WIRE', 'Map it.'),
  VQ5: sent(
    'optional became required',
    'WIRE',
    'Decide on another answer than leaving it out where it is blank.',
  ),
  VQ6: sent(
    'parameter or property removed',
    'MEANING',
    'What is sent is no longer looked at: take the line out, or send it as the description says now.',
  ),
  VQ7: sent(
    'type or format changed',
    'WIRE',
    'Send the type that is asked for now; "as" makes most of them.',
  ),
  VQ8: sent('enumeration narrowed', 'WIRE', 'Send a value that is listed.'),
  VQ9: sent(
    'bound tightened',
    'WIRE',
    'Run "mortise gen", so that the new bound is checked before anything is sent, and decide under "invalid".',
  ),
  VQ10: sent(
    'pattern added or changed',
    'WIRE',
    'Run "mortise gen", so that the new pattern is checked before anything is sent, and decide under "invalid".',
  ),
  VQ11: sent('null no longer accepted', 'WIRE', 'Decide on another answer than "clear".'),
  VQ12: sent(
    'media type or encoding changed',
    'WIRE',
    'Run "mortise gen", so that the body is written in the format that is asked for.',
  ),
  VQ13: sent('alternative of the body removed', 'WIRE', 'Map to one of the alternatives that are left.'),
  VQ14: sent(
    'unlisted properties no longer accepted',
    'WIRE',
    'Map to properties that are described, or take the line out.',
  ),
  VQ15: sent('default changed', 'MEANING', 'Send the value, so that nobody else decides it.'),
  VQ16: sent(
    'property became read-only',
    'MEANING',
    'Take the line out of the mapping: what is sent is dropped or refused.',
  ),
  VQ17: sent(
    'parameter is written otherwise',
    'WIRE',
    'Run "mortise gen", so that the parameter is written as it is read now.',
  ),
  VQ18: sent(
    'credentials changed',
    'WIRE',
    'Change "auth" of the system to what is asked for, and have the client grant it.',
  ),
  VQ19: sent(
    'idempotency or condition header removed',
    'MEANING',
    'Name another protection under "once": a repeat may now make a second object.',
  ),
  VQ20: sent('more is accepted', 'NONE', 'Nothing need be done.'),
  VA1: read('property removed', 'MEANING', 'Read the value from where it is now, or take out what reads it.'),
  VA2: read('property may be missing', 'MEANING', 'Decide under "blank" what happens then.'),
  VA3: read('property may be null', 'MEANING', 'Decide under "blank" what happens then.'),
  VA4: read(
    'type changed or widened',
    'WIRE',
    'Run "mortise gen", and let the expression take the type that comes now.',
  ),
  VA5: read('format changed', 'MEANING', 'Look at a real answer: the same text may now mean another value.'),
  VA6: read(
    'enumeration changed',
    'MEANING',
    'Say what the value means: a line of the table, or "otherwise".',
  ),
  VA7: read(
    'alternative of the answer added',
    'MEANING',
    'Look at what the new alternative holds where the rules read.',
  ),
  VA8: read('discriminator changed', 'WIRE', 'Look at how the alternatives are told apart now.'),
  VA9: read(
    'bound widened',
    'MEANING',
    'Decide under "invalid", or under "blank", what happens to a value that the target does not take.',
  ),
  VA10: read(
    'pattern changed or removed',
    'MEANING',
    'Look at a real answer: what is made of the text expects the pattern.',
  ),
  VA11: read('success status changed', 'WIRE', 'Decide under "calls" whether the status counts as done.'),
  VA12: read('failure status changed', 'MEANING', 'Decide under "calls" what happens then.'),
  VA13: read(
    'media type of the answer changed',
    'WIRE',
    'Run "mortise gen", so that the answer is read in the format that comes.',
  ),
  VA14: read(
    'header of the answer changed',
    'MEANING',
    'Look at what the service takes from the header, and where that is told now.',
  ),
  VA15: read(
    'property became write-only',
    'MEANING',
    'It is no longer answered: read the value from elsewhere.',
  ),
  VA16: read('envelope changed', 'WIRE', 'Say under "records" where the list stands now.'),
  VA17: read(
    'paging changed',
    'WIRE',
    'Say under "pages" how the next page is found now; else only the first is read.',
  ),
  VA18: read(
    'deprecated or to be removed',
    'SOURCE',
    'Plan the change before the day that the description names.',
  ),
  VA19: read('more is answered', 'NONE', 'Nothing need be done.'),
  VA20: read('webhook changed', 'MEANING', 'Look at what the flow takes from the event.'),
  VA21: read(
    'renamed',
    'SOURCE',
    'Run "mortise gen"; name operations as METHOD /path, which outlives their ids.',
  ),
  VA22: read(
    'less is answered',
    'SOURCE',
    'Run "mortise gen", so that the types say what the description says.',
  ),
  VR1: recorded('recording that is none', 'WIRE', 'Record the exchange again.'),
  VR2: recorded('operation not described', 'WIRE', 'Name the operation that takes its place, and record it.'),
  VR3: recorded(
    'status not described',
    'MEANING',
    'Decide under "calls" what happens then, or correct the description.',
  ),
  VR4: recorded(
    'value of another type',
    'WIRE',
    'Correct the description by a fact or an overlay, or record the exchange again.',
  ),
  VR5: recorded(
    'null where none may be',
    'MEANING',
    'Say so in a fact ("nullable"), and decide under "blank".',
  ),
  VR6: recorded(
    'required property missing',
    'MEANING',
    'Say so in a fact ("optional"), and decide under "blank".',
  ),
  VR7: recorded(
    'value not listed',
    'MEANING',
    'Say what the value means: a line of the table, or "otherwise".',
  ),
  VR8: recorded(
    'value out of bounds',
    'MEANING',
    'Correct the description by an overlay, and decide under "invalid".',
  ),
  VR9: recorded('property not described', 'NONE', 'Nothing need be done.'),
} as const satisfies Readonly<Record<string, VarianceRule>>;

export type VarianceId = keyof typeof VARIANCE_RULES;
