import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemRandom } from '../core/random.ts'
import { Addresses } from './addresses.ts'
import { doors } from './doors.ts'
import { refusalOf } from './guard.ts'
import { HttpRequest } from './request.ts'

interface Knock {
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
}
const own = ['127.0.0.1:7878']
const label = 'a1b2c3d4e5f6g7h8'
const addresses = new Addresses(() => label, 'https://bhor.example.test')
addresses.listenAt(own[0]!)

function knock(changes: Partial<Omit<Knock, 'rawHeaders'>> & { headers?: readonly string[] } = {}): Knock {
  const { headers = [], ...rest } = changes
  return { method: 'GET', target: '/v1/accounts', rawHeaders: ['Host', own[0]!, ...headers], ...rest }
}
const refused = ({ method, target, rawHeaders }: Knock, door: 'desk' | 'socket' = 'desk') =>
  refusalOf(new HttpRequest(doors[door], { method, url: target, rawHeaders }), addresses)
const codeOf = (asked: Knock, door?: 'desk' | 'socket') => refused(asked, door)?.code ?? 'ok'

/** Names that lead here, look like here, or hide that they do not. */
const strangeHosts: readonly string[] = (() => {
  const names = [
    'evil.test',
    '127.0.0.1.evil.test',
    'evil.127.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'localhost.evil.test',
    'evillocalhost',
    '127.1',
    '127.0.1',
    '127.0.0.2',
    '127.000.000.001',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '::1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127.0.0.1.',
    '127.0.0.1%00',
    '127.0.0.1%2e',
    'evil@127.0.0.1',
    '127.0.0.1@evil.test',
    'user:password@127.0.0.1',
    '127.0.0.1#',
    '127.0.0.1?',
    '127.0.0.1/',
    '127.0.0.1\\',
    '//127.0.0.1',
    'http://127.0.0.1',
    ' 127.0.0.1',
    '127.0.0.1 ',
    '127.0.0.1\t',
    '127.0.0.1,evil.test',
    '127.0.0.1 evil.test',
    '127.0.0.1;evil',
    '*',
    'null',
    'undefined',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    'metadata.google.internal',
    'bhor',
    'bhor.local',
    'xn--bhor',
    'kite.trade',
    'a'.repeat(255),
    '-',
    '.',
    '..',
    '127.0.0.1\u0000',
    '127.0.0.1\u00a0',
  ]
  const ends = [
    '',
    ':7878',
    ':7879',
    ':80',
    ':443',
    ':07878',
    ':7878 ',
    ': 7878',
    ':',
    ':-1',
    ':78780',
    ':7878:7878',
  ]
  const combined = names.flatMap((name) => ends.map((end) => `${name}${end}`))
  const nearly = [
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:7877',
    '127.0.0.1:7879',
    '127.0.0.1:07878',
    '127.0.0.1:7878.',
    '127.0.0.1:7878/',
    ' 127.0.0.1:7878',
    '127.0.0.1:7878 ',
    '127.0.0.1:+7878',
    '127.0.0.1:0x1ec6',
    '',
  ]
  return [...new Set([...combined, ...nearly])]
})()

test('of hundreds of Host values only the exact own one passes, whatever the path and the method', () => {
  assert.ok(strangeHosts.length >= 400, `${strangeHosts.length} values`)
  for (const host of strangeHosts) {
    for (const target of ['/', '/v1/accounts', '/callback/kite?state=x', '/healthz']) {
      for (const method of ['GET', 'POST']) {
        const rawHeaders = ['Host', host]
        assert.equal(codeOf({ method, target, rawHeaders }), 'host_not_allowed', JSON.stringify(host))
      }
    }
  }
  assert.equal(codeOf(knock()), 'ok')
  assert.equal(codeOf({ ...knock(), rawHeaders: ['hOsT', own[0]!] }), 'ok')
  assert.equal(codeOf({ ...knock(), rawHeaders: [] }), 'host_not_allowed')
  assert.match(refused({ ...knock(), rawHeaders: [] })?.hint ?? '', /http:\/\/127\.0\.0\.1:7878$/)
})

test('the page has a name for each sign-in, and none that is only like one passes', () => {
  const page = addresses.newPage(systemRandom)
  assert.match(page, /^[0-9a-z]{16}\.a1b2c3d4e5f6g7h8\.localhost:7878$/)
  assert.notEqual(addresses.newPage(systemRandom), page)
  const at = (host: string, ...more: string[]) =>
    codeOf({ method: 'GET', target: '/', rawHeaders: ['Host', host, ...more] })
  assert.equal(at(page), 'ok')
  assert.equal(at(page, 'Origin', `http://${page}`), 'ok')
  assert.equal(at(page.toUpperCase(), 'Origin', `http://${page}`), 'ok')
  const sibling = addresses.newPage(systemRandom)
  for (const origin of [`http://${own[0]}`, `http://${sibling}`, `https://${page}`, 'null'])
    assert.equal(at(page, 'Origin', origin), 'cross_site_blocked', origin)
  assert.equal(at(own[0]!, 'Origin', `http://${page}`), 'cross_site_blocked')
  const [once = ''] = page.split('.')
  for (const name of [
    `${label}.localhost`,
    `.${label}.localhost`,
    `${once}.${once}.localhost`,
    `${once}.${label}`,
    `${once}${label}.localhost`,
    `${once}.${label}.localhost.`,
    `${once}.${label}.localhost.evil.test`,
    `x${once}.${label}.localhost`,
    `${once.slice(1)}.${label}.localhost`,
    `a.${once}.${label}.localhost`,
    `${once}1.${label}.localhost`,
    `evil.${label}.localhost`,
  ])
    for (const end of ['', ':7878', ':7879', ':07878', ':78780', ':'])
      if (`${name}${end}` !== page) assert.equal(at(`${name}${end}`), 'host_not_allowed', `${name}${end}`)
  for (const end of ['', ':7879', ':07878', ':7878:7878', ':7878 ', ':'])
    assert.equal(at(`${once}.${label}.localhost${end}`), 'host_not_allowed', end)
})

