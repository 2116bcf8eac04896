import type { ServerResponse } from 'node:http'
import type { Clock } from '../core/clock.ts'
import type { Answer } from './answer.ts'
import type { SimulatedBroker } from './broker.ts'
import type { Fault } from './faults.ts'
import { page } from './pages.ts'

const slowMs = 5000
const dripMs = 1000
const hugeBytes = 64 * 1024 * 1024
const garbage = '{"status":"succ\u0000\ufffd<<<'

/** What {@link deliver} works with. */
export interface Delivery {
  readonly response: ServerResponse
  readonly clock: Clock
  readonly fault: Fault | undefined
  readonly broker: SimulatedBroker
  readonly isOrder: boolean
  /** Lets the broker act. */
  readonly act: () => Answer
}

/** Lets the broker act and sends its answer, with what the fault makes of it. Returns the status sent, if any. */
export async function deliver(delivery: Delivery): Promise<number | undefined> {
  const { response, fault, broker, isOrder, act } = delivery
  switch (fault?.kind) {
    case undefined:
    case 'wrong_user':
    case 'notifier_late':
    case 'notifier_twice':
    case 'notifier_wrong_client':
    case 'notifier_wrong_user':
    case 'notifier_garbage':
    case 'notifier_never':
      return send(response, act())
    case 'slow':
      await wait(delivery, fault.delayMs ?? slowMs)
      return send(response, act())
    case 'status':
      return send(response, broker.module.refuse('unavailable', { isOrder, status: fault.status ?? 502 }))
    case 'rate_limited':
    case 'ip_refused':
    case 'ip_unset':
    case 'closed_at_night':
      return send(response, broker.module.refuse(fault.kind, { isOrder }))
    case 'html':
      return send(
        response,
        page('Service unavailable', '<h1>Service unavailable</h1>', '#555', fault.status ?? 503),
      )
    case 'redirect':
      return send(response, { status: 302, headers: { location: fault.location ?? '/moved' }, body: '' })
    case 'reset_before':
      return reset(response)
    case 'reset_after':
      act()
      return reset(response)
    case 'answer_lost':
      return sendHalf(response, act())
    case 'garbage':
      return send(response, { ...act(), body: garbage })
    case 'huge':
      return sendHuge(response, act())
    case 'drip':
      return drip(delivery, act(), fault.delayMs ?? dripMs)
  }
}

/** Sends a whole answer. */
export function send(response: ServerResponse, answer: Answer): number {
  const body = Buffer.from(answer.body)
  head(response, answer, body.length)
  response.end(body)
  return answer.status
}

function head(response: ServerResponse, answer: Answer, length: number): void {
  response.writeHead(answer.status, {
    'cache-control': 'no-store',
    ...answer.headers,
    'x-bhor-simulator': 'not a broker',
    'content-length': length,
  })
}

function reset(response: ServerResponse): undefined {
  response.socket?.resetAndDestroy()
}

/** Head and half of the body reach the client, then the connection breaks. */
function sendHalf(response: ServerResponse, answer: Answer): Promise<number> {
  const body = Buffer.from(answer.body || ' ')
  head(response, answer, body.length + 1)
  return new Promise((resolve) => {
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
      response.socket?.destroy()
      resolve(answer.status)
    })
  })
}

async function sendHuge(response: ServerResponse, answer: Answer): Promise<number> {
  const start = '{"status":"success","data":"'
  const end = '"}'
  const chunk = Buffer.alloc(64 * 1024, 'x')
  head(
    response,
    { ...answer, headers: { 'content-type': 'application/json' } },
    hugeBytes + start.length + end.length,
  )
  response.write(start)
  for (let sent = 0; sent < hugeBytes && !response.destroyed; sent += chunk.length) {
    if (!response.write(chunk)) await drained(response)
  }
  if (!response.destroyed) response.end(end)
  return answer.status
}

/** Resolves when the client has taken what was written, or has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go)
      response.off('close', go)
      resolve()
    }
    response.on('drain', go)
    response.on('close', go)
  })
}

async function drip(delivery: Delivery, answer: Answer, delayMs: number): Promise<number> {
  const { response } = delivery
  const body = Buffer.from(answer.body)
  head(response, answer, body.length)
  response.flushHeaders()
  for (let i = 0; i < body.length && !response.destroyed; i++) {
    await wait(delivery, delayMs)
    response.write(body.subarray(i, i + 1))
  }
  response.end()
  return answer.status
}

/**
 * Waits on the injected clock, in pieces where the wait is longer than its longest timer. Rejects when the client
 * leaves or the simulator closes.
 */
async function wait({ clock, response }: Delivery, delayMs: number): Promise<void> {
  const left = new AbortController()
  const leave = () => left.abort()
  response.once('close', leave)
  const untilMs = clock.monotonicMs() + delayMs
  try {
    for (;;) {
      const restMs = untilMs - clock.monotonicMs()
      if (restMs <= 0) return
      await clock.sleep(restMs, left.signal)
    }
  } finally {
    response.off('close', leave)
  }
}
