import { signal } from '@preact/signals'
import { call } from './api.ts'
import { toProblem } from './problem.ts'
import { keepCsrf, leave, readCsrf, signInProblem, standing } from './session-state.ts'

const mark = '#sign-in='

/** Where programs reach bhor. */
export const deskUrl = signal(location.origin)

/** Takes the one-time token out of the address, so that it stays in no history and no screenshot. */
function takeToken(): string | null {
  if (!location.hash.startsWith(mark)) return null
  const token = decodeURIComponent(location.hash.slice(mark.length))
  history.replaceState(null, '', location.pathname)
  return token
}

/** Signs in with the link's token, or goes on with the session of this tab. */
export async function enter(): Promise<void> {
  const token = takeToken()
  try {
    if (token !== null) await signIn(token)
    else if (readCsrf() === null) return leave(null)
    const me = await call('GET /v1/desk/me')
    deskUrl.value = me.url.replace(/\/$/, '')
    signInProblem.value = null
    standing.value = 'in'
  } catch (error) {
    const problem = toProblem(error)
    if (problem.code === 'sign_in_needed') return
    if (problem.code === 'server_unreachable' && token === null) return
    leave(problem)
  }
}

async function signIn(token: string): Promise<void> {
  const { csrf } = await call('POST /v1/desk/sign-in', { body: { token } })
  keepCsrf(csrf)
}

/** Ends the session here even when bhor cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await call('POST /v1/desk/sign-out')
  } finally {
    leave(null)
  }
}
