import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Scale } from 'lucide-react'
import { api } from '../api/client'
import type { Review } from '../api/contract'
import { queries } from '../api/queries'
import { here, useOffer } from '../commands/offers'
import { words } from '../flow/activities'
import { counted } from '../flow/model'
import { reviewsRoute } from '../frame/routes'
import { Top } from '../frame/Frame'
import { Button, Choose, Segments } from '../kit/controls'
import { Empty, Failure, SkeletonTable } from '../kit/states'
import { Ago } from '../kit/time'
import { ReviewDetails } from './ReviewDetails'
import { decided, grouped, questions } from './words'

type State = 'open' | 'decided'

/** What the engine will not decide by itself: a person looks at the records and says which is meant. */
export function ReviewsScreen() {
  const search = reviewsRoute.useSearch()
  const navigate = useNavigate()
  const deployments = useQuery(queries.deployments)
  const state: State = search.state === 'decided' ? 'decided' : 'open'
  const filter = { deployment: search.deployment, state, limit: 50 }
  const list = useInfiniteQuery({
    queryKey: ['reviews', filter], queryFn: ({ pageParam }) => api.reviews({ ...filter, cursor: pageParam }), initialPageParam: undefined as string | undefined, getNextPageParam: page => page.next ?? undefined, refetchInterval: 5000,
  })
  const go = (change: Partial<typeof search>) => void navigate({ to: '/reviews', search: { ...search, ...change } })
  useOffer({ title: here, commands: [
    state === 'open' ? { id: 'decided', title: 'Show what was decided', run: () => go({ state: 'decided', id: undefined }) } : { id: 'open', title: 'Show the open questions', run: () => go({ state: 'open', id: undefined }) },
    ...(search.deployment ? [{ id: 'all', title: 'Show the reviews of all deployments', run: () => go({ deployment: undefined, id: undefined }) }] : []),
    ...(list.hasNextPage ? [{ id: 'older', title: 'Show older reviews', run: () => void list.fetchNextPage() }] : []),
  ] })
  const rows = list.data?.pages.flatMap(page => page.data) ?? []
  return (
    <>
      <Top title="Reviews" />
      <main className={'split' + (search.id ? '' : ' one')}>
        <div className="list-side" data-pane="">
          <div className="filters">
            <Segments<State> label="State" value={state} onChange={v => go({ state: v, id: undefined })} choices={[{ id: 'open', label: 'Open' }, { id: 'decided', label: 'Decided' }]} />
            <Choose label="Deployment" hideLabel value={search.deployment ?? ''} onChange={v => go({ deployment: v || undefined, id: undefined })} choices={[{ id: '', label: 'All deployments' }, ...(deployments.data?.data ?? []).map(d => ({ id: d.name, label: d.name }))]} />
          </div>
          {list.error && rows.length === 0 ? <Failure error={list.error} what="The reviews" retry={() => void list.refetch()} /> : list.isPending ? <SkeletonTable /> : rows.length === 0
            ? <Empty icon={Scale}>{state === 'open' ? 'No question waits for you.' : 'Nothing was decided yet.'}</Empty>
            : grouped(rows).map(group => <Group key={group.key} group={group} selected={search.id} onSelect={id => go({ id })} />)}
          {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>Show older reviews</Button>}
        </div>
        {search.id && <ReviewDetails key={search.id} id={search.id} onClose={() => go({ id: undefined })} />}
      </main>
    </>
  )
}

function Group({ group, selected, onSelect }: { group: ReturnType<typeof grouped>[number]; selected: string | undefined; onSelect(id: string): void }) {
  return (
    <section className="group" aria-label={`${questions[group.kind]}, ${group.step}`}>
      <header><h2>{questions[group.kind]}</h2><span className="quiet-text">{words(group.step)}{group.entity && ` · ${group.entity}`} · {group.deployment} · {counted(group.reviews.length, 'record')}</span></header>
      <div className="table-box"><table className="table"><thead><tr><th>Record</th><th>Question</th><th>State</th><th>Asked</th></tr></thead>
        <tbody>{group.reviews.map(review => <Row key={review.id} review={review} selected={review.id === selected} onSelect={() => onSelect(review.id)} />)}</tbody></table></div>
    </section>
  )
}

function Row({ review, selected, onSelect }: { review: Review; selected: boolean; onSelect(): void }) {
  return (
    <tr aria-current={selected ? 'true' : undefined}>
      <td><button type="button" className="link name" onClick={onSelect}><code>{review.key}</code></button></td>
      <td><div className="clamp">{review.message}</div></td>
      <td>{review.decision === null ? <span className="pill warn">Open</span> : <>{decided(review)}{review.decidedBy && <div className="quiet-text">{review.decidedBy}</div>}</>}</td>
      <td><Ago at={review.openedAt} /></td>
    </tr>
  )
}
