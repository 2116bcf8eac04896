import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { redact } from './redact.ts'
import { Secret } from './secret.ts'

const value = 'hiddenTokenValue123'
const secret = new Secret(value)

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

const printings: Record<string, () => unknown> = {
  template: () => `${secret}`,
  concatenation: () => `a${String(secret)}`,
  concat: () => ''.concat(secret as unknown as string),
  toString: () => secret.toString(),
  locale: () => secret.toLocaleString(),
  json: () => JSON.stringify(secret),
  jsonInObject: () => JSON.stringify({ deep: [{ secret }] }),
  jsonPretty: () => JSON.stringify([secret], null, 2),
  inspect: () => inspect(secret),
  inspectDeep: () => inspect({ a: { b: { secret } } }, { depth: 20, showHidden: true, getters: true }),
  inspectRaw: () => inspect(secret, { customInspect: false, showHidden: true, depth: 20 }),
  formatS: () => format('%s', secret),
  formatO: () => format('%o %O %j', secret, secret, secret),
  formatPlain: () => format(secret),
  errorMessage: () => new Error(`wrong ${secret}`).message,
  errorCause: () => inspect(new Error('x', { cause: secret }), { depth: 10 }),
  aggregate: () => inspect(new AggregateError([secret], 'x'), { depth: 10 }),
  assertion: () =>
    inspect(
      thrownBy(() => assert.equal(secret, new Secret('otherTokenValue'))),
      { depth: 10 },
    ),
  array: () => [secret].join(','),
  map: () => inspect(new Map([[secret, secret]]), { showHidden: true }),
  spread: () => JSON.stringify({ ...secret }),
  entries: () => JSON.stringify(Object.entries(secret)),
  ownNames: () => JSON.stringify(Reflect.ownKeys(secret)),
  assign: () => inspect(Object.assign({}, secret)),
  url: () => new URLSearchParams({ a: secret as unknown as string }).toString(),
  number: () => String(Number(secret)),
  regexp: () => String(new RegExp(secret as unknown as string)),
  clone: () =>
    inspect(
      thrownBy(() => structuredClone({ secret })),
      { showHidden: true },
    ),
  serialized: () => serialize({ secret }).toString('latin1'),
  buffer: () => inspect(thrownBy(() => Buffer.from(secret as unknown as string).toString())),
}

test(`a secret is not shown in any of ${Object.keys(printings).length} ways of printing it`, () => {
  assert.ok(Object.keys(printings).length >= 25)
  for (const [name, print] of Object.entries(printings)) {
    const shown = String(print())
    assert.ok(!shown.includes(value), name)
  }
  assert.equal(`${secret}`, '[secret]')
  assert.equal(secret.reveal(), value)
  assert.equal(secret.length, value.length)
})

test('short values are not remembered, and of very many the oldest are forgotten first', () => {
  new Secret('12345')
  assert.equal(redact('PIN 12345'), 'PIN 12345')
  new Secret('eldestOfAllSecrets')
  for (let i = 0; i < 4096; i++) new Secret(`filling-number-${i}`)
  assert.equal(redact('eldestOfAllSecrets'), 'eldestOfAllSecrets')
  assert.equal(redact('filling-number-4095'), '[secret]')
})
