import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { EgressChange } from '../../contracts/api.ts'
import type { BhorError } from '../../core/errors.ts'

const login = 'me:ThePasswordOfTheProxy'

async function openSettings() {
  const bed = await openBed('kite')
  const { desk } = bed.domain
  return {
    bed,
    set: async (egress: EgressChange) =>
      (await desk.accounts.edit(operator, 'demo', { settings: { egress } })).settings.egress,
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}

test('one way at a time: what is named takes the other’s place, what is not named stays', async () => {
  await using at = await openSettings()
  assert.deepEqual(await at.set({ from: '192.0.2.7', registered: ['192.0.2.7'] }), {
    from: '192.0.2.7',
    registered: ['192.0.2.7'],
  })
  assert.deepEqual(await at.set({ proxy: 'socks5://proxy.example', proxyLogin: login }), {
    proxy: 'socks5://proxy.example:1080',
    hasLogin: true,
    registered: ['192.0.2.7'],
  })
  assert.deepEqual(await at.set({ registered: ['2001:DB8::0007', '2001:db8::7', '192.0.2.9'] }), {
    proxy: 'socks5://proxy.example:1080',
    hasLogin: true,
    registered: ['2001:db8::7', '192.0.2.9'],
  })
  assert.deepEqual(await at.set({ from: '2001:db8::7' }), {
    from: '2001:db8::7',
    registered: ['2001:db8::7', '192.0.2.9'],
  })
  assert.deepEqual(await at.set({ from: '', registered: [] }), undefined)
})

test('a proxy’s login is for that proxy: another one does not get it', async () => {
  await using at = await openSettings()
  const first = await at.set({ proxy: 'http://[2001:db8::9]:3128/', proxyLogin: login })
  assert.deepEqual(first, { proxy: 'http://[2001:db8::9]:3128', hasLogin: true })
  assert.equal((await at.set({ proxy: 'http://[2001:db8::9]:3128' }))?.hasLogin, true)
  assert.equal((await at.set({ proxy: 'http://[2001:db8::9]:3129' }))?.hasLogin, false)
  assert.equal((await at.set({ proxyLogin: login }))?.hasLogin, true)
  assert.equal((await at.set({ proxyLogin: '' }))?.hasLogin, false)
})

test('the login is sealed: it stands in no view, no record and no file', async () => {
  await using at = await openSettings()
  await at.set({ proxy: 'socks5://127.0.0.1:1080', proxyLogin: login })
  const { desk } = at.bed.domain
  const told = JSON.stringify([
    await desk.accounts.list(operator),
    await desk.audit.list(operator, { limit: 100 }),
  ])
  const files = ['bhor.db', 'bhor.db-wal'].map((name) => readFileSync(join(at.bed.home, name), 'latin1'))
  for (const text of [told, ...files])
    for (const part of [login, 'ThePasswordOfTheProxy']) assert.ok(!text.includes(part))
})

const wrong: readonly (readonly [what: string, given: EgressChange, says: RegExp])[] = [
  ['a source that is a name', { from: 'nowhere' }, /source address is not an IP address/],
  ['a source that is none', { from: '300.0.2.7' }, /source address is not an IP address/],
  ['two ways', { from: '192.0.2.7', proxy: 'http://127.0.0.1:1' }, /not by both/],
  [
    'a proxy that is no address',
    { proxy: 'proxy.example:3128' },
    /not the address of an HTTP or SOCKS5 proxy/,
  ],
  [
    'a proxy of another kind',
    { proxy: 'socks4://127.0.0.1:1' },
    /not the address of an HTTP or SOCKS5 proxy/,
  ],
  ['a proxy with TLS', { proxy: 'https://127.0.0.1:1' }, /not the address of an HTTP or SOCKS5 proxy/],
  ['a proxy with its login', { proxy: `http://${login}@127.0.0.1:1` }, /login stands in the address/],
  ['a proxy with a path', { proxy: 'http://127.0.0.1:1/x' }, /no path and no query/],
  ['a proxy with a query', { proxy: 'socks5://127.0.0.1:1?x' }, /no path and no query/],
  ['a login for no proxy', { proxyLogin: login }, /no proxy that this login/],
  ['a login without a user', { proxy: 'http://127.0.0.1:1', proxyLogin: ':x' }, /not a login of a proxy/],
  [
    'a login without a colon',
    { proxy: 'http://127.0.0.1:1', proxyLogin: 'x'.repeat(20) },
    /not a login .* \(20 char/,
  ],
  [
    'a login that no byte can count',
    { proxy: 'http://127.0.0.1:1', proxyLogin: `me:${'x'.repeat(256)}` },
    /not a login/,
  ],
  ['a login with a line end', { proxy: 'http://127.0.0.1:1', proxyLogin: `${login}\r\nx: y` }, /not a login/],
  ['a registered name', { registered: ['home.example'] }, /registered address is not an IP address/],
  ['a registered network', { registered: ['192.0.2.0/24'] }, /registered address is not an IP address/],
  ['too many of them', { registered: Array.from({ length: 9 }, (_, at) => `192.0.2.${at}`) }, /At most 8/],
]

test('a way out that is none is refused with its field and one hint, and changes nothing', async () => {
  await using at = await openSettings()
  await at.set({ from: '192.0.2.7' })
  for (const [what, given, says] of wrong) {
    await assert.rejects(at.set(given), (error: BhorError) => {
      assert.ok(['bad_field', 'bad_secret'].includes(error.code), what)
      assert.match(error.message, says, what)
      assert.match(String(error.facts.field), /^settings\.egress\./, what)
      assert.ok(!JSON.stringify([error.message, error.hint]).includes('ThePassword'), what)
      return error.hint.length > 5
    })
  }
  assert.deepEqual((await at.bed.account()).settings.egress, { from: '192.0.2.7' })
  await refused(at.bed.domain.desk.egress.measure(operator, 'nobody'), 'account_not_found')
})
