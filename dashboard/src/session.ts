import { signal } from '@preact/signals'
import { call } from './api.ts'
import { learnChoices } from './choices.ts'
import { arrive, goBack, stayIn, takeTicket } from './coming-back.ts'
import { retryMs } from './connection.ts'
import { learnProofKey } from './desk-proof.ts'
import { inKeyFrame, KeyFrameError } from './key-frame.ts'
import { followBehind } from './live/feed.ts'
import { learnDrafts } from './parts/drafts.ts'
import { isPassing, toProblem } from './problem.ts'
import {
  keepSession,
  leave,
  onSignedOut,
  readCsrf,
  signInId,
  signInProblem,
  standing,
} from './session-state.ts'
import { keepSignOutOwed, readSignOutOwed } from './sign-out-owed.ts'
import { pause } from './time/clock.ts'

const mark = '#sign-in='
/** So long signing out waits for the browser to forget its key, which counts no more anyway. */
const forgettingMs = 2_000

/** Where programs reach bhor. */
export const deskUrl = signal(location.origin)
/** Where phones outside reach it; null where nobody does. */
export const porchUrl = signal<string | null>(null)

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
  if (readSignOutOwed() !== null) {
    const settled = settleSignOut()
    if (token === null) {
      leave(null)
      void settled.then(() => location.replace('/'))
      return
    }
  }
  let isLinkOpen = token !== null
  try {
    if (token !== null) {
      keepSession(await call('POST /v1/desk/sign-in', { body: { token } }))
      isLinkOpen = false
    } else if (ticket !== null) keepSession(await arrive(ticket))
    else if (readCsrf() === null) return await goBack(null)
    const me = await call('GET /v1/desk/me')
    deskUrl.value = me.url.replace(/\/$/, '')
    porchUrl.value = me.porch
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

/** Ends the session here at once, and at bhor as soon as that answers. */
export async function signOut(): Promise<void> {
  // Before anything is asked: nothing may lead back in from now on.
  keepSignOutOwed(signInId())
  try {
    const { frame } = await call('POST /v1/desk/sign-out')
    keepSignOutOwed(null)
    await forgetAll(frame)
  } catch {
    leave(null)
    await settleSignOut()
    location.replace('/')
  }
}

/** Signs out what was to be signed out, however long bhor takes to answer. The cookie says which browser it is, and no more. */
async function settleSignOut(): Promise<void> {
  for (let browser = readSignOutOwed(); browser !== null; browser = readSignOutOwed()) {
    try {
      const { frame } = await call('POST /v1/desk/sign-out/late', { body: { browser } })
      keepSignOutOwed(null)
      await forgetKey(frame)
    } catch (error) {
      // This address belonged to another data folder.
      if (toProblem(error).code === 'host_not_allowed') keepSignOutOwed(null)
      else await pause(retryMs)
    }
  }
}

/** Signs every browser out. Throws `confirmation_needed` where nobody confirms it. */
export async function signOutEverywhere(): Promise<void> {
  const { frame } = await call('DELETE /v1/desk/browsers')
  await forgetAll(frame)
}

/** A new document: of this one nothing stays, neither on the screen nor in memory. */
async function forgetAll(frame: string | null): Promise<void> {
  await forgetKey(frame)
  leave(null)
  location.replace('/')
}

async function forgetKey(frame: string | null): Promise<void> {
  const forgetting = frame === null ? undefined : inKeyFrame(frame, { act: 'forget' }).catch(() => {})
  await Promise.race([forgetting, pause(forgettingMs)])
}
