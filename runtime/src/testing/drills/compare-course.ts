import type { ExpectedCourse } from './expect-course.ts';
import type { Course } from './observe.ts';

export interface CourseFacts {
  /** Other calls go to the same system. */
  readonly mayBeCalled?: boolean;
  /** The version before was delivered, and still is. */
  readonly wasDelivered?: boolean;
}

/** What differs between what was seen and what the rules say, in words; nothing where they agree. */
export function compareCourse(
  course: Course,
  expected: ExpectedCourse,
  { mayBeCalled = false, wasDelivered = false }: CourseFacts = {},
): string[] {
  const { gapsMs } = expected;
  const latest = (states: readonly string[], wanted: readonly string[]): readonly string[] =>
    states.filter((state) => !wasDelivered || state !== 'delivered' || wanted.includes(state));
  const [least, most] = expected.tries;
  // Another call of the same system that is answered in between ends a pause before it is an hour old.
  const told = expected.told.filter(
    (one) => !mayBeCalled || !one.endsWith(': pause') || course.told.includes(one),
  );
  const differs = (what: string, is: unknown, wanted: unknown): string[] =>
    JSON.stringify(is) === JSON.stringify(wanted)
      ? []
      : [`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`];
  return [
    ...(course.tries >= least && course.tries <= most
      ? []
      : [`calls within 20 s: ${course.tries} instead of ${least} to ${most}`]),
    ...compareGaps(course.gapsMs, gapsMs),
    ...compareStates('state of the record', latest(course.states, expected.states), expected.states),
    ...differs('stopped', course.stopped, expected.stopped),
    ...differs('told', course.told, told),
    ...(expected.cursorMoved === undefined
      ? []
      : differs('the place in the source moved', course.cursorMoved, expected.cursorMoved)),
    ...compareStates(
      'state at the end',
      latest(course.statesAfter, expected.statesAfter),
      expected.statesAfter,
    ),
  ];
}

function compareGaps(gaps: readonly number[], range: ExpectedCourse['gapsMs']): string[] {
  if (range === 'any') return [];
  if (range === undefined)
    return gaps.length === 0 ? [] : [`called ${gaps.length} times more, and must not be called again`];
  const [least, most] = range;
  if (gaps.length === 0) return ['not called again'];
  const outside = gaps.find((gap) => gap < least || gap > most);
  return outside === undefined
    ? []
    : [`time between two calls: ${outside} ms instead of ${least} to ${most} ms`];
}

function compareStates(what: string, states: readonly string[], wanted: readonly string[]): string[] {
  const fits =
    wanted.length === 0
      ? states.length === 0
      : states.join() === wanted.join() || (states.length === 1 && wanted.includes(states[0] ?? ''));
  const list = wanted.length === 0 ? 'none' : wanted.join(' or ');
  return fits ? [] : [`${what}: ${states.join(', ') || 'none'} instead of ${list}`];
}
