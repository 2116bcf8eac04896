import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView } from '../../../src/contracts/api.ts'
import { brokerView } from '../../../src/session/accounts/broker-view.ts'
import { angel } from '../../../test/contract-families/angel.ts'
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
} as Partial<AccountView> as AccountView

/** The form as it stands when nobody touched it, with these changes. */
function form(changes: Record<string, string>): FormData {
  const data = new FormData()
  const shown: Record<string, string> = {
    account: 'papa',
    label: 'Papa',
    postbackUrl: 'https://example.in/hook',
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

test('an untouched form changes nothing, also where an input is not shown', () => {
  assert.deepEqual(readEdit(account, broker, form({})), {})
})

test('only what was touched is sent; an emptied field is sent empty', () => {
  assert.deepEqual(
    readEdit(account, broker, form({ label: ' Father ', postbackUrl: '', 'fields.localIp': '10.0.0.7' })),
    { label: 'Father', postbackUrl: '', fields: { localIp: '10.0.0.7' } },
  )
  assert.deepEqual(readEdit(account, broker, form({ 'app.apiKey': 'efgh' })), { app: { apiKey: 'efgh' } })
})

test('an empty secret means keep; a password is taken as typed', () => {
  assert.deepEqual(readEdit(account, broker, form({ 'fields.pin': ' 2468 ', 'fields.password': ' p ' })), {
    fields: { pin: '2468', password: ' p ' },
  })
})

test('the form knows every input, so that an error finds its place', () => {
  const inputs = editInputs(broker)
  for (const input of ['account', 'app.apiKey', 'fields.clientCode', 'fields.password'])
    assert.ok(inputs.includes(input), input)
})
