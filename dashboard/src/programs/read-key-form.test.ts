import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readKeyForm } from './read-key-form.ts'

test('no account chosen means all, no days means no end', () => {
  assert.deepEqual(readKeyForm({ name: 'bot' }, ['use'], []).body, { name: 'bot', scopes: ['use'] })
})

test('what was chosen is sent', () => {
  assert.deepEqual(readKeyForm({ name: 'bot', expiresInDays: '90' }, ['use', 'status'], ['papa']).body, {
    name: 'bot',
    scopes: ['use', 'status'],
    accounts: ['papa'],
    expiresInDays: 90,
  })
})

test('each fault stands at its field', () => {
  const { body, faults } = readKeyForm({ expiresInDays: 'soon' }, [], [])
  assert.equal(body, null)
  assert.deepEqual(Object.keys(faults), ['name', 'scopes', 'expiresInDays'])
  for (const days of ['0', '-1', '1.5'])
    assert.equal(readKeyForm({ name: 'a', expiresInDays: days }, ['use'], []).body, null)
})
