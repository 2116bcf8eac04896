import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import type { Answer } from './answer.ts'
import type { SimulatedBroker } from './broker.ts'

/** Who walks through the login pages, and how. */
export interface Person {
  /** The person whom the page offers when left out. */
  readonly userId?: string | undefined
  /** Presses "Cancel" instead. */
  readonly cancels?: boolean | undefined
}

/**
 * Walks the login pages as a person with one tap would, without a browser and without a socket: no call is
 * recorded and no fault strikes.
 *
 * @returns the address of the app where the browser ends, with the one-time code
 * @throws BhorError `login_refused` when the broker sends the person nowhere
 */
export function logInAs({ world, answer }: SimulatedBroker, loginUrl: string, person: Person): string {
  const isHere = (at: string) => at.startsWith(`${world.origin()}/`)
  const visit = (method: 'GET' | 'POST', at: string, fields = {}): Answer => {
    const { pathname: path, searchParams: query } = new URL(at)
    return answer({ method, path, query, headers: {}, body: '', fields, grantsWrongUser: false })
  }
  if (!isHere(loginUrl)) throw new BhorError('login_refused', 'This is no login page of the simulator.')
  let reply = visit('GET', loginUrl)
  const [, id] = /name="sess_id" value="([^"]+)"/.exec(reply.body) ?? []
  const [, offered] = /name="demo" value="([^"]+)"/.exec(reply.body) ?? []
  if (!id) throw refused(reply)
  const choice = person.cancels ? { cancel: '1' } : { demo: person.userId ?? offered }
  reply = visit('POST', loginUrl, { sess_id: id, ...choice })
  for (let at = loginUrl; ; reply = visit('GET', at)) {
    if (reply.status !== 302) throw refused(reply)
    at = new URL(reply.headers.location!, at).href
    if (!isHere(at)) return at
  }
}

function refused(answer: Answer): BhorError {
  return new BhorError('login_refused', `The simulated broker refuses this login: ${printable(answer.body)}`)
}
