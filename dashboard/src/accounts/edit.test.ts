import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView } from '../../../src/contracts/api.ts'
import { readEdit } from './edit.ts'

const account = {
  account: 'papa',
  label: 'Papa',
  apiKey: 'abc',
  userId: null,
  redirectUrl: 'http://127.0.0.1:7878/callback/kite',
  postbackUrl: 'https://example.in/hook',
} as AccountView

function form(changes: Record<string, string>): FormData {
  const data = new FormData()
  const { account: name, label, apiKey, redirectUrl, postbackUrl } = account
  const shown = { account: name, label, apiKey, userId: '', redirectUrl, postbackUrl: postbackUrl ?? '' }
  for (const [field, value] of Object.entries({
    ...shown,
    apiSecret: '',
    password: '',
    phoneNumber: '',
    ...changes,
  }))
    data.set(field, value)
  return data
}

test('an untouched form changes nothing', () => {
  assert.deepEqual(readEdit(account, form({})), {})
})

test('only what was touched is sent; an emptied field is sent empty', () => {
  assert.deepEqual(readEdit(account, form({ label: ' Father ', postbackUrl: '' })), {
    label: 'Father',
    postbackUrl: '',
  })
})

test('an empty secret means keep; a password is taken as typed', () => {
  assert.deepEqual(readEdit(account, form({ apiSecret: ' s ', password: ' p ' })), {
    apiSecret: 's',
    password: ' p ',
  })
})
