import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlertChannelView } from '../../../../src/contracts/alerts.ts'
import { addOf, type Choices, editOf, quietOf } from './channel-form.ts'

const choices: Choices = { kind: 'ntfy', leastSeverity: 'warning', accounts: [] }
const stored: AlertChannelView = {
  name: 'phone',
  kind: 'ntfy',
  target: 'ntfy.example',
  settings: { server: 'https://ntfy.example' },
  secrets: ['token', 'topic'],
  leastSeverity: 'warning',
  accounts: ['papa', 'demo'],
  tells: [],
  quiet: { from: '22:00', until: '06:30' },
  state: 'working',
  waiting: 0,
  lastDelivery: null,
  lastFailure: null,
  lastCheck: null,
}
const unchanged = {
  name: 'phone',
  'field.server': 'https://ntfy.example',
  quietFrom: '22:00',
  quietUntil: '06:30',
}
const same: Choices = { ...choices, accounts: ['demo', 'papa'] }

test('a new channel: public and secret fields apart, only those of its kind', () => {
  const texts = {
    name: 'phone',
    'field.server': 'https://ntfy.example',
    'field.topic': 'long',
    'field.url': 'x',
  }
  assert.deepEqual(addOf(texts, choices), {
    name: 'phone',
    kind: 'ntfy',
    fields: { server: 'https://ntfy.example' },
    secrets: { topic: 'long' },
    leastSeverity: 'warning',
  })
  assert.deepEqual(addOf({ ...texts, quietFrom: '22:00', quietUntil: '06:30' }, same).quiet, stored.quiet)
  assert.equal(quietOf({ quietFrom: '22:00' }), 'half')
})

test('a change says only what is otherwise: a secret that is not typed stays', () => {
  assert.deepEqual(editOf(stored, unchanged, same), {})
  assert.deepEqual(editOf(stored, { name: 'home', 'field.topic': 'another', 'drop.token': 'on' }, choices), {
    name: 'home',
    fields: { server: '' },
    secrets: { topic: 'another', token: '' },
    accounts: null,
    quiet: null,
  })
  assert.deepEqual(editOf(stored, unchanged, { ...same, leastSeverity: 'critical' }), {
    leastSeverity: 'critical',
  })
})
