/** Data as a person reads it: names and values, nested ones folded. */
export function Data({ value, name, open = true }: { value: unknown; name?: string; open?: boolean }) {
  if (value === null || value === undefined) return <Leaf name={name}><span className="quiet-text">empty</span></Leaf>
  if (Array.isArray(value)) {
    if (value.length === 0) return <Leaf name={name}><span className="quiet-text">no items</span></Leaf>
    return <Fold name={name ?? 'Items'} about={`${value.length}`} open={open && value.length < 6}>{value.slice(0, 100).map((item, i) => <Data key={i} name={String(i + 1)} value={item} open={false} />)}</Fold>
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    const inside = entries.map(([key, child]) => <Data key={key} name={key} value={child} open={false} />)
    return name === undefined ? <div className="tree">{inside}</div> : <Fold name={name} about="" open={open}>{inside}</Fold>
  }
  return <Leaf name={name}><span className={typeof value === 'string' ? '' : 'mono'}>{String(value)}</span></Leaf>
}

const Leaf = ({ name, children }: { name?: string; children: React.ReactNode }) => <div className="pair">{name !== undefined && <span>{name}</span>}<span style={{ overflowWrap: 'anywhere' }}>{children}</span></div>
const Fold = ({ name, about, open, children }: { name: string; about: string; open: boolean; children: React.ReactNode }) => <details open={open}><summary>{name} <span className="quiet-text">{about}</span></summary><div>{children}</div></details>
