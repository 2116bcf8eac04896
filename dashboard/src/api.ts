import { isConnected } from './connection.ts'
import { foreignProblem, isProblem, ProblemError, unreachable } from './problem.ts'
import { leave, readCsrf } from './session-state.ts'
import { learnServerTime } from './time/clock.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/**
 * One call of `/v1`. Throws {@link ProblemError} with bhor's own problem, or `server_unreachable`.
 * `sign_in_needed` from anywhere leads to the sign-in page.
 */
export async function call<T>(method: Method, path: string, body?: object): Promise<T> {
  const answer = await send(method, path, body)
  isConnected.value = true
  learnServerTime(answer.headers.get('date'))
  if (answer.ok) return (answer.status === 204 ? undefined : await readJson(answer)) as T
  const said = await readJson(answer)
  const problem = isProblem(said) ? said : foreignProblem(answer.status)
  if (problem.code === 'sign_in_needed') leave(readCsrf() === null ? null : problem)
  throw new ProblemError(problem)
}

/** `/v1/accounts/{account}` and what is below it. */
export function accountPath(account: string, ...rest: readonly string[]): string {
  return ['/v1/accounts', encodeURIComponent(account), ...rest].join('/')
}

async function send(method: Method, path: string, body: object | undefined): Promise<Response> {
  const csrf = readCsrf()
  const headers: Record<string, string> = { accept: 'application/json' }
  if (csrf !== null) headers['x-bhor-session'] = csrf
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
  }
  if (method === 'POST' || method === 'PATCH') {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(body ?? {})
  }
  try {
    return await fetch(path, init)
  } catch {
    isConnected.value = false
    throw new ProblemError(unreachable)
  }
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json()
  } catch {
    if (answer.ok) throw new ProblemError(foreignProblem(answer.status))
    return null
  }
}
