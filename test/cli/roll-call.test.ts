import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RollCallView } from '../../src/contracts/api.ts'
import { bhor, json, newFolder, startServer } from '../support/at-the-terminal.ts'

const all = { BHOR_ROLL_CALL_ACCOUNTS: 'all' }

test('roll-call: exit 4 and the next step while somebody is missing, 0 where nobody is', async () => {
  using folder = newFolder()
  const { env } = folder
  await bhor(env, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])
  const missing = await bhor({ ...env, ...all }, ['roll-call'])
  assert.equal(missing.code, 4, missing.stderr)
  assert.match(missing.stdout, /demo +kite sandbox +○ login needed +Log in: bhor login demo\./)
  assert.match(missing.stderr, /1 of 1 not ready: demo\. The deadline (is|was) \w{3} \d+ \w{3} 08:55 IST\./)
  const told = await bhor({ ...env, ...all }, ['roll-call', '--json'])
  assert.equal(told.code, 4)
  const { accounts, missing: count } = json<RollCallView>(told)
  assert.deepEqual([accounts.map(({ account, state }) => [account, state]), count], [[['demo', 'login']], 1])
  // No sandbox account is called where nobody has asked for that.
  const none = await bhor(env, ['roll-call'])
  assert.deepEqual([none.code, none.stdout], [0, ''], none.stderr)
  assert.match(none.stderr, /No account is called in the morning/)
})

test('a name that no account has is no quiet morning: roll-call exits with 4 and says so, and so does a start', async () => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_ROLL_CALL_ACCOUNTS: 'papaa' }
  const says = /roll_call_accounts has papaa, and no account is named so\. Correct roll_call_accounts/
  const asked = await bhor(env, ['roll-call'])
  assert.equal(asked.code, 4, asked.stderr)
  assert.match(asked.stderr, says)
  const told = await bhor(env, ['roll-call', '--json'])
  assert.equal(told.code, 4)
  assert.deepEqual(json<RollCallView>(told).unknown, ['papaa'])
  await using server = await startServer(env)
  await server.says(says)
})

test('a deadline, a call or names that make no sense are refused by name, with a hint', async () => {
  using folder = newFolder()
  const { env } = folder
  const wrong = [
    [{ BHOR_ROLL_CALL_DEADLINE: '8:55' }, /BHOR_ROLL_CALL_DEADLINE must be a time of day in India/],
    [{ BHOR_ROLL_CALL_DEADLINE: '25:00' }, /BHOR_ROLL_CALL_DEADLINE must be/],
    [{ BHOR_ROLL_CALL_AT: '08:15,07:30' }, /BHOR_ROLL_CALL_AT must be times of day in India in their order/],
    [{ BHOR_ROLL_CALL_AT: '07:30,07:30' }, /BHOR_ROLL_CALL_AT must be/],
    [
      { BHOR_ROLL_CALL_AT: '', BHOR_ROLL_CALL_DEADLINE: '07:00' },
      /roll_call_at has 07:30, which is not before/,
    ],
    [{ BHOR_ROLL_CALL_AT: '08:55' }, /roll_call_at has 08:55, which is not before roll_call_deadline, 08:55/],
    [{ BHOR_ROLL_CALL_ACCOUNTS: 'papa,,demo' }, /BHOR_ROLL_CALL_ACCOUNTS must be/],
    [{ BHOR_ROLL_CALL_ACCOUNTS: 'Papa' }, /BHOR_ROLL_CALL_ACCOUNTS must be/],
  ] as const
  for (const [variables, says] of wrong) {
    const { code, stdout, stderr } = await bhor({ ...env, ...variables }, ['roll-call'])
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, says)
    assert.match(stderr, /Try: /)
  }
})
