import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MirrorContent } from '../contracts/mirrors.ts'
import { formats } from './formats.ts'

const content: MirrorContent = {
  account: 'personal',
  broker: 'kite',
  kind: 'live',
  generation: 7,
  apiKey: 'thekey',
  accessToken: 'TOKEN7',
  refreshToken: '',
  extendedToken: '',
  userId: 'AB1234',
  userName: 'Asha Rao',
  email: 'asha@example.com',
  exchanges: ['NSE', 'NFO'],
  products: ['CNC'],
  orderTypes: ['MARKET'],
  baseUrl: 'https://kite.example',
  issuedAtMs: Date.parse('2026-11-23T03:05:00Z'),
  expiresAtMs: Date.parse('2026-11-24T00:30:00Z'),
  rateLimit: { requestsPerSecond: 10, burstSize: 20 },
  variables: {
    apiKey: ['KITE_API_KEY', 'ZERODHA_API_KEY'],
    accessToken: ['KITE_ACCESS_TOKEN', 'ZERODHA_ACCESS_TOKEN'],
    userId: ['KITE_USER_ID'],
  },
}
const context = { template: '', variables: content.variables, timeZone: 'Asia/Kolkata' }

test('document 002: a new file has its shape, and one that is there keeps what belongs to others', () => {
  const { text, tokens } = formats['broker-config']
  const fresh = text(undefined, content, context)
  assert.deepEqual(JSON.parse(fresh), {
    type: 'kite',
    api_key: 'thekey',
    api_secret: 'TOKEN7',
    refresh_token: '',
    base_url: 'https://kite.example',
    rate_limit: { requests_per_second: 10, burst_size: 20 },
  })
  const theirs = `{
  "comment": "mine", "type": "zerodha",
  "api_key": "thekey",
  "api_secret": "OLD",
  "refresh_token": "R1",
  "base_url": "https://kite.zerodha.com",
  "rate_limit": {"requests_per_second": 3, "burst_size": 5}
}`
  assert.deepEqual(tokens(theirs, context), { access: 'OLD', refresh: 'R1' })
  assert.equal(text(theirs, content, context), theirs.replace('OLD', 'TOKEN7'))
  assert.equal(
    text(theirs, { ...content, refreshToken: 'R2' }, context),
    theirs.replace('OLD', 'TOKEN7').replace('R1', 'R2'),
  )
  assert.equal(tokens('{"type": "kite"}', context), undefined)
  assert.throws(() => tokens('{"api_secret": "OLD"', context), { code: 'bad_json' })
})

test('document 004: the token file has its fields, with times of this computer', () => {
  const { text, tokens } = formats.hft
  const upstox = { ...content, broker: 'upstox', extendedToken: 'EXT' }
  const written = text(undefined, upstox, context)
  assert.deepEqual(JSON.parse(written), {
    access_token: 'TOKEN7',
    user_id: 'AB1234',
    user_name: 'Asha Rao',
    email: 'asha@example.com',
    broker: 'UPSTOX',
    issued_at: '2026-11-23T08:35:00',
    expires_at: '2026-11-24T06:00:00',
    exchanges: ['NSE', 'NFO'],
    products: ['CNC'],
    order_types: ['MARKET'],
    extended_token: 'EXT',
  })
  assert.equal(tokens(written, context)?.access, 'TOKEN7')
  const again = text('{"note": 1, "access_token": "OLD"}', content, { ...context, timeZone: 'UTC' })
  assert.match(again, /^\{"note": 1, "access_token": "TOKEN7", .*"issued_at": "2026-11-23T03:05:00"/)
})

test('.env: lines, order, quotes, comments and line ends stay', () => {
  const { text, tokens } = formats.env
  assert.equal(
    text(undefined, content, context),
    'KITE_API_KEY=thekey\nKITE_USER_ID=AB1234\nKITE_ACCESS_TOKEN=TOKEN7\n',
  )
  const theirs =
    '# mine\r\nDEBUG=1\r\nexport KITE_ACCESS_TOKEN="OLD"  # token\r\nKITE_ACCESS_TOKEN_PAPA=THEIRS\r\nKITE_API_KEY = other\r\n'
  assert.deepEqual(tokens(theirs, context), { access: 'OLD' })
  assert.equal(
    text(theirs, content, context),
    `${theirs.replace('OLD', 'TOKEN7').replace('= other', '= thekey')}KITE_USER_ID=AB1234\r\n`,
  )
  assert.deepEqual(tokens('KITE_ACCESS_TOKEN=A\nKITE_ACCESS_TOKEN=B # later', context), { access: 'B' })
  assert.equal(
    text('KITE_ACCESS_TOKEN=A\nKITE_ACCESS_TOKEN=B # later', content, { ...context }).match(/TOKEN7/g)
      ?.length,
    2,
  )
})

test('.env: a program that knows another name for it has it under that one', () => {
  const { text, tokens } = formats.env
  const theirs = 'ZERODHA_ACCESS_TOKEN=OLD\nZERODHA_API_KEY=k\n'
  assert.deepEqual(tokens(theirs, context), { access: 'OLD' })
  assert.equal(
    text(theirs, content, context),
    'ZERODHA_ACCESS_TOKEN=TOKEN7\nZERODHA_API_KEY=thekey\nKITE_USER_ID=AB1234\n',
  )
})

test('JSON by a template: filled where it says, in a file that is there too', () => {
  const { text, tokens, check } = formats.json
  const template =
    '{\n "zerodha-api-key": "{{api_key}}",\n "auth": ["token {{api_key}}:{{access_token}}", 5],\n "gen": "{{generation}}", "mode": "live"\n}'
  const withTemplate = { ...context, template }
  check?.(template)
  const fresh = text(undefined, content, withTemplate)
  assert.deepEqual(JSON.parse(fresh), {
    'zerodha-api-key': 'thekey',
    auth: ['token thekey:TOKEN7', 5],
    gen: 7,
    mode: 'live',
  })
  assert.deepEqual(tokens(fresh, withTemplate), { access: 'TOKEN7' })
  const theirs = '{"own": 1.50, "mode": "paper", "auth": ["token k:OLD", 9]}'
  assert.deepEqual(tokens(theirs, withTemplate), { access: 'OLD' })
  assert.equal(
    text(theirs, content, withTemplate),
    '{"own": 1.50, "mode": "paper", "auth": ["token thekey:TOKEN7", 9], "zerodha-api-key": "thekey", "gen": 7}',
  )
  assert.deepEqual(tokens('{"auth": ["something else"]}', withTemplate), { access: 'something else' })
  for (const [bad, why] of [
    ['{"a": "{{api_key}}"}', 'no place for the access token'],
    ['{"a": "{{access_token}}{{nothing}}"}', 'a placeholder that bhor does not know'],
    ['["{{access_token}}"]', 'no JSON object'],
    [`{"a": "{{access_token}}", "b": "${'x'.repeat(17_000)}"}`, 'larger than 16 KiB'],
  ] as const)
    assert.throws(() => check?.(bad), { message: new RegExp(why), code: 'mirror_invalid' })
})
