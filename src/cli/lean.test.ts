import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenVariables } from '../config/variables.ts'
import { leanCommand } from './commands/lean.ts'
import { leanCommands, readLean } from './lean.ts'
import type { ApiClient } from './wire.ts'

/** A desk that says what it was asked. */
function asked() {
  const targets: string[] = []
  const client: ApiClient = {
    where: 'socket',
    async request(method, target) {
      targets.push(`${method} ${target}`)
      return {
        account: 'papa',
        broker: 'b',
        kind: 'sandbox',
        generation: 7,
        accessToken: "to'ken",
        apiKey: 'k',
        baseUrl: 'u',
        hosts: { api: 'u', orders: 'o' },
        userId: 'i',
        expiresAt: 't',
      }
    },
    async *stream() {},
    async [Symbol.asyncDispose]() {},
  }
  return { client, targets }
}

test('the plain uses of a lean command are read as the full parser reads them', async () => {
  for (const [args, target] of [
    ['token papa', ''],
    ['token papa --min-life 20m', '?min_life=20m'],
    ['token --min-life=20m papa', '?min_life=20m'],
    ['token papa --kind=a=b&c --min-life 1h', '?min_life=1h&kind=a%3Db%26c'],
    ['token papa --format json', ''],
    ['token papa --json', ''],
  ] as const) {
    const { client, targets } = asked()
    const text = await readLean(args.split(' '))?.(client)
    assert.deepEqual(targets, [`GET /v1/accounts/papa/session${target}`], args)
    assert.equal(String(text).startsWith('{'), args.includes('json'), args)
  }
})

test('variables are quoted for a shell', async () => {
  const text = String(await readLean(['token', 'papa', '--format', 'env'])?.(asked().client))
  // The hosts are no plain word; exec gives them.
  assert.equal(text.split('\n').length, Object.keys(tokenVariables).length - 1)
  assert.match(text, /^BHOR_ACCESS_TOKEN='to'\\''ken'$/m)
  assert.match(text, /^BHOR_GENERATION=7$/m)
  assert.doesNotMatch(text, /BHOR_HOSTS/)
})

test('whatever is not plain is for the full parser', () => {
  for (const args of [
    '',
    'status papa',
    'constructor papa',
    'token',
    'token papa mama',
    'token --help',
    'token papa --format',
    'token papa --format yaml',
    'token papa --json=yes',
    'token papa --jsn',
    'token -- papa',
    'token papa -k x',
    'wait papa --gate=yes',
    'wait papa --timeout',
    'wait',
    'exec papa',
    'exec papa --',
    'exec papa --mask=yes -- true',
    `exec papa -- true bhor_${'k'.repeat(43)}`,
    `token papa bhor_${'k'.repeat(43)}`,
    `token papa --kind bhor_${'k'.repeat(43)}`,
  ])
    assert.equal(readLean(args.split(' ').filter(Boolean)), undefined, args)
})

test('a name that is no account’s is refused before anybody is asked', async () => {
  const { client, targets } = asked()
  await assert.rejects(readLean(['token', 'a/b'])?.(client) ?? Promise.resolve(), { code: 'bad_alias' })
  assert.deepEqual(targets, [])
})

test('the full parser knows the very same options', () => {
  for (const name of Object.keys(leanCommands) as (keyof typeof leanCommands)[]) {
    const declared = Object.entries(leanCommands[name].options)
    const parsed = leanCommand(name).options.map((option) => [option.attributeName(), option.long])
    assert.deepEqual(
      parsed,
      declared.map(([at, { flag }]) => [at, flag]),
    )
  }
})
