import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView, HandOut, KeyAdded } from '../../src/contracts/api.ts'
import {
  type Answers,
  type Journey,
  journeys,
  valuesOf,
  wrongAnswers,
} from '../contract-families/journeys.ts'
import { bhor, json, newFolder, start, startServer } from '../support/at-the-terminal.ts'
import { playBroker } from '../support/family-bed.ts'

/** `accounts add` without a terminal: public fields as options, secret ones as files. */
function addArguments(
  { family, public: open, secret }: Journey,
  home: string,
  stored: Readonly<Record<string, string>> = {},
): string[] {
  const files = Object.entries({ ...secret, ...stored }).flatMap(([name, value]) => {
    const file = join(home, `${name}.txt`)
    writeFileSync(file, value, { mode: 0o600 })
    return ['--secret-file', `${name}=${file}`]
  })
  const plain = Object.entries(open).flatMap(([name, value]) => ['--field', `${name}=${value}`])
  return ['accounts', 'add', 'papa', '--broker', family.broker.id, ...plain, ...files, '--json']
}

/** Answers on stdin, each when its question may stand. */
function loginWith(env: NodeJS.ProcessEnv, answers: readonly Answers[], args: readonly string[] = []) {
  const login = start(['login', 'papa', '--json', ...args], env)
  const lines = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')
  void (async () => {
    for (const answer of answers) login.child.stdin!.write(lines(await whenThere(answer)))
    login.child.stdin!.end()
  })()
  return login.ended
}

