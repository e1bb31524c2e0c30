import { assert, date, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { addDuration } from './add-duration.ts';
import { toEpochMs, toEpochSeconds, toMsDate, toRfc2822 } from './epoch.ts';
import { toCalendarDate, toInstant } from './time.ts';
import type { Transformed } from './transform.ts';

function read<T>(transformed: Transformed<T>): T | undefined {
  return transformed.ok ? transformed.value : undefined;
}

test.each([
  [
    '2026-03-04T05:06:07.890Z',
    'UTC',
    1_772_600_767,
    1_772_600_767_890,
    'Wed, 04 Mar 2026 05:06:07 +0000',
    '/Date(1772600767890)/',
  ],
  [
    '2026-03-04',
    'Australia/Sydney',
    1_772_542_800,
    1_772_542_800_000,
    'Tue, 03 Mar 2026 13:00:00 +0000',
    '/Date(1772582400000)/',
  ],
  ['/Date(-1)/', 'UTC', -1, -1, 'Wed, 31 Dec 1969 23:59:59 +0000', '/Date(-1)/'],
  ['tomorrow', 'UTC', undefined, undefined, undefined, undefined],
])('the moment %s in %s is written in each shape', (text, zone, seconds, ms, rfc, vendor) => {
  expect(read(toEpochSeconds(text, zone))).toBe(seconds);
  expect(read(toEpochMs(text, zone))).toBe(ms);
  expect(read(toRfc2822(text, zone))).toBe(rfc);
  expect(read(toMsDate(text, zone))).toBe(vendor);
});

test.each(['America/New_York', 'UTC', 'Asia/Kathmandu', 'Pacific/Auckland'])(
  'a day that is written as /Date(ms)/ is that day in %s, and a moment is the day that it falls on there',
  (zone) => {
    expect(read(toCalendarDate('/Date(1772582400000+0000)/', zone))).toBe('2026-03-04');
    expect(read(toCalendarDate(read(toMsDate('2026-03-04', zone)) ?? '', zone))).toBe('2026-03-04');
    for (const [moment, iso] of [
      ['/Date(1772582400001)/', '2026-03-04T00:00:00.001Z'],
      // With an offset of its own it is a moment on some clock.
      ['/Date(1772582400000-0500)/', '2026-03-04T00:00:00Z'],
    ] as const)
      expect(read(toCalendarDate(moment, zone))).toBe(read(toCalendarDate(iso, zone)));
  },
);

test.each(['/Date(253402300800000)/', '/Date(8640000000000000)/', '/Date(-62135596800001)/'])(
  '%s, beyond the years of four digits, is no moment',
  (text) => {
    for (const make of [toInstant, toCalendarDate, toEpochMs, toRfc2822, toMsDate])
      expect(make(text, 'UTC').ok).toBe(false);
  },
);

test('the last moment of all is a day where the year is not over', () => {
  expect(read(toCalendarDate('/Date(253402300799999)/', 'UTC'))).toBe('9999-12-31');
  expect(toCalendarDate('/Date(253402300799999)/', 'Pacific/Auckland').ok).toBe(false);
});

const moment = date({
  min: new Date('1971-01-01'),
  max: new Date('2200-01-01'),
  noInvalidDate: true,
});

test('a moment is the same in every shape', () => {
  assert(
    property(moment, (at) => {
      const iso = at.toISOString();
      expect(read(toEpochMs(iso, 'UTC'))).toBe(at.getTime());
      expect(read(toEpochSeconds(iso, 'UTC'))).toBe(Math.floor(at.getTime() / 1000));
      expect(read(toInstant(read(toMsDate(iso, 'UTC')) ?? '', 'UTC'))).toBe(iso);
      const seconds = `${iso.slice(0, 19)}.000Z`;
      expect(read(toInstant(read(toRfc2822(iso, 'UTC')) ?? '', 'UTC'))).toBe(seconds);
    }),
  );
});

test('a moment is later by as much as it was moved', () => {
  assert(
    property(moment, integer({ min: 0, max: 100_000 }), (at, days) => {
      const iso = at.toISOString();
      const later = read(addDuration(iso, `${days}d`)) ?? '';
      expect(Date.parse(later) - at.getTime()).toBe(days * 86_400_000);
      expect(read(addDuration(iso.slice(0, 10), `${days}d`))).toBe(later.slice(0, 10));
      expect(read(addDuration(iso, `${days * 24}h`))).toBe(later);
    }),
  );
});

test('no text whatever throws, and what is made has the promised length', () => {
  assert(
    property(string({ unit: 'grapheme' }), integer({ min: -(10 ** 16), max: 10 ** 16 }), (text, number) => {
      for (const given of [text, String(number), `/Date(${number})/`]) {
        expect([24, undefined]).toContain(read(toInstant(given, 'Europe/Berlin'))?.length);
        expect([10, undefined]).toContain(read(toCalendarDate(given, 'Asia/Kathmandu'))?.length);
        expect([31, undefined]).toContain(read(toRfc2822(given, 'UTC'))?.length);
        expect(read(toMsDate(given, 'UTC'))?.length ?? 0).toBeLessThanOrEqual(23);
        toEpochSeconds(given, 'UTC');
      }
    }),
    { numRuns: 500 },
  );
});
