import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePath, openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { type Net, NetError, type NetReply } from '../../contracts/net.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { systemNet } from '../../net/system.ts'
import type { FaultKind } from '../../simulator/index.ts'

/** The real network; a call that the simulator lets wait on the manual clock misses its deadline at once. */
function netThatWaits(isWaiting: () => boolean): Net {
  return {
    send: (request) => systemNet.send(isWaiting() ? { ...request, timeoutMs: 150 } : request),
  }
}

interface Expected {
  readonly code: ErrorCode
  /** What tells it from the others with this code. */
  readonly fact?: readonly [name: string, value: string | number]
}
const lost = (reason: string): Expected => ({ code: 'answer_lost', fact: ['reason', reason] })

const faults: readonly (readonly [FaultKind, Expected, { status?: number }?])[] = [
  ['slow', lost('timeout')],
  ['drip', lost('timeout')],
  ['reset_before', lost('reset')],
  ['reset_after', lost('reset')],
  ['answer_lost', lost('reset')],
  ['huge', lost('too_large')],
  ['status', { code: 'broker_unavailable', fact: ['status', 502] }],
  ['html', { code: 'answer_lost', fact: ['status', 503] }],
  ['garbage', { code: 'answer_lost', fact: ['status', 200] }],
  ['rate_limited', { code: 'broker_rate_limited', fact: ['status', 429] }],
  ['redirect', { code: 'broker_redirect' }],
  ['wrong_user', { code: 'wrong_user' }],
  ['ip_refused', { code: 'ip_not_allowed' }],
]

/** The broker has granted all the same, and ended the session before by it; it is asked about before that leaves. */
const granted: ReadonlySet<FaultKind> = new Set(['drip', 'reset_after', 'answer_lost', 'huge', 'garbage'])

