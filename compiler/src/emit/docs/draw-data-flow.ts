import { nameOperation } from '../../model/api-model.ts';
import { listOwnTargets } from '../../model/integration-model.ts';
import type { FlowModel } from '../../model/integration-model.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import { drawBox, drawEdge, LINE } from '../text/svg-text.ts';
import type { Box, Drawing } from '../text/svg-text.ts';
import { describeRhythm } from './describe-overview.ts';

const WIDTH = 960;
const SIDE = 190;
const MIDDLE = 380;
const GAP = 28;
const SYSTEM_HEIGHT = 62;
const MIDDLE_X = (WIDTH - MIDDLE) / 2;

/** The systems on both sides of the flows between them; what is only looked up is reached by broken lines. */
export function drawDataFlow(plan: ServicePlan): Drawing {
  const flows = plan.flows.map(({ flow }) => flow);
  const heights = flows.map((flow) => listLines(flow).length * LINE + 24);
  const boxes = new Map<FlowModel, Box>();
  let y = 10;
  flows.forEach((flow, index) => {
    const height = heights[index] ?? 0;
    boxes.set(flow, { x: MIDDLE_X, y, width: MIDDLE, height });
    y += height + GAP;
  });
  const left = placeSystems(boxes, 0, (flow) => [flow.source.system.name]);
  const written = placeSystems(boxes, WIDTH - SIDE, (flow) =>
    listOwnTargets(flow).map(({ system }) => system.name),
  );
  const asked = [...new Set(flows.flatMap((flow) => flow.find.map(({ system }) => system.name)))];
  const others = asked.filter((name) => !left.has(name) && !written.has(name));
  const right = stack(WIDTH - SIDE, [...written], others);
  const bottoms = [...boxes.values(), ...left.values(), ...right.values()].map((box) => box.y + box.height);
  const edges = flows.flatMap((flow) => drawEdges(flow, boxes.get(flow), left, right));
  return {
    width: WIDTH,
    height: Math.max(...bottoms, 40) + 10,
    title: `The flows of ${plan.integration}`,
    description: flows.map(describeFlow).join(' '),
    shapes: [
      ...edges,
      ...[...left].map(([name, box]) => drawBox(box, [name, 'is read'])),
      ...[...right].map(([name, box]) =>
        drawBox(box, [name, written.has(name) ? 'is written to' : 'is asked']),
      ),
      ...flows.map((flow) => drawBox(boxes.get(flow) ?? EMPTY, listLines(flow), 'main')),
    ].join(''),
  };
}

const EMPTY: Box = { x: 0, y: 0, width: 0, height: 0 };

function listLines(flow: FlowModel): string[] {
  return [
    flow.name,
    `reads ${nameOperation(flow.source.operation)}`,
    describeRhythm(flow.source),
    ...(flow.keep.length === 0
      ? []
      : [`keeps what fits ${flow.keep.length === 1 ? 'a condition' : `${flow.keep.length} conditions`}`]),
    ...flow.find.map((find) => `looks up ${find.name}`),
    ...listOwnTargets(flow).map((target) => `writes ${nameOperation(target.operation)}`),
  ];
}

function describeFlow(flow: FlowModel): string {
  const targets = listOwnTargets(flow).map(({ system }) => system.name);
  const asks = flow.find.map(({ name, system }) => `${name} in ${system.name}`);
  return `Flow ${flow.name} reads ${flow.source.system.name}${asks.length === 0 ? '' : `, looks up ${asks.join(', ')}`} and writes to ${[...new Set(targets)].join(', ')}.`;
}

type Places = ReadonlyMap<string, Box>;

/** Each system beside the middle of its flows, and none over another. */
function placeSystems(
  boxes: ReadonlyMap<FlowModel, Box>,
  x: number,
  namesOf: (flow: FlowModel) => readonly string[],
): Places {
  const centres = new Map<string, number[]>();
  for (const [flow, box] of boxes)
    for (const name of new Set(namesOf(flow)))
      centres.set(name, [...(centres.get(name) ?? []), box.y + box.height / 2]);
  const wanted = [...centres].map(([name, list]): [string, Box] => {
    const centre = list.reduce((sum, value) => sum + value, 0) / list.length;
    return [name, { x, y: centre - SYSTEM_HEIGHT / 2, width: SIDE, height: SYSTEM_HEIGHT }];
  });
  return stack(x, wanted, []);
}

function stack(x: number, wanted: readonly (readonly [string, Box])[], others: readonly string[]): Places {
  const placed = new Map<string, Box>();
  let free = 10;
  for (const [name, box] of wanted.toSorted(([, one], [, other]) => one.y - other.y)) {
    const y = Math.max(free, box.y);
    placed.set(name, { ...box, y });
    free = y + SYSTEM_HEIGHT + GAP;
  }
  for (const name of others) {
    placed.set(name, { x, y: free, width: SIDE, height: SYSTEM_HEIGHT });
    free += SYSTEM_HEIGHT + GAP;
  }
  return placed;
}

function drawEdges(flow: FlowModel, box: Box | undefined, left: Places, right: Places): string[] {
  if (box === undefined) return [];
  const source = left.get(flow.source.system.name);
  const targets = [...new Set(listOwnTargets(flow).map(({ system }) => system.name))];
  const asked = [...new Set(flow.find.map(({ system }) => system.name))];
  const leftAsked = asked.flatMap((name) => left.get(name) ?? []);
  const rightAsked = asked.flatMap((name) => (left.has(name) ? [] : (right.get(name) ?? [])));
  const at = (share: number): number => box.y + box.height * share;
  const end = box.x + box.width;
  return [
    ...(source === undefined
      ? []
      : [drawEdge({ x: source.x + SIDE, y: middleOf(source) - 8 }, { x: box.x, y: at(0.35) })]),
    ...leftAsked.map((one) =>
      drawEdge({ x: box.x, y: at(0.7) }, { x: one.x + SIDE, y: middleOf(one) + 14 }, true),
    ),
    ...rightAsked.map((one) => drawEdge({ x: end, y: at(0.7) }, { x: one.x, y: middleOf(one) + 14 }, true)),
    ...targets
      .flatMap((name) => right.get(name) ?? [])
      .map((one) => drawEdge({ x: end, y: at(0.35) }, { x: one.x, y: middleOf(one) - 8 })),
  ];
}

function middleOf(box: Box): number {
  return box.y + box.height / 2;
}