test('the public address is served under its exact name, with its own origin', () => {
  const at = (host: string, ...more: string[]) =>
    codeOf({ method: 'GET', target: '/v1/accounts', rawHeaders: ['Host', host, ...more] })
  assert.equal(at('bhor.example.test'), 'ok')
  assert.equal(at('bhor.example.test', 'Origin', 'https://bhor.example.test'), 'ok')
  assert.equal(at('bhor.example.test', 'Origin', 'http://bhor.example.test'), 'cross_site_blocked')
  for (const host of ['bhor.example.test:443', 'bhor.example.test:80', 'x.bhor.example.test'])
    assert.equal(at(host), 'host_not_allowed', host)
})

test('any other Host that a machine can think of is refused', () => {
  const host = fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4(), fc.ipV6(), fc.webAuthority())
  fc.assert(
    fc.property(host, (value) => {
      fc.pre(value !== own[0])
      assert.equal(codeOf({ method: 'GET', target: '/', rawHeaders: ['Host', value] }), 'host_not_allowed')
    }),
    { numRuns: 2000 },
  )
})

test('methods: what no route has is refused before anything else is read', () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    assert.equal(codeOf(knock({ method })), 'ok')
  const others = [
    'TRACE',
    'TRACK',
    'CONNECT',
    'OPTIONS',
    'get',
    'Get',
    'post',
    'PROPFIND',
    'MKCOL',
    'LOCK',
    'PURGE',
    'QUERY',
    'M-SEARCH',
    'DEBUG',
    'GETT',
    '',
    ' GET',
    'GET ',
    '__proto__',
    'constructor',
  ]
  for (const method of others) assert.equal(codeOf(knock({ method })), 'method_not_allowed', method)
})

test('targets: a plain path and nothing else', () => {
  for (const target of [
    '/',
    '/v1/accounts',
    '/v1/accounts/papa/session?min_life=20m',
    '/assets/app-1a2b.js',
    '/a.b/c',
    '/...',
    '/v1/accounts/%E0%A4%AD',
    '/x?y=%2e%2e%2f',
    '/x?u=http://a//b\u00e9',
  ])
    assert.equal(codeOf(knock({ target })), 'ok', target)
  const bad = [
    '',
    '*',
    'v1/accounts',
    'http://evil.test/v1',
    'http://127.0.0.1:7878/v1',
    'HTTPS://x',
    '//evil.test',
    '///',
    '//',
    '/\\evil.test',
    '\\',
    '/a\\b',
    '/x#y',
    '/x?y#z',
    '/a b',
    '/a\tb',
    '/a\nb',
    '/a\rb',
    '/a\u0000b',
    '/a\u007fb',
    '/%00',
    '/%0a',
    '/%0D',
    '/%1f',
    '/%7f',
    '/%2e%2e/x',
    '/%2E./x',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a%5Cb',
    '/%252e',
    '/a/../b',
    '/..',
    '/../',
    '/.',
    '/./v1',
    '/a/.',
    '/v1/accounts/..',
    '/x/../v1/keys?y',
    'javascript:alert(1)',
    '127.0.0.1:7878',
    '?x',
    '#',
    `/${'a'.repeat(8192)}`,
  ]
  for (const target of bad) assert.equal(codeOf(knock({ target })), 'bad_target', JSON.stringify(target))
})

test('whatever target passes is served under the very path that was looked at', () => {
  const piece = fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2F',
    '%5c',
    '\\',
    'v1',
    'accounts',
    '?',
    '#',
    ' ',
    '%',
    'é',
    '%25',
    ';',
    '@',
    ':',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = `/${pieces.join('')}`
      fc.pre(codeOf(knock({ target })) === 'ok')
      const { pathname, host } = new URL(`http://127.0.0.1:7878${target}`)
      assert.equal(host, own[0])
      assert.equal(pathname, target.split('?', 1)[0]!.replaceAll('é', '%C3%A9'))
    }),
    { numRuns: 5000 },
  )
})

