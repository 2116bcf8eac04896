import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedEgress, silentBrokers } from './trouble.ts'

type Account = Parameters<typeof silentBrokers>[0][number] & Parameters<typeof changedEgress>[0][number]

const at = (text: string) => Date.parse(text)
const account = (more: Partial<Account>): Account => ({
  account: 'demo',
  brokerName: 'Kite Connect',
  gate: { state: 'open', reason: null, text: '', since: null, until: null, next: null, causes: [] },
  egress: { way: 'direct', registered: [], standing: 'nothing registered', measured: null },
  ...more,
})

test('a broker that says nothing is one trouble, however many accounts feel it', () => {
  const doubted = (brokerName: string, since: string | null) => {
    const cause = { reason: 'unproven' as const, closes: true, text: '', since, until: null, next: null }
    return account({ brokerName, gate: { ...account({}).gate, causes: [cause] } })
  }
  assert.deepEqual(
    silentBrokers([
      doubted('Kite Connect', '2026-11-23T03:30:00Z'),
      account({}),
      doubted('Kite Connect', '2026-11-23T03:20:00Z'),
      doubted('Upstox', null),
    ]),
    [
      { brokerName: 'Kite Connect', count: 2, since: '2026-11-23T03:20:00Z' },
      { brokerName: 'Upstox', count: 1, since: null },
    ],
  )
})

test('other addresses than before are told for a day, and where others are registered by the gate', () => {
  const changed = { at: '2026-11-23T03:30:00Z', before: ['192.0.2.7'] }
  const measured = { at: '2026-11-23T03:30:00Z', addresses: ['192.0.2.8'], code: null, changed }
  const moved = account({ egress: { ...account({}).egress, measured } })
  const next = at('2026-11-24T03:30:00Z')
  assert.deepEqual(changedEgress([moved, account({})], next), [
    { account: 'demo', addresses: ['192.0.2.8'], changed },
  ])
  assert.deepEqual(changedEgress([moved], next + 1), [])
  assert.deepEqual(changedEgress([account({ egress: { ...moved.egress, standing: 'different' } })], next), [])
})
