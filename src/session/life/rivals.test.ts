import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  type Bed,
  exchangePath,
  openBed,
  otherUser,
  profilePath,
  refused,
} from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'

/** `demo` with a live session, and `papa` who can end it by a login. */
async function openRivals(broker: string): Promise<Bed> {
  const bed = await openBed(broker)
  const { apiKey } = await bed.account()
  const papa = { account: 'papa', broker, kind: 'sandbox', apiKey } as const
  await bed.domain.desk.accounts.add(operator, { ...papa, userId: otherUser })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  return bed
}

test('a login whose answer is lost may have ended the session of another account of the app: the broker is asked', async () => {
  await using bed = await openRivals('kite')
  bed.simulator.faults.add({ kind: 'answer_lost', match: { path: exchangePath.kite! } })
  await refused(bed.domain.logIn('papa', { userId: otherUser }), 'answer_lost')
  await refused(bed.handOut(), 'session_revoked')
  assert.equal((await bed.account()).session?.endReason, 'revoked')
})

test('a person who logs in at the wrong account ends the session of the right one', async () => {
  await using bed = await openRivals('upstox')
  await refused(bed.domain.logIn('papa', { userId: (await bed.account()).userId! }), 'wrong_user')
  await refused(bed.handOut(), 'session_revoked')
})

test('so it is where a broker keeps one session per user: nobody knows who logged in, or whether the app counts', async () => {
  await using bed = await openRivals('upstox')
  bed.simulator.faults.add({ kind: 'answer_lost', match: { path: exchangePath.upstox! } })
  await refused(bed.domain.logIn('papa', { userId: otherUser }), 'answer_lost')
  await refused(bed.handOut(), 'session_revoked')
})

test('a login of another person at another app leaves a session as it is', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.desk.accounts.add(operator, {
    account: 'papa',
    broker: 'upstox',
    kind: 'sandbox',
    userId: otherUser,
  })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  await bed.domain.logIn('papa', { userId: otherUser })
  const calls = bed.simulator.calls({ path: profilePath.upstox! }).length
  assert.equal((await bed.handOut()).generation, 1)
  assert.equal(bed.simulator.calls({ path: profilePath.upstox! }).length, calls, 'it is not asked about')
})

test('a damaged row of another account costs nobody a login', async () => {
  await using bed = await openRivals('kite')
  const file = new DatabaseSync(join(bed.home, 'bhor.db'))
  file.exec("update accounts set label = 'forged' where alias = 'demo'")
  file.close()
  const papa = await bed.domain.logIn('papa', { userId: otherUser })
  assert.deepEqual([papa.generation, papa.status], [1, 'active'])
  await refused(bed.handOut(), 'store_damaged')
})
