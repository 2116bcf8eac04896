import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printable, redact } from './redact.ts'
import { Secret } from './secret.ts'

const token = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{6,80}$/)
const anything = fc.string({ minLength: 6, maxLength: 60, unit: 'grapheme' })
/** The rest must not hold it by chance. */
const noise = fc.string({ maxLength: 40 }).map((text) => text.replace(/[^ ,.!]/g, ' '))

test('a live secret never survives: as it is, in a URL, in a form, in JSON', () => {
  fc.assert(
    fc.property(fc.oneof(token, anything), noise, noise, (value, before, after) => {
      fc.pre(value.trim() !== '' && !'[secret]'.includes(value))
      new Secret(value)
      const inForm = new URLSearchParams([['x', value]]).toString().slice(2)
      const forms = [
        value,
        encodeURIComponent(value.toWellFormed()),
        inForm,
        JSON.stringify(value).slice(1, -1),
      ]
      for (const form of forms) {
        assert.ok(!redact(`${before}${form}${after}`).includes(form))
        assert.ok(!printable(`${before}${form}${after}`, 10_000).includes(form))
      }
    }),
    { numRuns: 1500 },
  )
})

test('of two secrets of which one begins with the other, nothing of either is left', () => {
  const [short, long] = ['prefixsecret', 'prefixsecret0123456789']
  new Secret(short)
  new Secret(long)
  assert.equal(redact(`a ${long} b ${short} c`), 'a [secret] b [secret] c')
})

const names = [
  'access_token',
  'refresh_token',
  'request_token',
  'api_secret',
  'client_secret',
  'password',
  'pin',
  'totp',
]

test('what stands where credentials stand is taken out, known or not', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9_-]{8,60}$/)
  fc.assert(
    fc.property(value, fc.constantFrom(...names), (unknown, name) => {
      fc.pre(!'authorization secret'.includes(unknown))
      for (const text of [
        `GET /x?${name}=${unknown}&v=3`,
        `https://127.0.0.1/callback/kite?state=${unknown}#code=${unknown}`,
        `{"${name}": "${unknown}", "v": 3}`,
        `Authorization: token key:${unknown}`,
        `authorization: Bearer ${unknown}`,
        `Cookie: bhor_desk=${unknown}`,
        `Access-Token: ${unknown}`,
        `sent Bearer ${unknown.padEnd(16, 'x')}`,
        `key bhor_${unknown.padEnd(43, 'x')}`,
      ])
        assert.ok(!redact(text).includes(unknown), text)
    }),
    { numRuns: 500 },
  )
  assert.equal(redact(String.raw`{"password":"quo\"tedTail","v":1}`), '{"password":"[secret]","v":1}')
})

test('ordinary texts stay as they are', () => {
  for (const text of [
    '',
    'The session ended at 06:00.',
    'POST /session/token answered with HTTP 403',
    'a=b&c=d',
  ])
    assert.equal(redact(text), text)
})

test('a foreign text becomes one printable line of limited length', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.integer({ min: 1, max: 200 }),
      (text, limit) => {
        const shown = printable(text, limit)
        assert.ok(shown.length <= limit)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
        assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/)
      },
    ),
    { numRuns: 1000 },
  )
  assert.equal(printable('a\r\nb\u001b[31mc\u202ed'), 'a b [31mc d')
  assert.equal(printable('x'.repeat(300)).length, 200)
})
