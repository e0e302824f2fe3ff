import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { History, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client'
import { Problem } from '../api/http'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { deploymentOf } from '../deployments/Actions'
import { useDeploymentsOf } from '../design/overlay'
import { useDocument, useDocumentState } from '../document/context'
import { flowRoute } from '../frame/routes'
import { Button } from '../kit/controls'
import { Empty, Failure, Note, SkeletonTable } from '../kit/states'
import { Ago } from '../kit/time'
import { Difference, type Side } from './Difference'

interface Row { hash: string; title: string; note: string | null; at: string | null; by: string | null }

const own = 'here'

/** What was published of a flow, newest first, and where each runs; two of them, or one and what stands here, beside each other. */
export function FlowVersions({ flow }: { flow: string }) {
  const { id } = flowRoute.useParams()
  const search = flowRoute.useSearch()
  const navigate = useNavigate()
  const document = useDocument()
  const text = useDocumentState(s => s.text)
  const isDraft = useDocumentState(s => s.opened.etag !== null || s.saving !== 'saved')
  const template = useQuery(queries.template(id))
  const names = [...new Set(useDeploymentsOf(flow).map(d => deploymentOf(d.name)))]
  const details = useQueries({ queries: names.map(queries.deployment) })
  const [told, setTold] = useState<{ text: string; look?: 'warn' } | null>(null)
  const current = template.data
  const rows: Row[] = current ? [...current.versions].reverse().map(v => ({ hash: v.hash, title: v.version ?? v.hash.slice(0, 8), note: v.note, at: v.createdAt, by: v.createdBy })) : []
  if (current && !rows.some(row => row.hash === current.hash)) rows.unshift({ hash: current.hash, title: current.version ?? current.hash.slice(0, 8), note: null, at: null, by: null })
  // The same number may have been published twice: then the content tells them apart.
  const named = (row: Row) => `Version ${row.title}${rows.filter(r => r.title === row.title).length > 1 ? ` (${row.hash.slice(0, 8)})` : ''}`
  const runsIn = (row: Row) => details.flatMap(d => (d.data?.template === id && d.data.templateHash === row.hash ? [d.data] : []))
  const sides: Side[] = [...(isDraft ? [{ id: own, title: 'This draft', template: id, hash: text, files: document.files() }] : []), ...rows.map(row => ({ id: row.hash, title: named(row), template: id, hash: row.hash }))]
  const after = sides.find(s => s.id === search.after) ?? sides[0]
  const before = sides.find(s => s.id === search.before) ?? sides[sides.indexOf(after!) + 1]
  const go = (change: { before?: string | undefined; after?: string | undefined }) => void navigate({ to: '/flows/$id', params: { id }, search: { ...search, ...change } })
  async function take(row: Row) {
    try {
      const refused = document.restore((await api.template(id, row.hash)).files)
      setTold(refused ? { text: refused, look: 'warn' } : { text: `${named(row)} stands in the draft now. Undo takes it back; publishing makes it a version.` })
      if (!refused) go({ before: undefined, after: undefined })
    } catch (e) {
      setTold({ text: e instanceof Error ? e.message : String(e), look: 'warn' })
    }
  }
  useOffer({ title: here, commands: rows.flatMap((row, i) => [
    ...(i < rows.length - 1 ? [{ id: 'changed ' + row.hash, title: `What ${named(row).toLowerCase()} changed`, about: row.note ?? undefined, run: () => go({ after: row.hash, before: rows[i + 1]!.hash }) }] : []),
    { id: 'take ' + row.hash, title: `Take ${named(row).toLowerCase()} into the draft`, about: row.note ?? undefined, run: () => void take(row) },
  ]) })
  if (!current) {
    return <main className="page"><div className="wide">{template.error instanceof Problem && template.error.status === 404 ? <Empty icon={History}>This flow was never published. Publishing makes its first version.</Empty>
      : template.error ? <Failure error={template.error} what="The versions" retry={() => void template.refetch()} /> : <SkeletonTable />}</div></main>
  }
  return (
    <main className="page"><div className="wide">
      {told && <Note look={told.look}>{told.text}</Note>}
      <div className="table-box"><table className="table"><thead><tr><th>Version</th><th>Note</th><th>Published</th><th>Runs in</th><th><span className="hidden">Actions</span></th></tr></thead>
        <tbody>{rows.map((row, i) => <tr key={row.hash} aria-current={row.hash === after?.id || row.hash === before?.id ? 'true' : undefined}>
          <td className="name">{row.title} <code className="quiet-text">{row.hash.slice(0, 8)}</code>{row.hash === current.hash && <div><span className="pill">Newest</span></div>}</td>
          <td>{row.note ?? <span className="quiet-text">none</span>}</td>
          <td>{row.at ? <Ago at={row.at} /> : <span className="quiet-text">not kept yet</span>}{row.by && <div className="quiet-text">{row.by}</div>}</td>
          <td>{runsIn(row).length === 0 ? <span className="quiet-text">nowhere</span> : runsIn(row).map(d => d.origin === 'api' ? <Link key={d.name} className="pill ok" to="/versions" search={{ deployment: d.name, before: undefined, after: undefined }}>{d.name}</Link> : <span key={d.name} className="pill ok">{d.name}</span>)}</td>
          <td className="right"><span className="row" style={{ justifyContent: 'flex-end' }}>{i < rows.length - 1 && <Button size="small" look="quiet" onPress={() => go({ after: row.hash, before: rows[i + 1]!.hash })}>What it changed</Button>}<Button size="small" onPress={() => void take(row)}><RotateCcw size={14} aria-hidden />Take it into the draft</Button></span></td>
        </tr>)}</tbody></table></div>
      {after && before ? <Difference key={`${before.id}-${after.id}`} before={before} after={after} choices={sides.map(s => ({ id: s.id, label: s.title, help: rows.find(r => r.hash === s.id)?.note ?? undefined }))} onBefore={side => go({ before: side })} onAfter={side => go({ after: side })} /> : <p className="quiet-text">There is nothing before it to compare with.</p>}
    </div></main>
  )
}
