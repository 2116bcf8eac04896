import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import type { ExpiryRule } from '../../contracts/broker.ts'
import { expiresAt } from './expiry.ts'

const run = promisify(execFile)
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const indiaMs = 330 * minuteMs

const grantedAt = Temporal.Instant.from('2026-11-23T03:01:14Z') // 08:31:14 in India
const kite: ExpiryRule = { kind: 'daily_at', time: '06:00' }
const upstox: ExpiryRule = {
  kind: 'earliest',
  of: [
    { kind: 'daily_at', time: '03:30' },
    { kind: 'jwt_exp', token: 'access' },
  ],
}
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const jwt = (claims: unknown) => `${base64url('{"alg":"HS256"}')}.${base64url(JSON.stringify(claims))}.c2ln`
const seconds = (text: string) => Temporal.Instant.from(text).epochMilliseconds / 1000
const ends = (rule: ExpiryRule, access = '', at = grantedAt) =>
  expiresAt(rule, { grantedAt: at, tokens: { access } }).toString()

/** Independent of Temporal and of time zones: India is 330 minutes ahead, always. */
function nextDaily(minuteOfDay: number, afterMs: number): number {
  const localMs = afterMs + indiaMs
  const todayMs = Math.floor(localMs / dayMs) * dayMs + minuteOfDay * minuteMs
  return (todayMs > localMs ? todayMs : todayMs + dayMs) - indiaMs
}

/** Three days around each change of the clocks in New York, Lord Howe and Apia's old date line, and a plain weekend. */
const startsMs = [
  '2026-03-07',
  '2026-04-04',
  '2026-10-03',
  '2026-10-31',
  '2026-11-21',
  '2011-12-29',
  '2028-02-28',
].map((day) => Date.parse(`${day}T00:00:00Z`))
const rules = [
  { time: '06:00', minuteOfDay: 360 },
  { time: '03:30', minuteOfDay: 210 },
] as const

/** Runs in a process of its own, because a process keeps the zone that it started with. */
const program = `
  const { expiresAt } = await import(process.env.EXPIRY_MODULE)
  const ends = (time, ms) =>
    expiresAt({ kind: 'daily_at', time }, { grantedAt: Temporal.Instant.fromEpochMilliseconds(ms), tokens: {} })
  const tables = JSON.parse(process.env.ROWS).map(([time, startMs]) =>
    Array.from({ length: 3 * 24 * 60 }, (_, minute) => ends(time, startMs + minute * 60000).epochMilliseconds))
  const minutesWest = new Date(2026, 0, 1).getTimezoneOffset()
  process.stdout.write(JSON.stringify({ minutesWest, tables }))
`
const rows = rules.flatMap((rule) => startsMs.map((startMs) => ({ ...rule, startMs })))

/** The zones of the hosts, with how far west of UTC they are in January: proof that the process was there. */
const hosts = [
  ['UTC', 0],
  ['Asia/Kolkata', -330],
  ['America/New_York', 300],
  ['Australia/Lord_Howe', -660],
  ['Pacific/Apia', -780],
] as const

for (const [zone, minutesWest] of hosts) {
  test(`every minute of three days, at every change of clocks, on a host in ${zone}`, async () => {
    const env = {
      TZ: zone,
      EXPIRY_MODULE: new URL('./expiry.ts', import.meta.url).href,
      ROWS: JSON.stringify(rows.map(({ time, startMs }) => [time, startMs])),
    }
    const options = { env, maxBuffer: 2 ** 24 }
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], options)
    const tables = rows.map(({ minuteOfDay, startMs }) =>
      Array.from({ length: 3 * 24 * 60 }, (_, minute) => nextDaily(minuteOfDay, startMs + minute * minuteMs)),
    )
    assert.deepEqual(JSON.parse(stdout), { minutesWest, tables })
  })
}

test('a daily end is strictly after the grant, to the millisecond', () => {
  assert.equal(ends(kite, '', Temporal.Instant.from('2026-11-23T00:29:59.999Z')), '2026-11-23T00:30:00Z')
  assert.equal(ends(kite, '', Temporal.Instant.from('2026-11-23T00:30:00Z')), '2026-11-24T00:30:00Z')
  // upstox.com/developer/api-documentation/get-token: 2:30 AM on Wednesday ends at 3:30 AM on the same Wednesday
  assert.equal(ends(upstox, '', Temporal.Instant.from('2026-11-24T21:00:00Z')), '2026-11-24T22:00:00Z')
  assert.equal(ends(upstox, '', Temporal.Instant.from('2026-11-24T14:30:00Z')), '2026-11-24T22:00:00Z')
})

