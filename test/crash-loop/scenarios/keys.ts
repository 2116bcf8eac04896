import assert from 'node:assert/strict'
import { isBhorError } from '../../../src/core/errors.ts'
import { fullRights } from '../../../src/session/ground/rights.ts'
import { operator } from '../../support/domain.ts'
import type { Run, Scenario } from '../scenario.ts'

async function addKey({ domain, got, kept }: Run, by = operator): Promise<void> {
  const name = `bot ${got.keys.length}`
  const { view, key } = await domain.desk.keys.add(by, { name, scopes: ['read-token', 'admin'] })
  got.keys.push({ id: view.id, text: key.reveal() })
  kept.key = view.id
}
async function withKey(run: Run): Promise<void> {
  await run.logIn()
  await addKey(run)
}
const byKey = ({ kept }: Run) => fullRights('key', kept.key)

export const keys: readonly Scenario[] = [
  {
    name: 'a hand-out to a key',
    brokers: ['kite', 'upstox', 'kotak'],
    arrange: withKey,
    act: (run) => run.handOut('demo', byKey(run)),
  },
  { name: 'a new key', act: (run) => addKey(run) },
  {
    name: 'a key that is revoked with those that it made',
    async arrange(run) {
      await withKey(run)
      run.kept.maker = run.kept.key!
      await addKey(run, byKey(run))
    },
    act: ({ domain, kept }) => domain.desk.keys.revoke(operator, kept.maker!),
    async check(run) {
      const results = await Promise.allSettled(
        run.got.keys.map(({ id }) => run.handOut('demo', fullRights('key', id))),
      )
      const refused = results.filter((one) => one.status === 'rejected')
      for (const { reason } of refused) assert.ok(isBhorError(reason, 'key_invalid'), String(reason))
      if (run.isDone) assert.equal(refused.length, 2)
      assert.ok(refused.length !== 1, 'the one without the other')
    },
  },
]
