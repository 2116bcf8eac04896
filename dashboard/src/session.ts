import { signal } from '@preact/signals'
import { call } from './api.ts'
import { learnChoices } from './choices.ts'
import { arrive, goBack, learnProofKey, stayIn, takeTicket } from './coming-back.ts'
import { inKeyFrame, KeyFrameError } from './key-frame.ts'
import { followBehind } from './live/feed.ts'
import { learnDrafts } from './parts/drafts.ts'
import { isPassing, toProblem } from './problem.ts'
import { keepSession, leave, onSignedOut, readCsrf, signInProblem, standing } from './session-state.ts'
import { pause } from './time/clock.ts'

const mark = '#sign-in='
/** So long signing out waits for the browser to forget its key, which counts no more anyway. */
const forgettingMs = 2_000

/** Where programs reach bhor. */
export const deskUrl = signal(location.origin)

onSignedOut((problem) => {
  // Several requests may hear it at once; the first one's word stands.
  if (standing.value !== 'out') void goBack(readCsrf() === null ? null : problem)
})

/** Takes the one-time token out of the address, so that it stays in no history and no screenshot. */
export function takeToken(): string | null {
  if (!location.hash.startsWith(mark)) return null
  const token = location.hash.slice(mark.length)
  history.replaceState(null, '', '/')
  return token
}

/**
 * Signs in with the link's token, goes on with the session of this tab, or comes back as a browser that stays signed in.
 * What passes by itself leaves it open how this page stands, to be tried again.
 */
export async function enter(): Promise<void> {
  const token = takeToken()
  const ticket = takeTicket()
  let isLinkOpen = token !== null
  try {
    if (token !== null) {
      keepSession(await call('POST /v1/desk/sign-in', { body: { token } }))
      isLinkOpen = false
    } else if (ticket !== null) keepSession(await arrive(ticket))
    else if (readCsrf() === null) return await goBack(null)
    const me = await call('GET /v1/desk/me')
    deskUrl.value = me.url.replace(/\/$/, '')
    learnProofKey(me.proofKey)
    learnDrafts(me.drafts)
    learnChoices(me.choices)
    followBehind(me.seq)
    signInProblem.value = null
    if (standing.value !== 'foreign') standing.value = 'in'
    if (!me.isKept) void stayIn().catch(() => {})
  } catch (error) {
    if (error instanceof KeyFrameError) return leave(null)
    const problem = toProblem(error)
    if (problem.code === 'sign_in_needed') return
    if (problem.code === 'no_way_back') return leave(null)
    // Of a link that is still open nobody knows whether it was spent.
    if (isPassing(error) && !isLinkOpen) signInProblem.value = problem
    else leave(problem)
  }
}

/** Ends the session here even when bhor cannot be told. */
export async function signOut(): Promise<void> {
  try {
    const { frame } = await call('POST /v1/desk/sign-out')
    await forgetAll(frame)
  } catch {
    leave(null)
  }
}

/** Signs every browser out. Throws `confirmation_needed` where nobody confirms it. */
export async function signOutEverywhere(): Promise<void> {
  const { frame } = await call('DELETE /v1/desk/browsers')
  await forgetAll(frame)
}

/** A new document: of this one nothing stays, neither on the screen nor in memory. */
async function forgetAll(frame: string | null): Promise<void> {
  const forgetting = frame === null ? undefined : inKeyFrame(frame, { act: 'forget' }).catch(() => {})
  await Promise.race([forgetting, pause(forgettingMs)])
  leave(null)
  location.replace('/')
}
