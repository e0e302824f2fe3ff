// A flow is nested sequences, so a recursive pass is exact: the order of the file from left to right, no crossings, and nothing moves that an edit did not touch.
import type { FlowModel, FlowStep, FlowTrigger, Lane } from './model'
import { keyOf } from './model'
import type { Path } from '../text/tree'

export const card = { width: 268, height: 62 }
const gapX = 40
const gapY = 48
const laneTop = 66
const emptyWidth = 132
const loopPad = 18

export interface Spot { key: string; path: Path; index: number; x: number; y: number; label: string }
export interface Placed { x: number; y: number }
export interface Frame { key: string; x: number; y: number; width: number; height: number }
export interface LaneLabel { key: string; x: number; y: number; text: string; title: string }
export interface Picture {
  steps: Map<string, Placed>
  /** Lines, as SVG paths. */
  lines: { key: string; d: string; lanes: string }[]
  labels: LaneLabel[]
  /** Where a step can be added. */
  spots: Spot[]
  frames: Frame[]
  width: number
  height: number
}

interface Block {
  width: number
  height: number
  /** The x of its centre line. */
  centre: number
  /** Nothing follows it: the run ends here. */
  ends: boolean
  put(x: number, y: number): void
}

export function layOut(model: FlowModel, collapsed: ReadonlySet<string>, extra = 0): Picture {
  const picture: Picture = { steps: new Map(), lines: [], labels: [], spots: [], frames: [], width: 0, height: 0 }
  const height = card.height + extra
  const line = (key: string, d: string, lanes = '') => picture.lines.push({ key, d, lanes })
  const down = (key: string, x: number, from: number, to: number) => { if (to > from) line(key, `M${x} ${from}V${to}`) }

  const leaf = (key: string): Block => ({ width: card.width, height, centre: card.width / 2, ends: false, put: (x, y) => picture.steps.set(key, { x, y }) })

  function step(s: FlowStep): Block {
    const self = leaf(s.key)
    const ends = (s.activity?.key === 'stop' || s.activity?.key === 'fail') && s.raw.if === undefined
    if (s.lanes.length === 0 || collapsed.has(s.key)) return { ...self, ends }
    return s.lanes[0]!.kind === 'loop' ? loop(s, s.lanes[0]!, self) : branch(s, self)
  }

  function loop(s: FlowStep, lane: Lane, self: Block): Block {
    const body = sequence(lane.steps, lane.path, s.title)
    const width = Math.max(card.width, body.width) + loopPad * 2
    const centre = Math.max(card.width / 2, body.centre) + loopPad
    const total = height + laneTop + body.height + loopPad + 14
    return {
      width: Math.max(width, centre + card.width / 2 + loopPad), height: total, centre, ends: false,
      put(x, y) {
        self.put(x + centre - card.width / 2, y)
        picture.frames.push({ key: s.key, x, y: y - loopPad, width: Math.max(width, centre + card.width / 2 + loopPad), height: total + loopPad })
        down(s.key + ':in', x + centre, y + height, y + height + laneTop)
        picture.labels.push({ key: keyOf(lane.path), x: x + centre, y: y + height + 20, text: lane.label, title: lane.label })
        body.put(x + centre - body.centre, y + height + laneTop)
        if (!body.ends) down(s.key + ':out', x + centre, y + height + laneTop + body.height, y + total)
      },
    }
  }

  function branch(s: FlowStep, self: Block): Block {
    const lanes = s.lanes.map(lane => sequence(lane.steps, lane.path, `${s.title}, ${lane.label}`))
    // Without "otherwise" a run in which no case holds goes straight on.
    const passes = !s.lanes.some(lane => lane.kind === 'otherwise')
    if (passes) lanes.push({ width: 88, height: 0, centre: 44, ends: false, put: () => undefined })
    const row = lanes.reduce((sum, lane) => sum + lane.width, 0) + gapX * (lanes.length - 1)
    const first = lanes[0]!
    const last = lanes[lanes.length - 1]!
    const middle = (first.centre + row - last.width + last.centre) / 2
    const centre = Math.max(card.width / 2, middle)
    const width = Math.max(row + centre - middle, centre + card.width / 2)
    const tallest = Math.max(...lanes.map(lane => lane.height))
    const join = height + laneTop + tallest + 26
    return {
      width, height: join, centre, ends: lanes.every(lane => lane.ends),
      put(x, y) {
        self.put(x + centre - card.width / 2, y)
        const top = y + height
        const middleX = x + centre
        let left = x + centre - middle
        lanes.forEach((lane, i) => {
          const lx = left + lane.centre
          const own = s.lanes[i]
          const key = own ? keyOf(own.path) : s.key + ':none'
          line(key + ':fork', turn(middleX, top, lx, top + laneTop, 20))
          picture.labels.push({ key, x: lx, y: top + 36, text: own?.label ?? 'none holds', title: own?.label ?? 'No case holds: the run goes on' })
          lane.put(left, top + laneTop)
          if (!lane.ends) line(key + ':join', turn(lx, y + join - 26, middleX, y + join, 14, top + laneTop + lane.height))
          left += lane.width + gapX
        })
      },
    }
  }

  function sequence(steps: FlowStep[], path: Path, place: string): Block {
    const list = keyOf(path)
    const spot = (index: number, x: number, y: number, label: string) => picture.spots.push({ key: `${list}@${index}`, path, index, x, y, label })
    if (steps.length === 0) {
      return { width: emptyWidth, height: 44, centre: emptyWidth / 2, ends: false, put(x, y) {
        down(list + ':empty', x + emptyWidth / 2, y, y + 44)
        spot(0, x + emptyWidth / 2, y + 16, `Add the first step of ${place}`)
      } }
    }
    const blocks = steps.map(step)
    const centre = Math.max(...blocks.map(b => b.centre))
    const width = centre + Math.max(...blocks.map(b => b.width - b.centre))
    const ends = blocks[blocks.length - 1]!.ends
    const tail = ends ? 0 : 30
    return {
      width, centre, ends, height: blocks.reduce((sum, b) => sum + b.height, 0) + gapY * (blocks.length - 1) + tail,
      put(x, y) {
        if (path.length > 1) spot(0, x + centre, y - 12, `Add a step at the start of ${place}`)
        let at = y
        blocks.forEach((b, i) => {
          b.put(x + centre - b.centre, at)
          at += b.height
          const end = i === blocks.length - 1
          if (!end) down(`${list}:${i}`, x + centre, at, at + gapY)
          else if (!ends) down(`${list}:${i}`, x + centre, at, at + tail)
          if (!end || !ends) spot(i + 1, x + centre, at + (end ? 17 : gapY / 2), `Add a step after ${steps[i]!.title}`)
          at += gapY
        })
      },
    }
  }

  const triggers = model.triggers
  const body = sequence(model.steps, ['steps'], 'the flow')
  const row = triggers.length * card.width + Math.max(0, triggers.length - 1) * gapX
  const centre = Math.max(body.centre, row / 2)
  let y = 0
  if (triggers.length > 0) {
    const left = centre - row / 2
    triggers.forEach((t: FlowTrigger, i) => {
      const x = left + i * (card.width + gapX)
      picture.steps.set(t.key, { x, y: 0 })
      const from = x + card.width / 2
      line(t.key + ':out', triggers.length === 1 ? `M${from} ${height}V${height + gapY}` : turn(from, height, centre, height + gapY + 8, 12))
    })
    y = height + gapY + (triggers.length > 1 ? 8 : 0)
    if (model.steps.length > 0) picture.spots.unshift({ key: 'steps@0', path: ['steps'], index: 0, x: centre, y: height + (triggers.length > 1 ? gapY : gapY / 2), label: 'Add a step at the start of the flow' })
  } else if (model.steps.length > 0) {
    picture.spots.unshift({ key: 'steps@0', path: ['steps'], index: 0, x: centre, y: -18, label: 'Add a step at the start of the flow' })
  }
  body.put(centre - body.centre, y)
  picture.width = Math.max(centre + row / 2, centre - body.centre + body.width)
  picture.height = y + body.height
  return picture
}

/** Down, across and down again, with round corners; `at` is how far above the end the line turns. */
function turn(x: number, y: number, toX: number, toY: number, at: number, from = y): string {
  if (Math.abs(toX - x) < 1) return `M${x} ${from}V${toY}`
  const level = y + at
  const r = Math.min(12, Math.abs(toX - x) / 2, at - 2)
  const side = toX > x ? 1 : -1
  return `M${x} ${from}V${level - r}Q${x} ${level} ${x + side * r} ${level}H${toX - side * r}Q${toX} ${level} ${toX} ${level + r}V${toY}`
}
