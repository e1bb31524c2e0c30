import { drawBox, drawLine, drawText } from '../text/svg-text.ts';
import type { Box, Drawing } from '../text/svg-text.ts';

const HEIGHT = 48;
const at = (x: number, y: number, width = 130): Box => ({ x, y, width, height: HEIGHT });

const SOURCE = at(0, 10, 110);
const QUEUED = at(170, 10);
const JUDGED = at(360, 10, 150);
const SENDING = at(570, 10, 150);
const DELIVERED = at(800, 10, 150);
const LEFT_OUT = at(205, 140, 135);
const REVIEW = at(360, 140, 150);
const WAITING = at(570, 140, 150);
const UNKNOWN = at(800, 140, 150);
const DEAD = at(570, 240, 150);
const PERSON = at(360, 240, 150);

/** The states of section "Life of a record"; the same for every service. */
export function drawRecordLife(): Drawing {
  const boxes = [
    drawBox(SOURCE, ['source', 'a page is read']),
    drawBox(QUEUED, ['queued', 'stored'], 'main'),
    drawBox(JUDGED, ['judged', 'find, keep, map'], 'main'),
    drawBox(SENDING, ['sending', 'its bytes are stored'], 'main'),
    drawBox(DELIVERED, ['delivered', 'or unchanged'], 'good'),
    drawBox(LEFT_OUT, ['skipped', 'or superseded'], 'good'),
    drawBox(REVIEW, ['review', 'the others go on'], 'wait'),
    drawBox(WAITING, ['waiting', 'growing delays'], 'wait'),
    drawBox(UNKNOWN, ['unknown', 'perhaps written'], 'wait'),
    drawBox(DEAD, ['dead', 'failed for good'], 'bad'),
    drawBox(PERSON, ['a person', 'retries or discards']),
  ];
  const lines = [
    drawLine([right(SOURCE), left(QUEUED)]),
    drawLine([right(QUEUED), left(JUDGED)]),
    drawLine([right(JUDGED), left(SENDING)]),
    drawLine([right(SENDING), left(DELIVERED)]),
    drawLine([
      bottom(JUDGED, -55),
      { x: middle(JUDGED) - 55, y: 100 },
      { x: middle(LEFT_OUT), y: 100 },
      top(LEFT_OUT),
    ]),
    drawLine([bottom(JUDGED), top(REVIEW)]),
    drawLine([
      bottom(SENDING, -50),
      { x: middle(SENDING) - 50, y: 100 },
      { x: middle(REVIEW) + 50, y: 100 },
      top(REVIEW, 50),
    ]),
    drawLine([bottom(SENDING, -15), top(WAITING, -15)]),
    drawLine([top(WAITING, 15), bottom(SENDING, 15)], true),
    drawLine([
      bottom(SENDING, 55),
      { x: middle(SENDING) + 55, y: 88 },
      { x: middle(UNKNOWN) - 30, y: 88 },
      top(UNKNOWN, -30),
    ]),
    drawLine([top(UNKNOWN, 45), bottom(DELIVERED, 45)], true),
    drawLine([left(UNKNOWN), right(WAITING)], true),
    drawLine([bottom(WAITING), top(DEAD)]),
    drawLine([left(DEAD), right(PERSON)]),
    drawLine([bottom(REVIEW), top(PERSON)]),
    drawLine([left(PERSON), { x: middle(QUEUED) - 48, y: PERSON.y + HEIGHT / 2 }, bottom(QUEUED, -48)], true),
  ];
  return {
    width: 960,
    height: 298,
    title: 'The life of a record',
    description:
      'A record is read and queued, judged, sent, and delivered. Judging may skip it or put it into review; sending may make it wait, leave its outcome unknown, or put it into review. What waits too long is dead. A person brings records in review and dead ones back to the queue, or discards them. An unknown outcome is resolved by the tier of the write.',
    shapes: [
      ...lines,
      ...boxes,
      drawText({ x: 875, y: 112 }, 'found out', 'd-small'),
      drawText({ x: 760, y: 182 }, 'repeated', 'd-small'),
      drawText({ x: 680, y: 112 }, 'again', 'd-small'),
    ].join(''),
  };
}

const middle = (box: Box): number => box.x + box.width / 2;
const left = (box: Box) => ({ x: box.x, y: box.y + HEIGHT / 2 });
const right = (box: Box) => ({ x: box.x + box.width, y: box.y + HEIGHT / 2 });
const top = (box: Box, shift = 0) => ({ x: middle(box) + shift, y: box.y });
const bottom = (box: Box, shift = 0) => ({ x: middle(box) + shift, y: box.y + HEIGHT });
