import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useDocument, useDocumentState } from '../document/context'
import type { FlowStep } from '../flow/model'
import type { Source } from '../flow/scope'
import { Dialog } from '../kit/controls'
import { Failure, SkeletonTable } from '../kit/states'
import type { Sample } from './samples'
import { waitingFor } from './waiting'
import { ask, target, withParameters, type PreviewOfLine } from './usePreview'

/** Every line over every sample: which fail, and why. */
export function CheckSamples({ step, lines, samples, sources, connection, onClose }: { step: FlowStep; lines: PreviewOfLine[]; samples: Sample[]; sources: readonly Source[]; connection: string | null; onClose(): void }) {
  const document = useDocument()
  const model = useDocumentState(s => s.model)!
  const query = useQuery({ queryKey: ['check-samples', step.key, JSON.stringify(lines), samples.map(s => s.id), connection], queryFn: ({ signal }) => ask(document.flowSources(), model.id, step, lines, samples.map(s => withParameters(s, model)), signal, target(step, model, connection)) })
  const waits = samples.map(s => waitingFor(lines, s.data, sources, step.activity?.key === 'map' ? step.id : null))
  const problems = (query.data ?? []).flatMap((results, i) => results.filter(r => !waits[i]!.has(r.name)).flatMap(r => [...(r.error ? [r.error.message] : []), ...r.findings.filter(f => f.severity !== 'info').map(f => f.message)].map(message => ({ sample: samples[i]!.label, field: r.name, message }))))
  return (
    <Dialog title={`All ${samples.length} samples`} wide isOpen onClose={onClose}>
      {query.error ? <Failure error={query.error} what="The check" /> : !query.data ? <SkeletonTable rows={3} /> : problems.length === 0 ? <p className="state ok"><CircleCheck size={16} aria-hidden />Every line gives a fitting value for every sample{waits.some(w => w.size > 0) && ', but for what is known only when its steps have run'}.</p>
        : <div className="table-box"><table className="table"><thead><tr><th>Sample</th><th>Field</th><th>Problem</th></tr></thead><tbody>{problems.map((p, i) => <tr key={i}><td>{p.sample}</td><td><code>{p.field}</code></td><td>{p.message}</td></tr>)}</tbody></table></div>}
    </Dialog>
  )
}
