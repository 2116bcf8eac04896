import { effect } from '@preact/signals'
import { blocksOf } from '../../../src/client/event-blocks.ts'
import type { Problem } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { openStream } from '../api.ts'
import { feedProblem, hearBhor, isConnected, retryMs } from '../connection.ts'
import { foreignProblem, ProblemError, toProblem, unreachable } from '../problem.ts'
import { signInId, standing } from '../session-state.ts'
import { pause } from '../time/clock.ts'
import { oneForAll } from './one-for-all.ts'
import { readAgainFor, readAllAgain } from './readings.ts'

/** Where a connection ends that was open, the server stops, or has had enough of this reader. */
const goOnMs = 250
/** The server gives a sign of life every 15 seconds. */
const longestSilenceMs = 40_000

/** What the tab that listens tells all tabs of its browser. */
type News =
  | { readonly kind: 'open'; readonly after: string }
  | { readonly kind: 'lost'; readonly problem: Problem }
  | { readonly kind: 'event'; readonly event: FeedEvent }
  /** The stream goes on. */
  | { readonly kind: 'alive' }

/** The newest event that this tab knows of: any tab may be the next one that listens. */
let after = ''
let isLost = false

/** What is read from now on is as it was after this event, or later. */
export function followBehind(seq: number): void {
  after = String(seq)
}

/** As long as the page is signed in: what is shown is read again whenever it may have changed, and after every outage. */
export async function followFeed(): Promise<void> {
  const leaving = new AbortController()
  const unwatch = effect(() => {
    if (standing.value !== 'in') leaving.abort()
  })
  const { signal } = leaving
  const looking = lookWhileLost(signal)
  await oneForAll<News>({ name: `feed ${signInId()}`, lead: (tell) => listen(tell, signal), hear, signal })
  await looking
  unwatch()
}

function hear(news: News): void {
  if (news.kind !== 'lost') hearBhor()
  if (news.kind === 'alive') return
  if (news.kind === 'event') {
    after = String(news.event.data.seq)
    readAgainFor(news.event)
    return
  }
  const wasLost = isLost || !isConnected.value
  feedProblem.value = news.kind === 'lost' && news.problem.code !== 'server_unreachable' ? news.problem : null
  isConnected.value = news.kind === 'open' || news.problem.code !== 'server_unreachable'
  // What happened meanwhile is told now; but this may be another run of bhor, or another day.
  if (news.kind === 'open' && wasLost) readAllAgain()
  if (news.kind === 'open') after = news.after
  isLost = news.kind === 'lost'
}

/** For all tabs, over one connection that goes on where the one before ended. */
async function listen(tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const silence = watchSilence()
    let isOpen = false
    try {
      const stream = await openStream(
        'GET /v1/events',
        { query: { after } },
        AbortSignal.any([signal, silence.signal]),
      )
      const isAlive = () => {
        silence.heard()
        tell({ kind: 'alive' })
      }
      for await (const { id, event } of blocksOf(textsOf(stream, isAlive))) {
        if (!isOpen) tell({ kind: 'open', after: id ?? after })
        isOpen = true
        if (event !== undefined) tell({ kind: 'event', event })
      }
      // bhor says something at once.
      if (!isOpen && !signal.aborted) tell({ kind: 'lost', problem: foreignProblem(200) })
    } catch (error) {
      if (signal.aborted) return
      // Connected, and nothing comes: nobody knows what happens meanwhile.
      if (silence.signal.aborted) tell({ kind: 'lost', problem: unreachable })
      else if (error instanceof ProblemError) tell({ kind: 'lost', problem: toProblem(error) })
    } finally {
      silence.end()
    }
    await pause(isOpen ? goOnMs : retryMs)
  }
}

async function* textsOf(stream: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string> {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      heard()
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Aborts after a silence in which there should have been a sign of life. */
function watchSilence(): { readonly signal: AbortSignal; heard(): void; end(): void } {
  const silent = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = () => clearTimeout(timer)
  const heard = () => {
    end()
    timer = setTimeout(() => silent.abort(), longestSilenceMs)
  }
  heard()
  return { signal: silent.signal, heard, end }
}

/** Each tab for itself: the one that listens for all may be in the background, where browsers slow the clock down. */
async function lookWhileLost(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(retryMs)
    if (!isConnected.value && !signal.aborted) readAllAgain()
  }
}
