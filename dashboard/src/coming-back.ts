import type { Problem, SignedIn } from '../../src/contracts/api.ts'
import { call } from './api.ts'
import { isConnected, retryMs } from './connection.ts'
import { isFromDesk, newNonce } from './desk-proof.ts'
import { inKeyFrame, KeyFrameError } from './key-frame.ts'
import { packDrafts, unpackDrafts } from './parts/drafts.ts'
import { addressOf, place, readAddress } from './place.ts'
import { isPassing, toProblem } from './problem.ts'
import { leave, signInProblem } from './session-state.ts'
import { readSignOutOwed } from './sign-out-owed.ts'
import { pause } from './time/clock.ts'

const mark = '#return='
const mostFaults = 5

let isGoing = false
/** Takes a one-time ticket out of the address, so that it stays in no history. */
export function takeTicket(): string | null {
  const [, ticket, shown, typed] =
    /^#return=([\w-]+)(?:&([\w/%.~-]+))?(?:&typed=([\w-]+))?$/.exec(location.hash) ?? []
  if (ticket === undefined) return null
  if (typed !== undefined) unpackDrafts(typed)
  history.replaceState(null, '', shown === undefined ? '/' : `/#${shown}`)
  readAddress()
  return ticket
}

/**
 * Leads this browser back in where it stays signed in: over a new address, since this one may have been told to
 * anybody while bhor did not run. A page that was in goes nowhere unless who answers has proven to be the same desk.
 *
 * @param problem what is shown where there is no way back
 */
export async function goBack(problem: Problem | null): Promise<void> {
  if (isGoing) return
  // Whoever signed out is not led back in by what could not be told yet.
  if (readSignOutOwed() !== null) return leave(null)
  isGoing = true
  try {
    if (!canKeepKeys()) return leave(problem)
    const nonce = newNonce()
    const { url, proof } = await call('POST /v1/desk/return', { body: { nonce } })
    if (!(await isFromDesk(`${nonce}\n${url}`, proof)) || !url.includes(mark)) {
      isConnected.value = false
      return
    }
    const { page, path } = place.value
    const typed = packDrafts()
    location.replace(`${url}&${addressOf(page, ...path).slice(1)}${typed && `&typed=${typed}`}`)
    await new Promise(() => {})
  } catch (error) {
    const told = toProblem(error)
    if (isPassing(error)) signInProblem.value = told
    else leave(told.code === 'no_way_back' ? problem : told)
  } finally {
    isGoing = false
  }
}

/** At the new address: shows the key, and gets the next one. Waits as long as bhor cannot answer. */
export async function arrive(ticket: string): Promise<SignedIn> {
  isGoing = true
  try {
    for (let faults = 0; ; ) {
      try {
        return await arriveOnce(ticket)
      } catch (error) {
        if (isPassing(error)) {
          signInProblem.value = toProblem(error)
          await pause(retryMs)
        } else if (!(error instanceof KeyFrameError) || ++faults === mostFaults) throw error
      }
    }
  } finally {
    isGoing = false
  }
}

async function arriveOnce(ticket: string): Promise<SignedIn> {
  const started = await call('POST /v1/desk/return/start', { body: { ticket } })
  const { frame, nextFrame, challenge } = started
  const publicKey = await inKeyFrame(nextFrame, { act: 'make' })
  const signature = await inKeyFrame(frame, { act: 'sign', challenge, nextKey: publicKey })
  const { forget, ...signedIn } = await call('POST /v1/desk/return/finish', {
    body: { ticket, publicKey, signature },
  })
  for (const each of forget) void inKeyFrame(each, { act: 'forget' }).catch(() => {})
  return signedIn
}

/** After a link: has this browser stay signed in, where it and the desk can. */
export async function stayIn(): Promise<void> {
  if (!canKeepKeys()) return
  const { frame } = await call('POST /v1/desk/key')
  if (frame === null) return
  await call('PUT /v1/desk/key', { body: { publicKey: await inKeyFrame(frame, { act: 'make' }) } })
}

/** Absent where the browser does not trust this address. */
function canKeepKeys(): boolean {
  return (crypto as { subtle?: SubtleCrypto }).subtle !== undefined
}
