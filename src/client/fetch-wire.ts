import type { Fault } from './errors.ts'
import { type Question, questionFor, unproven } from './proof.ts'
import type { Wire, WireRequest } from './wire.ts'

const answerWithinMs = 60_000

/**
 * Over `fetch`, for browsers and whatever else is not Node. It says nothing of connections, so the server proves itself
 * before each request; over plain HTTP the next one may reach another server all the same.
 */
export function fetchWire(origin: string, key: string, fault: Fault): Wire {
  const unreachable = (cause: unknown) =>
    fault('server_unreachable', `No bhor server answers at ${origin}.`, { cause })
  const sent = async (
    request: Omit<WireRequest, 'body'> & { readonly text?: string },
    signal: AbortSignal,
  ) => {
    const { method, target, headers = {}, text } = request
    const body = text === undefined ? {} : { body: text }
    try {
      return await fetch(origin + target, {
        method,
        headers,
        redirect: 'error',
        cache: 'no-store',
        signal,
        ...body,
      })
    } catch (cause) {
      throw unreachable(cause)
    }
  }
  const prove = async (question: Question) => {
    const limit = AbortSignal.timeout(answerWithinMs)
    const reply = await sent({ method: 'GET', target: question.target }, limit)
    if (question.isAnsweredBy({ status: reply.status, text: await reply.text() })) return
    // Nothing that an unproven server says is repeated.
    throw unproven(fault, reply.status)
  }
  const ask = async (request: WireRequest, signal: AbortSignal) => {
    await prove(await questionFor(key, origin))
    const { method, target, headers, body } = request
    const json = body === undefined ? {} : { text: JSON.stringify(body) }
    const all = {
      ...headers,
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    return sent({ method, target, headers: all, ...json }, signal)
  }
  return {
    async send(request) {
      const reply = await ask(request, AbortSignal.timeout(answerWithinMs))
      try {
        return { status: reply.status, text: await reply.text() }
      } catch (cause) {
        throw unreachable(cause)
      }
    },
    async stream(request, signal) {
      const reply = await ask(request, signal)
      return { status: reply.status, texts: textsOf(reply, unreachable) }
    },
  }
}

async function* textsOf({ body }: Response, unreachable: (cause: unknown) => Error): AsyncGenerator<string> {
  if (!body) return
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (cause) {
    throw unreachable(cause)
  } finally {
    await reader.cancel().catch(() => {})
  }
}
