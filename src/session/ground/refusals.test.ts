import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../contracts/audit.ts'
import { ManualClock } from '../../core/clock.ts'
import { JudgedClock } from '../../core/judged-clock.ts'
import { Refusals } from './refusals.ts'

function openRefusals() {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const records: AuditEntry[] = []
  const log = { isDown: false }
  const audit = {
    async record(entry: AuditEntry) {
      if (log.isDown) throw new Error('down')
      records.push(entry)
    },
  }
  const refusals = new Refusals(audit, new JudgedClock(clock))
  const refuse = (id: string, why = 'revoked') =>
    refusals.record({
      actor: { kind: 'key', id },
      action: 'key.refused',
      result: 'refused',
      code: 'key_invalid',
      detail: { why },
    })
  const told = () => records.reduce((sum, { detail }) => sum + Number(detail?.times ?? 1), 0)
  return { clock, records, log, refusals, refuse, told }
}

test('ten are told one by one, the others by one record a minute, each kind for itself', async () => {
  const { clock, records, refusals, refuse, told } = openRefusals()
  for (let i = 0; i < 500; i++) await refuse('a')
  await refuse('b')
  await refuse('a', 'expired')
  assert.equal(records.length, 12)
  await clock.advance(59_999)
  await refusals.settle()
  assert.equal(records.length, 12)
  await clock.advance(1)
  await refusals.settle()
  assert.equal(records.length, 13)
  assert.deepEqual(records[12], {
    atMs: clock.nowMs(),
    actor: { kind: 'key', id: 'a' },
    action: 'key.refused',
    result: 'refused',
    code: 'key_invalid',
    detail: { why: 'revoked', times: 490, since: '2026-11-23T03:00:00Z' },
  })
  for (let minute = 0; minute < 5; minute++) {
    for (let i = 0; i < 100; i++) await refuse('a')
    await clock.advance(60_000)
    await refusals.settle()
  }
  assert.equal(records.length, 18, 'one a minute as long as it goes on')
  await clock.advance(60_000)
  await refusals.settle()
  await refuse('a')
  assert.deepEqual(records.at(-1)?.detail, { why: 'revoked' }, 'after a quiet minute it begins anew')
  assert.equal(told(), 1003)
})

test('at the end everything is told, and once', async () => {
  const { records, refusals, refuse, told } = openRefusals()
  for (let i = 0; i < 25; i++) await refuse('a')
  for (let i = 0; i < 11; i++) await refuse('b')
  await refusals.end()
  await refusals.end()
  assert.equal(records.length, 22)
  assert.equal(told(), 36)
})

test('what cannot be recorded is told as soon as it can', async () => {
  const { clock, log, refusals, refuse, told } = openRefusals()
  for (let i = 0; i < 3; i++) await refuse('a')
  log.isDown = true
  for (let i = 0; i < 20; i++) await refuse('a').catch(() => undefined)
  await clock.advance(60_000)
  await assert.rejects(refusals.settle())
  for (let i = 0; i < 5; i++) await refuse('a').catch(() => undefined)
  log.isDown = false
  await clock.advance(60_000)
  await refusals.settle()
  assert.equal(told(), 28)
})

test('many at once are counted as many', async () => {
  const { clock, refusals, refuse, told } = openRefusals()
  await Promise.all(Array.from({ length: 200 }, () => refuse('a')))
  await clock.advance(60_000)
  await Promise.all([...Array.from({ length: 200 }, () => refuse('a')), refusals.settle(), refusals.end()])
  await refusals.end()
  assert.equal(told(), 400)
})
