import { At } from '../kit/time'

/** Failed attempts in their order. A line begins with its time: that stands by itself, so that the gaps between attempts are seen. */
export function Attempts({ lines }: { lines: readonly string[] }) {
  return <ol className="timeline">{lines.map((text, i) => {
    const time = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z)\s+/.exec(text)
    return <li key={i}><span className="num quiet-text">{i + 1}</span><span>{time ? text.slice(time[0].length) : text}</span><span className="quiet-text num">{time && <At at={time[1]!} />}</span></li>
  })}</ol>
}
