import type { Problem } from '../../src/contracts/api.ts'
import {
  type AnswerOf,
  type AnyInput,
  type ArgumentsOf,
  type Endpoint,
  targetOf,
} from '../../src/contracts/endpoints.ts'
import { hearBhor, isConnected, untilLost } from './connection.ts'
import { canTellDesk } from './desk-proof.ts'
import { confirmFresh } from './fresh/fresh.ts'
import { foreignProblem, isProblem, ProblemError, unreachable } from './problem.ts'
import { leave, readCsrf, signedOut } from './session-state.ts'
import { learnServerTime } from './time/clock.ts'

/**
 * All that is asked after an outage, until who answers has proven to be the same desk: anybody can listen at a port that
 * bhor has left.
 */
const proving: readonly Endpoint[] = ['POST /v1/desk/proof', 'POST /v1/desk/return']

/** The slowest read asks two brokers, one after the other. */
const longestReadMs = 60_000

/**
 * One request of the API, e.g. `call('GET /v1/accounts/{account}', { params: { account } })`. Throws {@link ProblemError} with bhor's own problem, or `server_unreachable`.
 * An answer that comes after the session has ended is dropped, and this throws.
 * `sign_in_needed` from anywhere leads back in, or to the sign-in page; `confirmation_needed` asks for one and goes on.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  ...[input]: ArgumentsOf<E>
): Promise<AnswerOf<E>> {
  const session = readCsrf()
  const answer = await send(endpoint, input ?? {})
  if (answer.ok) {
    const said = answer.status === 204 ? undefined : await readJson(answer)
    // Whoever asked has left: nothing of what he may see stays behind.
    if (readCsrf() !== session) throw new Error('The session that asked is over.')
    return said as AnswerOf<E>
  }
  const problem = await problemOf(answer)
  const act = problem.code === 'confirmation_needed' ? problem.facts?.act : undefined
  if (typeof act === 'string' && (await confirmFresh(act)))
    return call(endpoint, ...([input] as ArgumentsOf<E>))
  throw new ProblemError(problem, { isPassing: answer.headers.has('retry-after') })
}

/** An answer that goes on and on. Throws as {@link call} does. */
export async function openStream(
  endpoint: Endpoint,
  input: AnyInput,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await send(endpoint, input, signal)
  if (!answer.ok || answer.body === null) throw new ProblemError(await problemOf(answer))
  return answer.body
}

/** What a refusal says, and what follows from it for this page. */
async function problemOf(answer: Response): Promise<Problem> {
  const said = await readJson(answer)
  const problem = isProblem(said) ? said : foreignProblem(answer.status)
  // This address belonged to a data folder that has another now.
  if (problem.code === 'host_not_allowed') leave(readCsrf() === null ? null : problem)
  if (problem.code === 'sign_in_needed') signedOut(problem)
  return problem
}

async function send(endpoint: Endpoint, input: AnyInput, signal?: AbortSignal): Promise<Response> {
  if (!isConnected.peek() && canTellDesk() && !proving.includes(endpoint)) throw lost()
  const [method, path] = targetOf(endpoint, input)
  // What changes something may take as long as it does: nobody would know whether it was done.
  const isRead = method === 'GET' || endpoint === 'POST /v1/desk/proof'
  const csrf = readCsrf()
  const headers: Record<string, string> = { accept: 'application/json' }
  if (csrf !== null) headers['x-bhor-session'] = csrf
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: signal ?? (isRead ? AbortSignal.any([untilLost(), AbortSignal.timeout(longestReadMs)]) : null),
  }
  if (input.body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(input.body)
  }
  try {
    const answer = await fetch(path, init)
    if (!canTellDesk()) isConnected.value = true
    if (isConnected.peek()) hearBhor()
    learnServerTime(answer.headers.get('date'))
    return answer
  } catch (error) {
    if (signal?.aborted) throw error
    throw lost()
  }
}

/** The connection is gone, or somebody holds it and does not answer. */
function lost(): ProblemError {
  isConnected.value = false
  return new ProblemError(unreachable, { isPassing: true })
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw lost()
    if (answer.ok) throw new ProblemError(foreignProblem(answer.status))
    return null
  }
}