test('framing: what may stand once and stands twice, two framings, a body where none belongs, Expect', () => {
  const once = [
    'Host',
    'Authorization',
    'Content-Length',
    'Content-Type',
    'Transfer-Encoding',
    'Expect',
    'Origin',
    'Cookie',
    'Sec-Fetch-Site',
    'Sec-Fetch-Mode',
    'X-Bhor-Session',
  ]
  for (const name of once) {
    const twice = [name, 'x', name.toUpperCase(), 'x']
    assert.equal(codeOf({ method: 'POST', target: '/', rawHeaders: twice }), 'bad_framing', name)
    assert.equal(codeOf({ method: 'POST', target: '/', rawHeaders: twice }, 'socket'), 'bad_framing', name)
  }
  for (const method of ['GET', 'HEAD', 'DELETE']) {
    assert.equal(codeOf(knock({ method, headers: ['Content-Length', '5'] })), 'bad_framing')
    assert.equal(codeOf(knock({ method, headers: ['Transfer-Encoding', 'chunked'] })), 'bad_framing')
    assert.equal(codeOf(knock({ method, headers: ['Content-Length', '0'] })), 'ok')
  }
  const both = ['Content-Length', '5', 'Transfer-Encoding', 'chunked']
  assert.equal(codeOf(knock({ method: 'POST', headers: both })), 'bad_framing')
  for (const coding of ['identity', 'xchunked', 'gzip, chunked', 'chunked, identity', ''])
    assert.equal(codeOf(knock({ method: 'POST', headers: ['Transfer-Encoding', coding] })), 'bad_framing')
  assert.equal(codeOf(knock({ method: 'POST', headers: ['Transfer-Encoding', 'Chunked'] })), 'ok')
  for (const value of ['100-continue', '100-Continue'])
    assert.equal(codeOf(knock({ method: 'POST', headers: ['Expect', value] })), 'ok')
  for (const value of ['x', '', '100', '100-continue, x', 'x, 100-continue', '100-continue;q=1'])
    assert.equal(codeOf(knock({ method: 'POST', headers: ['Expect', value] })), 'expectation_failed')
  assert.equal(codeOf(knock({ headers: ['Accept', 'a', 'Accept', 'b'] })), 'ok')
})

test('Origin has three states: absent, exactly ours, anything else', () => {
  assert.equal(codeOf(knock()), 'ok')
  assert.equal(codeOf(knock({ headers: ['Origin', 'http://127.0.0.1:7878'] })), 'ok')
  const others = [
    'null',
    '',
    'http://127.0.0.1',
    'http://127.0.0.1:7879',
    'https://127.0.0.1:7878',
    'http://localhost:7878',
    'http://127.0.0.1:7878.evil.test',
    'http://127.0.0.1:7878/',
    'HTTP://127.0.0.1:7878',
    'http://evil.test',
    'file://',
    'chrome-extension://abc',
    'http://[::1]:7878',
    'garbage',
    '*',
    'http://127.0.0.1:7878, http://evil.test',
  ]
  for (const origin of others)
    for (const method of ['GET', 'POST', 'DELETE'])
      for (const target of ['/', '/v1/accounts', '/callback/kite'])
        assert.equal(
          codeOf(knock({ method, target, headers: ['Origin', origin] })),
          'cross_site_blocked',
          origin,
        )
})

test('Sec-Fetch: the whole matrix', () => {
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none', 'garbage', '']
  const modes = [undefined, 'navigate', 'cors', 'no-cors', 'same-origin', 'websocket']
  const dests = [undefined, 'document', 'iframe', 'image', 'script', 'empty', 'object']
  const targets = ['/', '/callback/kite?state=x', '/login/over', '/v1/accounts', '/v1/desk/me']
  let cells = 0
  for (const site of sites)
    for (const mode of modes)
      for (const dest of dests)
        for (const target of targets)
          for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
            const headers = [
              ['Sec-Fetch-Site', site],
              ['Sec-Fetch-Mode', mode],
              ['Sec-Fetch-Dest', dest],
            ].flatMap(([name, value]) => (value === undefined ? [] : [name!, value]))
            const isOurPageOrProgram = site === undefined || site === 'same-origin'
            const isTyped = site === 'none' && method === 'GET'
            const isFollowedLink =
              method === 'GET' && mode === 'navigate' && dest === 'document' && !target.startsWith('/v1/')
            const expected = isOurPageOrProgram || isTyped || isFollowedLink ? 'ok' : 'cross_site_blocked'
            assert.equal(
              codeOf(knock({ method, target, headers })),
              expected,
              JSON.stringify([site, mode, dest, target, method]),
            )
            cells++
          }
  assert.equal(cells, 7 * 6 * 7 * 5 * 4)
})

test('headers that a proxy would set have no say', () => {
  for (const name of [
    'X-Forwarded-Host',
    'X-Forwarded-For',
    'Forwarded',
    'X-Real-IP',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X_Forwarded_Host',
    'Host_',
    'X-Host',
  ]) {
    assert.equal(
      codeOf({ ...knock(), rawHeaders: ['Host', 'evil.test', name, own[0]!] }),
      'host_not_allowed',
      name,
    )
    assert.equal(codeOf(knock({ headers: [name, 'evil.test'] })), 'ok', name)
  }
})
