import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { brokerView } from '../../../../src/session/accounts/broker-view.ts'
import { angel } from '../../../../test/contract-families/angel.ts'
import { editInputs, readEdit } from './edit.ts'

const broker = brokerView(angel, '')
const account = {
  account: 'papa',
  label: 'Papa',
  app: { apiKey: 'abcd' },
  fields: {
    clientCode: 'D12345',
    localIp: '192.168.1.2',
    publicIp: '203.0.113.7',
    macAddress: '02:00:00:00:00:01',
  },
  secrets: ['fields.pin'],
  userId: 'D12345',
  redirectUrl: 'http://127.0.0.1:7878/callback/angel',
  postbackUrl: 'https://example.in/hook',
  settings: { group: 'parents', rateLimit: { requestsPerSecond: 5, burstSize: 10 } },
} as Partial<AccountView> as AccountView

/** The form as it stands when nobody touched it, with these changes. */
function form(changes: Record<string, string>): FormData {
  const data = new FormData()
  const shown: Record<string, string> = {
    account: 'papa',
    label: 'Papa',
    postbackUrl: 'https://example.in/hook',
    'settings.group': 'parents',
    'settings.hygiene.logoutAt': '',
    'settings.hygiene.logoutUnusedAfter': '',
    'settings.rateLimit': '5',
    'settings.rateLimit.burst': '10',
    'app.apiKey': 'abcd',
    'fields.pin': '',
    'fields.totpSeed': '',
    'fields.password': '',
    'fields.phoneNumber': '',
    ...Object.fromEntries(Object.entries(account.fields).map(([name, value]) => [`fields.${name}`, value])),
  }
  for (const [input, value] of Object.entries({ ...shown, ...changes })) data.set(input, value)
  return data
}

const read = (changes: Record<string, string>, isRenewable = false) =>
  readEdit(account, broker, form(changes), isRenewable)
const changed = (changes: Record<string, string>) => read(changes).change

test('an untouched form changes nothing, also where an input is not shown', () => {
  assert.deepEqual(read({}), { change: {}, faults: {} })
})

test('only what was touched is sent; an emptied field is sent empty', () => {
  assert.deepEqual(changed({ label: ' Father ', postbackUrl: '', 'fields.localIp': '10.0.0.7' }), {
    label: 'Father',
    postbackUrl: '',
    fields: { localIp: '10.0.0.7' },
  })
  assert.deepEqual(changed({ 'app.apiKey': 'efgh' }), { app: { apiKey: 'efgh' } })
})

test('an empty secret means keep; a password is taken as typed', () => {
  assert.deepEqual(changed({ 'fields.pin': ' 2468 ', 'fields.password': ' p ' }), {
    fields: { pin: '2468', password: ' p ' },
  })
})

test('group, rules and rate are sent where they were touched; an emptied one takes the rule away', () => {
  assert.deepEqual(changed({ 'settings.group': '', 'settings.hygiene.logoutAt': '15:45' }), {
    settings: { group: '', hygiene: { logoutAt: '15:45' } },
  })
  assert.deepEqual(changed({ 'settings.rateLimit': '', 'settings.rateLimit.burst': '' }), {
    settings: { rateLimit: null },
  })
  assert.deepEqual(changed({ 'settings.rateLimit.burst': '20' }), {
    settings: { rateLimit: { requestsPerSecond: 5, burstSize: 20 } },
  })
  for (const wrong of ['', 'ten', '-1', '1.5'])
    assert.deepEqual(Object.keys(read({ 'settings.rateLimit.burst': wrong }).faults), ['settings.rateLimit'])
  assert.deepEqual(read({}, true).change, { renewable: true })
})

test('the form knows every input, so that an error finds its place', () => {
  const inputs = editInputs(broker)
  for (const input of ['account', 'app.apiKey', 'fields.clientCode', 'fields.password', 'settings.group'])
    assert.ok(inputs.includes(input), input)
})