/** A code that the broker sends is there when its step was done. */
async function whenThere(answer: Answers): Promise<Readonly<Record<string, string>>> {
  for (let tries = 0; tries < 200; tries += 1) {
    const texts = answer()
    if (Object.values(texts).every((text) => text !== '')) return texts
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {}
}

for (const journey of journeys) {
  const { id } = journey.family.broker
  const way = journey.method === undefined ? [] : ['--method', journey.method]
  test(`${id} from outside: add, log in with answers, hand-out, test, logout`, async () => {
    await using broker = await playBroker(journey)
    using folder = newFolder()
    const { env, home } = folder
    broker.configure(home)
    await using server = await startServer(env)
    const added = await bhor(env, addArguments(journey, home))
    assert.equal(added.code, 0, added.stderr)
    assert.deepEqual(json<AccountView>(added).fields, valuesOf(journey).fields)
    const shown = await bhor(env, ['accounts', 'show', 'papa'])
    for (const value of Object.values(journey.public)) assert.ok(shown.stdout.includes(value))

    void journey.onPhone?.(broker.simulator, 'refuse')
    const wrong = await loginWith(env, wrongAnswers(journey, broker.simulator), way)
    assert.ok([1, 4].includes(wrong.code), `${wrong.code} ${wrong.stderr}`)
    assert.match(wrong.stderr, journey.wrongSays)
    assert.match(wrong.stderr, /\n {6}Try: .+\n/)
    assert.equal(wrong.stdout, '')

    void journey.onPhone?.(broker.simulator, 'approve')
    const login = await loginWith(env, journey.answers(broker.simulator), way)
    assert.equal(login.code, 0, login.stderr)
    // At night it ends soon.
    assert.match(json<AccountView[]>(login)[0]!.status, /^(active|expiring)$/)
    assert.match((await bhor(env, ['test', 'papa'])).stdout, /^valid: /)

    const key = json<KeyAdded>(await bhor(env, ['keys', 'add', 'bot', '--json']))
    const handOut = await fetch(`${server.origin}/v1/accounts/papa/session`, {
      headers: { authorization: `Bearer ${key.key}` },
    })
    const session = (await handOut.json()) as HandOut
    assert.equal(handOut.status, 200, JSON.stringify(session))
    assert.ok(session.baseUrl.startsWith('http://127.0.0.1:'))

    assert.equal((await bhor(env, ['logout', 'papa'])).code, 0)
    assert.equal((await bhor(env, ['token', 'papa'])).code, 4)
  })
}

for (const journey of journeys.filter(({ stored }) => stored)) {
  test(`${journey.family.broker.id}: what is stored is not asked for`, async () => {
    await using broker = await playBroker(journey)
    using folder = newFolder()
    const { env, home } = folder
    broker.configure(home)
    const added = await bhor(env, addArguments(journey, home, journey.stored))
    assert.equal(added.code, 0, added.stderr)
    const { secrets } = json<AccountView>(added)
    for (const name of Object.keys(journey.stored!)) assert.ok(secrets.includes(`fields.${name}`), name)
    for (const value of Object.values(journey.stored!)) assert.ok(!added.stdout.includes(`"${value}"`))
    const login = await bhor(env, [
      'login',
      'papa',
      '--json',
      ...(journey.method ? ['--method', journey.method] : []),
    ])
    assert.equal(login.code, 0, login.stderr)
    // At night it ends soon.
    assert.match(json<AccountView[]>(login)[0]!.status, /^(active|expiring)$/)
    assert.doesNotMatch(login.stderr, /http/)
  })
}

const [angel] = journeys
assert.ok(angel)

test('fields: what is missing, secret, unknown, double or of a wrong shape is told by its option', async () => {
  await using broker = await playBroker(angel)
  using folder = newFolder()
  const { env, home } = folder
  broker.configure(home)
  const [pin, seed] = ['2468', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP']
  const add = (...args: string[]) => [...addArguments(angel, home), ...args]
  const without = (name: string) =>
    addArguments(angel, home).flatMap((arg, at, all) =>
      arg.startsWith(`${name}=`) || all[at + 1]?.startsWith(`${name}=`) ? [] : [arg],
    )
  for (const [args, said, input = ''] of [
    [without('clientCode'), /Client code[\s\S]*Give --field clientCode=…\./],
    [add('--field', `pin=${pin}`), /PIN is a secret[\s\S]*--secret-file pin=FILE/],
    [add(`--field=fields.totpSeed=${seed}`), /TOTP seed is a secret/],
    [add('--field', 'colour=blue'), /no such field[\s\S]*It has: apiKey, pin, totpSeed, clientCode/],
    [add('--field', 'clientCode=A1234'), /clientCode was given twice/],
    [add('--field', 'clientCode'), /--field takes name=value/],
    [add('--api-secret-file', '-'), /no such field/, 'x'],
    [add('--secret-file', 'pin=-', '--secret-file', 'totpSeed=-'), /Only one secret can come on stdin/],
    [add('--secret-file', 'pin=-'), /PIN does not look right/, 'abcd'],
    [add('--egress-from', 'nowhere'), /source address is not an IP address/],
  ] as const) {
    const { code, stdout, stderr } = await bhor(env, args, input)
    assert.deepEqual([code, stdout], [2, ''], args.join(' '))
    assert.match(stderr, said)
    for (const value of [pin, seed, 'abcd']) assert.ok(!stderr.includes(value), stderr)
  }
})

test('settings and fields are edited, shown, and forgotten', async () => {
  await using broker = await playBroker(angel)
  using folder = newFolder()
  const { env, home } = folder
  broker.configure(home)
  await using _server = await startServer(env)
  assert.equal((await bhor(env, addArguments(angel, home, angel.stored))).code, 0)
  const edit = (...args: string[]) => bhor(env, ['accounts', 'edit', 'papa', ...args], '1357')
  assert.equal((await edit('--field', 'pin=1357')).code, 2)
  const args = ['--group', 'family', '--egress-from', '192.0.2.7', '--field', 'fields.localIp=10.0.0.7']
  const edited = await edit(...args, '--secret-file', 'pin=-', '--field', 'totpSeed=')
  assert.equal(edited.code, 0, edited.stderr)
  for (const said of [
    /^localIp: +10\.0\.0\.7$/m,
    /^secrets: +fields\.pin \(stored, never shown\)$/m,
    /^group: +family$/m,
    /^leaves by: +192\.0\.2\.7$/m,
  ])
    assert.match(edited.stdout, said)
  const cleared = await edit('--group', '', '--egress-from', '')
  assert.doesNotMatch(cleared.stdout, /group|leaves by/)
})

test('a login that asks, and nobody answers', async () => {
  await using broker = await playBroker(angel)
  using folder = newFolder()
  const { env, home } = folder
  broker.configure(home)
  await using _server = await startServer(env)
  assert.equal((await bhor(env, addArguments(angel, home))).code, 0)
  for (const [args, input, said] of [
    [[], '', /asks for “PIN”, “Code of the authenticator”[\s\S]*on stdin: pin=…, totp=…/],
    [[], 'pin=1234\n', /asks for “PIN”/],
    [[], '1234\n', /not name=value/],
    [['--method', 'redirect'], '', /no such way to log in[\s\S]*It has: direct/],
    [['--method', 'magic'], '', /Allowed choices are redirect, direct, approval, pasted/],
  ] as const) {
    const { code, stdout, stderr } = await bhor(env, ['login', 'papa', ...args, '--json'], input)
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, said)
    assert.ok(!stderr.includes('1234'), stderr)
  }
  // Each of them was taken back: no login stays open.
  const shown = json<AccountView>(await bhor(env, ['accounts', 'show', 'papa', '--json']))
  assert.deepEqual([shown.status, shown.login], ['none', null])

  await using waiting = start(['login', 'papa'], env)
  await waitUntil(async () => json<AccountView>(await bhor(env, ['status', 'papa', '--json'])).login !== null)
  const ended = await waiting.stop('SIGINT')
  assert.deepEqual([ended.code, ended.stdout], [2, ''])
  assert.match(ended.stderr, /Cancelled\. .* papa is: none/)
})

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) if (await isSo()) return
  assert.fail('It never came to that.')
}
