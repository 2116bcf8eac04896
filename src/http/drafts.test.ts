import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoors } from '../../test/support/doors.ts'
import type { Me } from '../contracts/api.ts'
import { ManualClock } from '../core/clock.ts'
import { Drafts } from './drafts.ts'

test('what was typed outlives its sign-in, and goes when it was sent, or when everybody is signed out', async () => {
  await using doors = await openDoors()
  const json = { 'content-type': 'application/json' }
  const keep = async (form: string, fields: object, status = 204) => {
    const headers = { ...(await doors.signIn()), ...json }
    const answer = await doors.ask('PUT', `/v1/desk/drafts/${form}`, { headers, body: { fields } })
    assert.equal(answer.status, status, answer.text)
  }
  const kept = async () => {
    const answer = await doors.ask('GET', '/v1/desk/me', { headers: await doors.signIn() })
    return (answer.json as Me).drafts
  }
  await keep('add-account', { account: 'papa' })
  await keep('add-account', { account: 'papa', label: 'Papa’s account' })
  await keep('edit%3Aacc_1', { label: 'x' })
  assert.deepEqual(await kept(), {
    'add-account': { account: 'papa', label: 'Papa’s account' },
    'edit:acc_1': { label: 'x' },
  })
  await keep('edit%3Aacc_1', {})
  assert.deepEqual(Object.keys(await kept()), ['add-account'])
  await keep('add-account', { label: 'x'.repeat(4001) }, 422)
  await keep('x'.repeat(101), { label: 'x' }, 422)
  const operator = await doors.ask('GET', '/v1/desk/me', { overSocket: true })
  assert.deepEqual((operator.json as Me).drafts, {})
  await doors.ask('DELETE', '/v1/desk/browsers', { overSocket: true })
  assert.deepEqual(await kept(), {})
})

test('it is kept for a day, and the oldest of fifty forms goes: no page can fill the memory', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const drafts = new Drafts(clock)
  for (let at = 0; at < 51; at++) drafts.keep(`form ${at}`, { text: 'x' })
  drafts.keep('form 1', { text: 'again' })
  drafts.keep('form 51', { text: 'x' })
  const names = Object.keys(drafts.all())
  assert.equal(names.length, 50)
  assert.deepEqual(
    [names.includes('form 0'), names.includes('form 1'), names.includes('form 2')],
    [false, true, false],
  )
  const many = Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`field ${at}`, 'x']))
  assert.throws(() => drafts.keep('form', many), { code: 'bad_field' })
  await clock.advance(24 * 60 * 60_000 - 1)
  assert.equal(Object.keys(drafts.all()).length, 50)
  await clock.advance(1)
  assert.deepEqual(drafts.all(), {})
})

test('how the page is wanted outlives the browser and a stop of bhor, and is nothing but that', async () => {
  await using doors = await openDoors()
  const json = { 'content-type': 'application/json' }
  const choose = async (body: object) =>
    (await doors.ask('PATCH', '/v1/desk/choices', { headers: { ...(await doors.signIn()), ...json }, body }))
      .status
  const chosen = async () => {
    const answer = await doors.ask('GET', '/v1/desk/me', { headers: await doors.signIn() })
    return (answer.json as Me).choices
  }
  assert.deepEqual(await chosen(), {})
  assert.equal(await choose({ amounts: 'hidden', keys: 'off' }), 204)
  for (const wrong of [{ amounts: 'shown' }, { theme: 'x' }, { keys: 'on' }])
    assert.match(String(await choose(wrong)), /^(400|422)$/)
  assert.deepEqual(await chosen(), { amounts: 'hidden', keys: 'off' })
  await doors.ask('DELETE', '/v1/desk/browsers', { overSocket: true })
  assert.equal(await doors.world.app.store.meta.get('page.choices'), '{"amounts":"hidden","keys":"off"}')
  assert.deepEqual(await chosen(), { amounts: 'hidden', keys: 'off' })
  // Another browser knows nothing of that, and takes nothing of it away.
  assert.equal(await choose({ accounts: 'table' }), 204)
  assert.equal(await choose({ keys: null, firstProgram: null }), 204)
  assert.deepEqual(await chosen(), { amounts: 'hidden', accounts: 'table' })
  assert.equal(await choose({}), 204)
  assert.deepEqual(await chosen(), { amounts: 'hidden', accounts: 'table' })
})
