// The transport: every answer is JSON or a problem document; nothing else in the designer knows about HTTP.

/** A refusal of the server, in its own words. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly code: string,
    readonly requestId: string | null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail || title)
  }
}

/** The server could not be reached at all. */
export class Offline extends Error {
  constructor() {
    super('The server cannot be reached.')
  }
}

let lost: () => void = () => undefined

/** Tells at the first call that fails, not only when the server is asked whether it lives. */
export const reach = { onLost: (handler: () => void) => { lost = handler } }

const keyName = 'designer.key'
let signedOut: () => void = () => undefined

export const credential = {
  get: () => sessionStorage.getItem(keyName),
  set: (key: string) => sessionStorage.setItem(keyName, key),
  clear: () => sessionStorage.removeItem(keyName),
  onSignedOut: (handler: () => void) => (signedOut = handler),
}

export interface Answer<T> {
  data: T
  etag: string | null
}

interface Ask {
  method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export async function ask<T>(path: string, { method = 'GET', body, headers, signal }: Ask = {}): Promise<Answer<T>> {
  const key = credential.get()
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(key ? { Authorization: `Bearer ${key}` } : {}), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    lost()
    throw new Offline()
  }
  const text = await response.text()
  const json = parse(text)
  if (!response.ok) {
    const problem = (json ?? {}) as Record<string, unknown>
    if (response.status === 401) signedOut()
    throw new Problem(
      response.status,
      String(problem.title ?? `The server answered ${response.status}.`),
      String(problem.detail ?? ''),
      String(problem.code ?? ''),
      response.headers.get('X-Request-Id') ?? (problem.requestId as string | undefined) ?? null,
      problem,
    )
  }
  return { data: json as T, etag: response.headers.get('ETag') }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return entries.length === 0 ? '' : '?' + new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()
}

/** Server-sent events; by fetch, because the browser's own reader cannot send a key. Ends when aborted, comes back after a break. */
export async function follow(path: string, onOpen: (open: boolean) => void, onEvent: (name: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const key = credential.get()
      const response = await fetch(path, { headers: { Accept: 'text/event-stream', ...(key ? { Authorization: `Bearer ${key}` } : {}) }, signal })
      if (!response.ok || response.body === null) throw new Offline()
      onOpen(true)
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      for (;;) {
        const { value, done } = await reader.read()
        if (done) break
        const lines = (rest + value).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) if (line.startsWith('event:')) onEvent(line.slice(6).trim())
      }
    } catch {
      if (signal.aborted) return
    }
    onOpen(false)
    await new Promise(resolve => setTimeout(resolve, 3000))
  }
}
