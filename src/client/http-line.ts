import type { Problem } from '../contracts/api.ts'
import { type AnyInput, type ArgumentsOf, targetOf } from '../contracts/endpoints.ts'
import { type Fault, isBhorError } from './errors.ts'
import { blocksOf } from './event-blocks.ts'
import type { Asked, Line } from './line.ts'
import type { Wire, WireReply } from './wire.ts'

/** A comment comes every 15 s. */
const longestSilenceMs = 20_000

/** bhor over HTTP. */
export function httpLine(wire: Wire, fault: Fault): Line {
  return {
    fault,
    longestSilenceMs,
    async ask<E extends Asked>(endpoint: E, ...[input]: ArgumentsOf<E>) {
      const { params, query, body }: AnyInput = input ?? {}
      const [method, target] = targetOf(endpoint, {
        ...(params ? { params } : {}),
        ...(query ? { query } : {}),
      })
      return answerOf(await wire.send({ method, target, body }), fault)
    },
    async *follow(after, signal) {
      const headers = after === undefined ? {} : { 'last-event-id': after }
      const request = { method: 'GET', target: '/v1/events', headers }
      const { status, texts } = await wire.stream(request, signal)
      if (status === 200) return yield* blocksOf(texts)
      answerOf({ status, text: (await Array.fromAsync(texts)).join('') }, fault)
    },
  }
}

/** Nothing of this request has left this computer. */
export function isNotSent(error: unknown): boolean {
  return isBhorError(error, 'server_unreachable') && error.facts.sent === false
}

// biome-ignore lint/suspicious/noExplicitAny: what an endpoint answers, its type says
function answerOf({ status, text }: WireReply, fault: Fault): any {
  const said = jsonOf(text)
  if (status >= 200 && status < 300) {
    if (text === '') return undefined
    if (said !== undefined) return said
    throw fault('server_unreachable', 'The server broke off its answer.')
  }
  const { code, detail, hint, facts } = (said ?? {}) as Partial<Problem>
  const parts = { ...(hint === undefined ? {} : { hint }), ...(facts === undefined ? {} : { facts }) }
  throw fault(code ?? 'server_unreachable', detail ?? `The server answered with HTTP ${status}.`, parts)
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