test('a daily end agrees with integer arithmetic at any instant', () => {
  const instant = fc.integer({ min: Date.parse('1971-01-01'), max: Date.parse('2199-12-31') })
  fc.assert(
    fc.property(instant, fc.constantFrom(...rules), (ms, { time, minuteOfDay }) => {
      const at = Temporal.Instant.fromEpochMilliseconds(ms)
      const end = expiresAt({ kind: 'daily_at', time }, { grantedAt: at, tokens: {} }).epochMilliseconds
      assert.equal(end, nextDaily(minuteOfDay, ms))
    }),
    { numRuns: 2000 },
  )
})

test('the JWT’s own end counts when it is earlier, and only then', () => {
  assert.equal(ends(upstox, jwt({ exp: seconds('2026-11-23T10:00:00Z') })), '2026-11-23T10:00:00Z')
  assert.equal(ends(upstox, jwt({ exp: seconds('2026-11-23T22:00:00Z') })), '2026-11-23T22:00:00Z')
  assert.equal(ends(upstox, jwt({ exp: seconds('2027-11-23T22:00:00Z') })), '2026-11-23T22:00:00Z')
  assert.equal(ends(upstox, jwt({ exp: seconds('2026-11-23T10:00:00Z') + 0.5 })), '2026-11-23T10:00:00.5Z')
})

test('a JWT that has ended already makes a session that has ended already', () => {
  assert.equal(ends(upstox, jwt({ exp: 0 })), '1970-01-01T00:00:00Z')
  assert.equal(ends(upstox, jwt({ exp: seconds('2026-11-22T22:00:00Z') })), '2026-11-22T22:00:00Z')
})

test('garbage in the place of a JWT bounds nothing', () => {
  const garbage = [
    'opaque',
    '..',
    'a.b.c',
    'a.b',
    jwt(null),
    jwt([]),
    jwt('exp'),
    jwt({}),
    jwt({ exp: '1789250400' }),
    jwt({ exp: null }),
    jwt({ exp: 1e300 }),
    jwt({ exp: -1e300 }),
    jwt({ exp: 8.64e12 + 1 }),
    `${jwt({ exp: 0 })}.more`,
    `h.${base64url('{"exp":1e999}')}.s`,
    `h.${base64url('{"exp":0')}.s`,
    `h.${base64url('[['.repeat(200))}.s`,
  ]
  for (const token of garbage) assert.equal(ends(upstox, token), '2026-11-23T22:00:00Z', token.slice(0, 60))
  assert.equal(
    ends({ kind: 'earliest', of: [kite, { kind: 'jwt_exp', token: 'other' }] }),
    '2026-11-24T00:30:00Z',
  )
})

test('any text in the place of a JWT gives an instant', () => {
  const text = fc.oneof(fc.string(), fc.jsonValue().map(jwt), fc.record({ exp: fc.double() }).map(jwt))
  fc.assert(
    fc.property(text, (access) => {
      assert.ok(
        expiresAt(upstox, { grantedAt, tokens: { access } }).epochMilliseconds <=
          seconds('2026-11-23T22:00:00Z') * 1000,
      )
    }),
    { numRuns: 2000 },
  )
})

test('a length of time counts from the grant, a named end as it is named', () => {
  assert.equal(ends({ kind: 'after', ms: 90 * minuteMs }), '2026-11-23T04:31:14Z')
  const grantExpiresAt = Temporal.Instant.from('2026-11-23T18:29:59Z')
  assert.equal(
    expiresAt({ kind: 'as_granted' }, { grantedAt, tokens: {}, grantExpiresAt }).toString(),
    '2026-11-23T18:29:59Z',
  )
})

test('the earliest of everything counts, however it nests', () => {
  const rule: ExpiryRule = {
    kind: 'earliest',
    of: [kite, { kind: 'earliest', of: [{ kind: 'after', ms: dayMs * 365 }, { kind: 'as_granted' }] }],
  }
  assert.equal(ends(rule), '2026-11-24T00:30:00Z')
  const grantExpiresAt = Temporal.Instant.from('2026-11-23T09:00:00Z')
  assert.equal(expiresAt(rule, { grantedAt, tokens: {}, grantExpiresAt }).toString(), '2026-11-23T09:00:00Z')
})

test('a rule that bounds nothing ends after a day: nobody’s session is for ever', () => {
  for (const rule of [
    { kind: 'as_granted' },
    { kind: 'jwt_exp', token: 'access' },
    { kind: 'earliest', of: [] },
  ] as const) {
    assert.equal(ends(rule), '2026-11-24T03:01:14Z')
  }
})
