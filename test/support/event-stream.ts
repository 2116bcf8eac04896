import type { ClientRequest, IncomingMessage } from 'node:http'
import type { FeedEvent } from '../../src/contracts/events.ts'
import type { Doors } from './doors.ts'

const http = process.getBuiltinModule('node:http')

export interface StreamOptions {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** `?after=`. */
  readonly after?: number
  readonly lastEventId?: number
  readonly overSocket?: boolean
}

/** One open answer of `GET /v1/events`, read as a program reads it. */
export interface EventStream extends Disposable {
  readonly response: IncomingMessage
  /** All that came so far. */
  readonly text: string
  readonly events: readonly FeedEvent[]
  /** The last `id` that came. */
  readonly lastId: number
  /** Resolves once `isSo`, whatever comes. */
  until(isSo: (stream: EventStream) => boolean): Promise<void>
  /** Resolves with all of the text when the server has ended it. */
  readonly ended: Promise<string>
}

export function openStream(
  doors: Pick<Doors, 'host' | 'port' | 'socketPath'>,
  options: StreamOptions = {},
): Promise<EventStream> {
  const { key, after, lastEventId, overSocket } = options
  const headers = {
    host: doors.host,
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    ...options.headers,
  }
  const where = overSocket ? { socketPath: doors.socketPath } : { host: '127.0.0.1', port: doors.port }
  const path = `/v1/events${after === undefined ? '' : `?after=${after}`}`
  return new Promise((resolve, reject) => {
    const request = http.get({ ...where, path, headers, agent: false }, (response) => {
      if (response.statusCode === 200) return resolve(streamOf(request, response))
      reject(new Error(`HTTP ${response.statusCode}`))
      request.destroy()
    })
    request.on('error', reject)
  })
}

function streamOf(request: ClientRequest, response: IncomingMessage): EventStream {
  const listeners = new Set<() => void>()
  let text = ''
  const ended = new Promise<string>((resolve) => response.once('close', () => resolve(text)))
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    for (const listener of listeners) listener()
  })
  response.on('error', () => {})
  const stream: EventStream = {
    response,
    get text() {
      return text
    },
    get events() {
      return eventsIn(text)
    },
    get lastId() {
      return Number(
        text
          .match(/^id: (\d+)$/gm)
          ?.at(-1)
          ?.slice(4) ?? Number.NaN,
      )
    },
    until(isSo) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (!isSo(stream)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`It ended before that: ${text.slice(-500)}`)))
        look()
      })
    },
    ended,
    [Symbol.dispose]: () => request.destroy(),
  }
  return stream
}

/** The events of a text, each checked to bear its number. */
export function eventsIn(text: string): FeedEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const event = fields.get('event')
      if (event === undefined) return []
      const data = JSON.parse(fields.get('data') ?? '') as { seq: number }
      if (String(data.seq) !== fields.get('id')) throw new Error(`The id of ${block} is not its number.`)
      return [{ event, data } as unknown as FeedEvent]
    })
}

/** The names of events, each with its account. */
export function named(events: readonly FeedEvent[]): string[] {
  return events.map(({ event, data }) => ('account' in data ? `${event} ${data.account}` : event))
}