for (const broker of ['kite', 'upstox'] as const) {
  for (const [kind, expected] of faults) {
    test(`${broker}: ${kind} at the exchange is ${expected.code}, and the next login works`, async () => {
      let isWaiting = false
      await using bed = await openBed(broker, { net: netThatWaits(() => isWaiting) })
      await bed.domain.logIn('demo')
      const before = await bed.handOut()
      bed.simulator.faults.add({ kind, match: { path: exchangePath[broker]! } })
      const started = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
      const callback = bed.simulator.logIn(broker, started.url!)

      let facts: Readonly<Record<string, unknown>> = {}
      isWaiting = kind === 'slow' || kind === 'drip'
      await assert.rejects(bed.domain.arrive(callback), (error: { code: string; facts: typeof facts }) => {
        facts = error.facts
        assert.equal(error.code, expected.code)
        return true
      })
      if (expected.fact) assert.equal(facts[expected.fact[0]], expected.fact[1])

      const view = await bed.account()
      assert.equal(view.lastFault?.code, expected.code)
      assert.equal(view.generation, 1)
      if (granted.has(kind)) await refused(bed.handOut(), 'session_revoked')
      else assert.equal((await bed.handOut()).accessToken, before.accessToken)
      const login = await bed.domain.desk.logins.get(operator, 'demo', started.login)
      assert.equal(login.status, 'failed')
      assert.equal(login.outcome, expected.code)
      assert.deepEqual((await bed.domain.store.intents.open()).records, [])
      assert.equal(await bed.recorded('login.exchange', 'failed'), 1)
      await refused(bed.domain.arrive(callback), expected.code)
      assert.equal(bed.exchanges(), 2, 'the code was sent once')

      bed.simulator.faults.clear()
      isWaiting = false
      const next = await bed.domain.logIn('demo')
      assert.equal(next.generation, 2)
      assert.equal(next.lastFault, null)
      assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
    })
  }

  const kite = (status: number, error_type: string, message: string) =>
    [status, { status: 'error', message, data: null, error_type }] as const
  const upstox = (status: number, error_code: string) =>
    [status, { status: 'error', errors: [{ error_code, message: 'said so' }] }] as const
  const replies = {
    kite: [
      [kite(403, 'TokenException', 'Token is invalid or has expired.'), 'bad_grant'],
      [kite(403, 'TokenException', 'Invalid `checksum`.'), 'app_invalid'],
      [kite(400, 'InputException', 'The user is not enabled for the app.'), 'user_not_enabled'],
      [kite(403, 'TwoFAException', 'Do it'), 'needs_login'],
      [kite(400, 'OrderException', 'No'), 'broker_rejected'],
      [kite(423, 'UserException', 'Locked'), 'account_locked'],
      [kite(503, 'NetworkException', 'The service is not available.'), 'broker_unavailable'],
    ],
    upstox: [
      [upstox(401, 'UDAPI100057'), 'bad_grant'],
      [upstox(401, 'UDAPI100069'), 'app_invalid'],
      [upstox(400, 'UDAPI100058'), 'needs_login'],
      [upstox(400, 'UDAPI9'), 'broker_rejected'],
      [upstox(403, 'UDAPI1154'), 'ip_not_allowed'],
      [upstox(403, 'UDAPI100067'), 'not_permitted'],
      [upstox(423, 'UDAPI100072'), 'broker_closed'],
    ],
  } as const

  test(`${broker}: every refusal of the exchange has its own code and keeps the session before`, async () => {
    let canned: NetReply | undefined
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          const isExchange = request.method === 'POST' && request.url.endsWith(exchangePath[broker]!)
          return isExchange && canned ? canned : systemNet.send(request)
        },
      },
    })
    await bed.domain.logIn('demo')
    for (const [[status, body], code] of replies[broker]) {
      canned = { status, headers: {}, text: JSON.stringify(body) }
      await refused(bed.domain.logIn('demo'), code)
      const view = await bed.account()
      assert.equal(view.lastFault?.code, code)
      assert.equal(view.generation, 1)
      assert.equal(view.status, 'active')
    }
    canned = undefined
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
  })

  test(`${broker}: a token of a shape that no token has is not stored`, async () => {
    let bad: unknown = ''
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          const reply = await systemNet.send(request)
          if (request.method !== 'POST') return reply
          return {
            ...reply,
            text: reply.text.replace(/"access_token":"[^"]*"/, `"access_token":${JSON.stringify(bad)}`),
          }
        },
      },
    })
    const tokens: unknown[] = ['', 7, null, {}, 'a b', 'a\nb', '<b>', 'x'.repeat(9000), 'ünicode']
    for (const token of tokens) {
      bad = token
      await refused(bed.domain.logIn('demo'), 'bad_token_shape')
    }
    assert.equal((await bed.account()).generation, 0)
  })

  test(`${broker}: a token that is none beside a good one costs no login, and the record names it`, async () => {
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          const reply = await systemNet.send(request)
          if (!request.url.includes(exchangePath[broker]!)) return reply
          const without = reply.text.replace(/"refresh_token":"",?/, '')
          return { ...reply, text: without.replace(/"access_token":/, '"refresh_token":["two words"],$&') }
        },
      },
    })
    const { generation, status } = await bed.domain.logIn('demo')
    assert.deepEqual([generation, status], [1, 'active'])
    const [started] = (await bed.domain.desk.audit.list(operator, { limit: 1000 })).filter(
      ({ action }) => action === 'session.start',
    )
    assert.equal(started?.detail.leftOut, 'refresh')
    assert.doesNotMatch(JSON.stringify(started), /two words/)
  })

  test(`${broker}: a code that provably did not leave is sent once more, and no more than that`, async () => {
    let failures = 1
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          if (request.method === 'POST' && failures-- > 0) throw new NetError('not_sent', 'refused')
          return systemNet.send(request)
        },
      },
    })
    assert.equal((await bed.domain.logIn('demo')).generation, 1)
    failures = 2
    await refused(bed.domain.logIn('demo'), 'broker_unavailable')
    assert.equal(bed.exchanges(), 1)
    assert.equal((await bed.account()).lastFault?.code, 'broker_unavailable')
  })

  test(`${broker}: a profile that cannot be read does not cost the login`, async () => {
    await using bed = await openBed(broker)
    for (const kind of ['html', 'reset_before', 'rate_limited', 'redirect', 'ip_refused'] as const) {
      bed.simulator.faults.add({ kind, match: { path: profilePath[broker]! } })
      const view = await bed.domain.logIn('demo')
      assert.equal(view.status, 'active', kind)
      assert.equal(view.lastProbe?.verdict, 'unknown', kind)
    }
  })

  test(`${broker}: a token that is dead on arrival is not stored`, async () => {
    let kill = (_url: string) => {}
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          kill(request.url)
          return systemNet.send(request)
        },
      },
    })
    const { apiKey } = await bed.account()
    kill = (url) => void (url.endsWith(profilePath[broker]!) && bed.simulator.killSession(broker, apiKey))
    await refused(bed.domain.logIn('demo'), 'broker_rejected')
    assert.equal((await bed.account()).generation, 0)
  })
}

