import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comesBack } from './comes-back.ts'

test('from a phone a login comes back to the porch alone: not to the desk, an older porch or anybody else', () => {
  const porch = 'https://bhor.example'
  const at = (redirectUrl: string, of: string | null = porch) =>
    comesBack({ redirectUrl, broker: 'kite' }, of)
  assert.equal(at(`${porch}/callback/kite`), true)
  assert.equal(at(`${porch}/callback/kite`, null), false)
  for (const redirectUrl of [
    'http://127.0.0.1:7878/callback/kite',
    'http://[::1]:7878/callback/kite',
    'https://old.example/callback/kite',
    'https://somebody.example/',
    `${porch}/callback/upstox`,
    `${porch}.evil.example/callback/kite`,
    '',
  ])
    assert.equal(at(redirectUrl), false, redirectUrl)
})
