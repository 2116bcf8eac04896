import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../core/random.ts'
import { masterKeyOf, masterKeyText, parseMasterKey } from './master-key.ts'

const bytes = seededRandom('a master key').bytes(32)
const text = masterKeyText(bytes)
const body = Buffer.from(bytes).toString('base64')
const with_ = (encoded: string) => `bhor-master-key:v1:${encoded}`
const base64 = (some: Uint8Array) => with_(Buffer.from(some).toString('base64'))

test('the text form gives the same key again, with and without its newline', () => {
  const key = masterKeyOf(bytes, 'test')
  assert.match(key.id, /^[0-9a-f]{16}$/)
  for (const content of [text, text.trimEnd()]) {
    const parsed = parseMasterKey(Buffer.from(content), 'test')
    assert.deepEqual([parsed.id, parsed.check], [key.id, key.check])
    assert.ok(parsed.wrapping.equals(key.wrapping))
  }
  assert.notEqual(masterKeyOf(seededRandom('another').bytes(32), 'test').id, key.id)
})

test('every mistake with a master key is named, and none is mended', () => {
  const mistakes: readonly [string | Uint8Array, RegExp][] = [
    ['', /is empty/],
    ['\n', /does not begin/],
    [bytes, /does not begin|zero bytes|CR LF|more than one line|spaces/],
    [body, /does not begin/],
    [Buffer.from(bytes).toString('hex'), /does not begin/],
    [`\uFEFF${text}`, /byte order mark/],
    [Buffer.from(`\uFEFF${text}`, 'utf16le'), /zero bytes/],
    [Buffer.from(text, 'utf16le'), /zero bytes/],
    [`${text.trimEnd()}\r\n`, /Windows line ends/],
    [`${text}\n`, /more than one line/],
    [`\n${text}`, /more than one line/],
    [`${text}${text}`, /more than one line/],
    [` ${text}`, /spaces around/],
    [`${text.trimEnd()} `, /spaces around/],
    [`\t${text}`, /spaces around/],
    [`"${text.trimEnd()}"`, /in quotes/],
    [`'${text.trimEnd()}'`, /in quotes/],
    [text.replace('v1', 'v2'), /version/],
    [text.replace('bhor', 'Bhor'), /does not begin/],
    [text.toUpperCase(), /does not begin/],
    [with_(''), /ends after its prefix/],
    [with_(Buffer.from(bytes).toString('hex')), /in hex/],
    [with_(Buffer.from(bytes).toString('hex').toUpperCase()), /in hex/],
    [with_(`-_${body.slice(2)}`), /base64url/],
    [with_(body.slice(0, -1)), /not valid base64/],
    [with_(`${body}=`), /not valid base64/],
    [with_(`${body.slice(0, 20)} ${body.slice(20)}`), /not valid base64/],
    [with_(`${body.slice(0, -2)}~=`), /not valid base64/],
    [base64(bytes.slice(0, 31)), /31 bytes/],
    [base64(Buffer.concat([bytes, bytes.slice(0, 1)])), /33 bytes/],
    [base64(bytes.slice(0, 16)), /16 bytes/],
    [base64(new Uint8Array(32)), /all zeros/],
    [base64(new Uint8Array(32).fill(0xff)), /low entropy/],
    [base64(Uint8Array.from({ length: 32 }, (_, index) => index)), /low entropy/],
    [base64(Uint8Array.from({ length: 32 }, (_, index) => bytes[index % 8] as number)), /low entropy/],
    [base64(Buffer.from('The quick brown fox jumps 012345')), /typed text/],
  ]
  assert.ok(mistakes.length >= 30)
  for (const [content, message] of mistakes) {
    assert.throws(
      () => parseMasterKey(Buffer.from(content), 'the test'),
      (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'key_unusable')
        assert.match(error.message, message)
        assert.equal(error.message.includes(body.slice(0, 8)), false)
        return true
      },
      JSON.stringify(content),
    )
  }
})