for (const [broker, beforeDawn, slow] of [
  ['kite', '2026-11-23T00:29:50Z', 'exchange'],
  ['kite', '2026-11-23T00:29:50Z', 'profile'],
  ['upstox', '2026-11-22T21:59:50Z', 'exchange'],
  ['upstox', '2026-11-22T21:59:50Z', 'profile'],
] as const)
  test(`${broker}: what was granted just before dawn ends there, though the ${slow} is answered behind it`, async () => {
    await using bed = await openBed(broker, {
      start: beforeDawn,
      net: {
        async send(request) {
          const { pathname } = new URL(request.url)
          const asked = Object.entries({ exchange: exchangePath[broker], profile: profilePath[broker] })
          const isOf = (name: string) => asked.some(([each, path]) => each === name && path === pathname)
          // Behind dawn the broker would refuse the token: it says nothing of it.
          if (isOf('profile') && slow === 'exchange') throw new NetError('unknown', 'timeout')
          const reply = await systemNet.send(request)
          if (isOf(slow)) await bed.clock.advance(20_000)
          // A broker that does not say when it was, or whose clock is ahead, is not heard on it.
          return { ...reply, text: reply.text.replace(/"login_time":"[^"]*"/, '"login_time":""') }
        },
      },
    })
    await bed.domain.logIn('demo')
    const session = (await bed.domain.store.sessions.latestOfAll()).records[0]
    assert.equal(session?.expiresAtMs, Date.parse(beforeDawn) + 10_000)
    await refused(bed.handOut(), 'session_expired')
  })

test('the causes are told apart: no two rows of the table look the same', () => {
  const seen = faults.map(([kind, { code, fact }]) => ({ kind, told: `${code} ${fact?.join('=') ?? ''}` }))
  const groups = Map.groupBy(seen, (row) => row.told)
  const together = [...groups.values()].filter((group) => group.length > 1).map((g) => g.map((r) => r.kind))
  // For the caller these are one: nobody can say from here whether the broker had acted.
  assert.deepEqual(together, [
    ['slow', 'drip'],
    ['reset_before', 'reset_after', 'answer_lost'],
  ])
})

for (const what of ['login', 'renewal'] as const) {
  test(`a ${what} whose process was stopped after its intent was written sends nothing`, async () => {
    let stopMs = 0
    await using bed = await openBed('kite', {
      app: { approvedForRefresh: true },
      wrap: (store) => ({
        ...store,
        async transaction(work) {
          const result = await store.transaction(work)
          if (stopMs > 0 && (await store.intents.open()).records.length > 0) await bed.clock.advance(stopMs)
          return result
        },
      }),
    })
    await bed.domain.logIn('demo')
    const { logins, sessions } = bed.domain.desk
    const { url } = await logins.start(operator, 'demo', { via: 'api' })
    const callback = bed.simulator.logIn('kite', url!)
    bed.simulator.clearCalls()
    stopMs = 10_000
    await refused(
      what === 'login' ? bed.domain.arrive(callback) : sessions.renew(operator, 'demo'),
      'store_busy',
    )
    stopMs = 0
    assert.deepEqual(bed.simulator.calls(), [])
    assert.deepEqual((await bed.domain.store.intents.open()).records, [])
    assert.equal((await bed.account()).generation, 1)
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
  })
}
