import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { card, layOut, type Picture, type Placed } from '../flow/layout'
import type { FlowModel } from '../flow/model'
import type { GraphDifference } from './compare'
import { margin, scale, StillFlow } from './StillFlow'

const none: ReadonlySet<string> = new Set()
type Box = RefObject<HTMLDivElement | null>

/** Two versions of a flow beside each other, both at the same place: at the first change, and wherever one of them is moved to. */
export function StillPair({ before, after, difference, beforeTitle, afterTitle }: { before: FlowModel; after: FlowModel; difference: GraphDifference; beforeTitle: string; afterTitle: string }) {
  const left = useRef<HTMLDivElement>(null)
  const right = useRef<HTMLDivElement>(null)
  const leader = useRef<'left' | 'right' | null>(null)
  const old = useMemo(() => layOut(before, none), [before])
  const now = useMemo(() => layOut(after, none), [after])
  useEffect(() => {
    const [was, is] = [old.steps.get(difference.first?.before ?? ''), now.steps.get(difference.first?.after ?? '')]
    if (!was || !is) return
    leader.current = null
    // The one that has room to scroll less decides how high the place stands.
    open(right, is)
    follow(left, was, right, is)
    follow(right, is, left, was)
  }, [difference, old, now])
  function moved(who: 'left' | 'right') {
    if (leader.current !== who) return
    const pairs = difference.same.map(s => [old.steps.get(s.before), now.steps.get(s.after)]).filter((p): p is [Placed, Placed] => p[0] !== undefined && p[1] !== undefined).map(([a, b]): [Placed, Placed] => (who === 'left' ? [a, b] : [b, a]))
    const [from, to] = who === 'left' ? [left, right] : [right, left]
    const near = nearest(from, pairs)
    if (near) follow(to, near[1], from, near[0])
  }
  const side = (who: 'left' | 'right', title: string, model: FlowModel, picture: Picture, box: Box) => (
    <div><h3>{title}</h3><StillFlow model={model} picture={picture} marks={who === 'left' ? difference.before : difference.after} label={`The flow in ${title.toLowerCase()}`} box={box} onLead={() => { leader.current = who }} onMove={() => moved(who)} /></div>
  )
  return <div className="still-pair">{side('left', beforeTitle, before, old, left)}{side('right', afterTitle, after, now, right)}</div>
}

const x = (at: Placed) => (at.x + card.width / 2) * scale + margin
const y = (at: Placed) => (at.y + card.height / 2) * scale + margin

/** Brings a card a third down, in the middle. */
function open(box: Box, at: Placed): void {
  box.current?.scrollTo(x(at) - box.current.clientWidth / 2, y(at) - box.current.clientHeight / 3)
}

/** Brings a card to where its counterpart stands in the other picture. */
function follow(box: Box, at: Placed, other: Box, there: Placed): void {
  if (other.current) box.current?.scrollTo(x(at) - (x(there) - other.current.scrollLeft), y(at) - (y(there) - other.current.scrollTop))
}

/** The pair whose first card stands nearest to the middle of what is seen. */
function nearest(box: Box, pairs: [Placed, Placed][]): [Placed, Placed] | undefined {
  const seen = box.current
  if (!seen) return undefined
  const far = (at: Placed) => Math.hypot(x(at) - seen.scrollLeft - seen.clientWidth / 2, y(at) - seen.scrollTop - seen.clientHeight / 2)
  return pairs.reduce<[Placed, Placed] | undefined>((best, pair) => (best === undefined || far(pair[0]) < far(best[0]) ? pair : best), undefined)
}
