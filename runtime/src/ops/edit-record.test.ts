import { expect, test } from 'vitest';
import type { Review } from '../store/store.ts';
import { createTestFlow } from '../testing/fake-world.ts';
import { editRecord } from './edit-record.ts';

const RECORD = {
  id: 'r1',
  at: '2026-01-01T00:00:00Z',
  name: null,
  properties: { email: 'ada@example', mobilephone: '' },
  lines: [{ code: 'a' }],
  none: null,
};
const FLOW = createTestFlow({});

function edit(assignment: string, add = false): unknown {
  const review = { id: 1, flow: 'f', key: 'r1', payload: JSON.stringify(RECORD) } as Review;
  return JSON.parse(editRecord(FLOW, review, { assignment, add }));
}

test('a field that the record has is changed, also one that is empty', () => {
  expect(edit('properties.email=ada@example.com')).toEqual({
    ...RECORD,
    properties: { ...RECORD.properties, email: 'ada@example.com' },
  });
  expect(edit('name=Ada')).toEqual({ ...RECORD, name: 'Ada' });
  expect(edit('lines.0.code="7"')).toEqual({ ...RECORD, lines: [{ code: '7' }] });
});

test.each([
  ['properties.emial=a@b.example', 'properties.email'],
  ['propertes.email=a@b.example', 'properties.email'],
  ['email=a@b.example', 'properties.email'],
  ['Name=Ada', 'name'],
  ['lines.1.code=b', 'lines.0.code'],
  ['none.email=a@b.example', 'properties.email'],
])('%s names nothing that the record has, so the nearest that it has is named', (assignment, near) => {
  const [path] = assignment.split('=');
  expect(() => edit(assignment)).toThrow(
    `The record has no "${path}". Did you mean "${near}"? To give it a field that it does not have, say so with --add.`,
  );
});

test('where nothing is near, nothing is proposed', () => {
  expect(() => edit('quantity=3')).toThrow('The record has no "quantity". To give it');
});

test('with --add, the record gets a field that it does not have, and what leads to it', () => {
  expect(edit('properties.phone=+43 1 2345', true)).toMatchObject({
    properties: { ...RECORD.properties, phone: '+43 1 2345' },
  });
  expect(edit('none.deep.value=3', true)).toEqual({ ...RECORD, none: { deep: { value: 3 } } });
  expect(edit('lines.1={"code":"b"}', true)).toMatchObject({ lines: [{ code: 'a' }, { code: 'b' }] });
});

test.each(['lines.2=1', 'lines.code=1', 'lines.01=1', 'id.deep=1', '__proto__.x=1', 'lines.-1=1'])(
  '%s is refused with --add too, because it would be lost or destroy something',
  (assignment) => {
    expect(() => edit(assignment, true)).toThrow(/elements|single value|no field of a record/);
  },
);
