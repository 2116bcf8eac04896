import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../test/support/bed.ts'
import { type FakeLine, fakeLine, handOutOf } from '../../test/support/fake-line.ts'
import type { CallKind, HandOut, ReportView } from '../contracts/api.ts'
import type { FeedEvent, FeedEventName } from '../contracts/events.ts'
import { ManualClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { Program } from './program.ts'

interface Bench extends AsyncDisposable {
  readonly line: FakeLine
  readonly clock: ManualClock
  readonly bhor: Program
  /** How often a session was handed out. */
  handOuts(): number
}

/** A program whose desk hands out `generation`. */
function open(generation: () => number = () => 1, silenceMs?: number): Bench {
  const line = fakeLine(silenceMs)
  const clock = new ManualClock()
  const bhor = new Program({ line, clock, waitingClock: clock })
  line.answers['GET /v1/accounts/{account}/session'] = ({ params }) =>
    handOutOf(params?.account ?? '', generation())
  return {
    line,
    clock,
    bhor,
    handOuts: () => line.count('GET /v1/accounts/{account}/session'),
    [Symbol.asyncDispose]: () => bhor.close(),
  }
}

function event(name: FeedEventName, data: object = {}): FeedEvent {
  const about = { account: 'papa', broker: 'demo', kind: 'sandbox', generation: 1 }
  return { event: name, data: { seq: 7, at: '2026-11-23T03:00:00Z', ...about, ...data } } as FeedEvent
}
const dead = Object.assign(new Error('refused'), { status: 403, body: 'TokenException' })

test('a session is handed out once, however many ask and look, until another takes its place', async () => {
  let generation = 1
  await using bench = open(() => generation)
  const { bhor, line } = bench
  assert.equal(bhor.peek('papa'), undefined)
  const all = await Promise.all(Array.from({ length: 20 }, () => bhor.session('papa')))
  assert.equal(new Set(all).size, 1)
  assert.equal(await bhor.session('papa', { minLife: '20m' }), bhor.peek('papa'))
  assert.equal(bench.handOuts(), 1)
  generation = 2
  await line.tell(event('session.started', { generation, startedBy: 'login' }))
  assert.equal(bhor.peek('papa'), undefined)
  assert.equal((await bhor.session('papa')).generation, 2)
  assert.equal(bhor.peek('papa')?.generation, 2)
  assert.equal(bench.handOuts(), 2)
})

test('a session that ends too soon is asked for, with how long it has to last', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  await bhor.session('papa')
  clock.set('2026-11-24T00:15:00Z')
  const wishes: unknown[] = []
  line.answers['GET /v1/accounts/{account}/session'] = ({ query }) => {
    wishes.push(query)
    throw new BhorError('session_short')
  }
  await line.live()
  await refused(bhor.session('papa', { minLife: '20m' }), 'session_short')
  await refused(bhor.session('papa', { minLifeMs: 1_500_100 }), 'session_short')
  assert.deepEqual(wishes, [{ min_life: '1200s' }, { min_life: '1501s' }])
  await refused(bhor.session('papa', { minLife: 'long' }), 'bad_field')
})

test('another kind of token is asked for each time, and takes the place of none', async () => {
  await using bench = open()
  const { bhor } = bench
  await bhor.session('papa')
  await bhor.session('papa', { kind: 'extended' })
  await bhor.session('papa', { kind: 'extended' })
  assert.equal(bench.handOuts(), 3)
  assert.equal(bhor.peek('papa')?.tokenKind, 'access')
})

test('a desk that is away: what is in memory serves for twenty seconds, and nothing after them', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  await bhor.session('papa')
  line.failsWith = new BhorError('server_unreachable')
  await line.cut()
  await clock.advance(19_000)
  assert.equal((await bhor.session('papa')).generation, 1)
  assert.equal(bench.handOuts(), 1)
  await clock.advance(1_000)
  assert.equal(bhor.peek('papa'), undefined)
  line.answers['GET /v1/accounts/{account}/session'] = () => {
    throw new BhorError('server_unreachable')
  }
  await refused(bhor.session('papa'), 'server_unreachable')
})

test('a stream without a sign of life is given up and asked for again, from where it was', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  await bhor.session('papa')
  await line.tell(event('account.changed', { seq: 41, change: 'tested' }))
  await clock.advance(15_000)
  await line.live()
  await clock.advance(19_999)
  assert.ok(bhor.peek('papa'), 'a comment is a sign of life')
  assert.deepEqual(line.streams, [undefined])
  await clock.advance(1)
  assert.equal(bhor.peek('papa'), undefined)
  await clock.advance(5_000)
  assert.deepEqual(line.streams, [undefined, '41'])
  await bhor.session('papa')
  assert.ok(bhor.peek('papa'), 'and is believed again')
})

test('a computer that was asleep: the wall clock says so, whatever its timers do', async () => {
  await using bench = open()
  const { bhor, clock } = bench
  await bhor.session('papa')
  clock.set(clock.now().add({ minutes: 10 }))
  await bhor.gate('papa').catch(() => {})
  assert.equal(bhor.peek('papa'), undefined)
})

test('who may not follow the feed keeps nothing, and is handed each session anew', async () => {
  await using bench = open()
  const { bhor, line } = bench
  line.failsWith = new BhorError('scope_missing')
  await bhor.session('papa')
  await bhor.session('papa')
  assert.equal(bench.handOuts(), 2)
  assert.equal(bhor.peek('papa'), undefined)
  assert.equal(line.streams.length, 1, 'and is not refused again and again')
})

test('a feed that does not open holds a session up for two seconds', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  line.failsWith = new BhorError('server_unreachable')
  const asking = bhor.session('papa')
  await clock.advance(1_999)
  assert.equal(bench.handOuts(), 0)
  await clock.advance(1)
  assert.equal((await asking).generation, 1)
})

test('on: events of the name, in their order, until disposed of; what a listener throws is nobody else’s', async () => {
  await using bench = open()
  const { bhor, line } = bench
  const heard: number[] = []
  using unheard = unhandled()
  using _faulty = bhor.on('session.started', () => {
    throw new Error('a bug of the program')
  })
  const listening = bhor.on('session.started', ({ generation }) => heard.push(generation))
  await line.tell(event('session.started', { generation: 1 }))
  await line.tell(event('session.ended', { generation: 1 }))
  await line.cut()
  await bench.clock.advance(250)
  await line.tell(event('session.started', { generation: 2 }))
  listening[Symbol.dispose]()
  await line.tell(event('session.started', { generation: 3 }))
  assert.deepEqual(heard, [1, 2])
  assert.equal(unheard.errors.length, 3)
})

test('on: calls behind it wait until nothing is missed, for two seconds at most; without a listener nobody waits', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  line.answers['GET /v1/accounts'] = () => []
  line.failsWith = new BhorError('server_unreachable')
  await bhor.accounts()
  assert.equal(line.count('GET /v1/accounts'), 1)
  const heard: number[] = []
  const listening = bhor.on('session.started', ({ generation }) => heard.push(generation))
  const asking = bhor.accounts()
  await clock.advance(1_000)
  assert.equal(line.count('GET /v1/accounts'), 1)
  line.failsWith = undefined
  await clock.advance(900)
  await asking
  await line.tell(event('session.started', { generation: 2 }))
  assert.deepEqual(heard, [2])
  listening[Symbol.dispose]()

  await using other = open()
  other.line.answers['GET /v1/accounts'] = () => []
  other.line.failsWith = new BhorError('server_unreachable')
  using _following = other.bhor.on('session.started', () => {})
  const late = other.bhor.accounts()
  await other.clock.advance(1_999)
  assert.equal(other.line.count('GET /v1/accounts'), 0)
  await other.clock.advance(1)
  await late
  assert.equal(other.line.count('GET /v1/accounts'), 1)
})

test('on: what ends the following for good is told to whoever relies on it, also who comes later', async () => {
  await using bench = open()
  const { bhor, line } = bench
  using unheard = unhandled()
  line.failsWith = new BhorError('key_invalid')
  bhor.on('session.started', () => {})
  await bench.clock.advance(0)
  assert.deepEqual(unheard.errors, [line.failsWith])
  bhor.on('session.ended', () => {})
  await bench.clock.advance(0)
  assert.equal(unheard.errors.length, 2)
})

/** What nobody handles, in place of what the test runner makes of it. */
function unhandled(): Disposable & { readonly errors: unknown[] } {
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  const errors: unknown[] = []
  process.on('unhandledRejection', (error) => errors.push(error))
  return {
    errors,
    [Symbol.dispose]() {
      process.removeAllListeners('unhandledRejection')
      for (const other of others) process.on('unhandledRejection', other)
    },
  }
}

test('closed, it says so', async () => {
  await using bench = open()
  const { bhor } = bench
  await bhor.session('papa')
  await bhor.close()
  await bhor.close()
  assert.equal(bhor.peek('papa'), undefined)
  await refused(bhor.session('papa'), 'stopping')
  await refused(bhor.accounts(), 'stopping')
})

// Calls at the broker

interface Desk extends Bench {
  readonly reported: object[]
  renewals(): number
}

/** A desk whose broker has ended generation 1; it knows of it once it was told. */
function openDead(then: { state: ReportView['state']; renews?: boolean; next?: number }): Desk {
  let generation = 1
  const bench = open(() => generation)
  const { line } = bench
  const reported: object[] = []
  line.answers['POST /v1/accounts/{account}/report'] = ({ body }) => {
    reported.push(body ?? {})
    generation = then.next ?? generation
    return { verdict: 'expired', state: then.state } as ReportView
  }
  line.answers['POST /v1/accounts/{account}/renew'] = () => {
    if (!then.renews) throw new BhorError('renewal_unavailable')
    generation = 2
    return {}
  }
  return { ...bench, reported, renewals: () => line.count('POST /v1/accounts/{account}/renew') }
}

/** A call that generation 1 is refused. */
function refusing(calls: HandOut[] = []) {
  return (session: HandOut) => {
    calls.push(session)
    if (session.generation === 1) throw dead
    return `done with ${session.generation}`
  }
}

test('a dead session: one report and one renewal for all who meet it, and each call once more', async () => {
  await using desk = openDead({ state: 'dead', renews: true })
  const calls: HandOut[] = []
  const all = await Promise.all(
    Array.from({ length: 8 }, () => desk.bhor.withSession('papa', refusing(calls), { kind: 'order' })),
  )
  assert.deepEqual(new Set(all), new Set(['done with 2']))
  assert.deepEqual(desk.reported, [{ generation: 1, status: 403, body: 'TokenException' }])
  assert.equal(desk.renewals(), 1)
  assert.equal(calls.length, 16)
  assert.equal(desk.handOuts(), 2)
})

test('a dead session that nothing renews: bhor says what is so, and why', async () => {
  await using desk = openDead({ state: 'dead' })
  desk.line.answers['GET /v1/accounts/{account}/session'] = ({ params }) => {
    if (desk.reported.length > 0) throw new BhorError('session_revoked')
    return handOutOf(params?.account ?? '', 1)
  }
  const calls: HandOut[] = []
  await assert.rejects(desk.bhor.withSession('papa', refusing(calls)), (error: Error & { code: string }) => {
    assert.equal(error.code, 'session_revoked')
    assert.equal(error.cause, dead)
    return true
  })
  assert.equal(calls.length, 1)
  assert.equal(desk.bhor.peek('papa'), undefined)
})

test('a session that was replaced meanwhile: once more with the new one, and nothing is renewed', async () => {
  await using desk = openDead({ state: 'replaced', next: 2 })
  assert.equal(await desk.bhor.withSession('papa', refusing()), 'done with 2')
  assert.equal(desk.renewals(), 0)
})

test('a refusal of a session that lives is the program’s own: an order is not repeated', async () => {
  for (const state of ['alive', 'doubted'] as const) {
    await using desk = openDead({ state })
    const calls: HandOut[] = []
    await assert.rejects(desk.bhor.withSession('papa', refusing(calls), { kind: 'order' }), dead)
    assert.equal(calls.length, 1)
    assert.equal(desk.bhor.peek('papa') === undefined, state === 'doubted')
  }
})

test('a refusal that is not about the session, and a desk that cannot be told, change nothing', async () => {
  await using desk = openDead({ state: 'dead' })
  const { line, bhor } = desk
  line.answers['POST /v1/accounts/{account}/report'] = () => ({ verdict: 'ip_not_allowed', state: 'alive' })
  await assert.rejects(bhor.withSession('papa', refusing()), dead)
  line.answers['POST /v1/accounts/{account}/report'] = () => {
    throw new BhorError('server_unreachable')
  }
  await assert.rejects(bhor.withSession('papa', refusing()), dead)
  assert.ok(bhor.peek('papa'))
})

test('it is called twice at most', async () => {
  await using desk = openDead({ state: 'dead', renews: true })
  let calls = 0
  const never = () => {
    calls++
    throw dead
  }
  await assert.rejects(desk.bhor.withSession('papa', never), dead)
  assert.equal(calls, 2)
})

/** How often a call of this kind is made that fails with this each time. */
async function timesCalled(error: object, kind: CallKind | undefined): Promise<number> {
  await using bench = open()
  let calls = 0
  const done = bench.bhor
    .withSession(
      'papa',
      () => {
        calls++
        throw error
      },
      kind === undefined ? {} : { kind },
    )
    .catch((thrown: unknown) => assert.equal(thrown, error))
  for (let second = 0; second < 10; second++) await bench.clock.advance(1_000)
  await done
  return calls
}

test('what nobody knows about is repeated only where it reads; what never left, and what was held back, always', async () => {
  const reset = { code: 'ECONNRESET' }
  const timeOut = { name: 'TimeoutError' }
  const unsent = { code: 'ECONNREFUSED' }
  const throttled = { status: 429 }
  for (const kind of ['order', undefined] as const) {
    assert.equal(await timesCalled(reset, kind), 1)
    assert.equal(await timesCalled(timeOut, kind), 1)
    assert.equal(await timesCalled(unsent, kind), 2)
    assert.equal(await timesCalled(throttled, kind), 2)
  }
  for (const kind of ['read', 'quote', 'historical'] as const)
    for (const error of [reset, timeOut, unsent, throttled]) assert.equal(await timesCalled(error, kind), 2)
  assert.equal(await timesCalled({ status: 400 }, 'read'), 1)
})

test('an answer of fetch that is a refusal is read, and given back where nothing is to be done', async () => {
  await using desk = openDead({ state: 'dead', renews: true })
  const answerTo = ({ generation }: HandOut) =>
    generation === 1 ? new Response('TokenException', { status: 403 }) : new Response('fine')
  assert.equal(await (await desk.bhor.withSession('papa', answerTo)).text(), 'fine')
  await using alive = openDead({ state: 'alive' })
  const answer = await alive.bhor.withSession('papa', answerTo)
  assert.deepEqual([answer.status, await answer.text()], [403, 'TokenException'])
})

test('calls keep to the limits that came with the session, and use the one that counts when it is their turn', async () => {
  let generation = 1
  await using bench = open(() => generation)
  const { bhor, line, clock } = bench
  line.answers['GET /v1/accounts/{account}/session'] = () =>
    handOutOf('papa', generation, { limits: { read: [[1, 1000]] } })
  const used: number[] = []
  const note = (session: HandOut) => void used.push(session.generation)
  const both = Promise.all([
    bhor.withSession('papa', note, { kind: 'read' }),
    bhor.withSession('papa', note, { kind: 'read' }),
  ])
  await clock.advance(0)
  generation = 2
  await line.tell(event('session.started', { generation }))
  await clock.advance(1_050)
  await both
  assert.deepEqual(used, [1, 2])
})

// Waiting

test('wait: until it is live, with gate until it may trade; a desk that goes away is waited for', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  let view: object = {
    status: 'expired',
    statusText: 'Log in.',
    gate: { state: 'closed', text: 'No session.' },
  }
  line.answers['GET /v1/accounts/{account}'] = () => view
  const settled: string[] = []
  const waiting = Promise.all([
    bhor.wait('papa').then(() => settled.push('live')),
    bhor.wait('papa', { gate: true }).then(() => settled.push('open')),
  ])
  await clock.advance(0)
  view = { status: 'active', gate: { state: 'closed', text: 'Paused.' } }
  await line.tell(event('session.started'))
  assert.deepEqual(settled, ['live'])
  line.answers['GET /v1/accounts/{account}'] = () => {
    throw new BhorError('server_unreachable')
  }
  await clock.advance(10_000)
  line.answers['GET /v1/accounts/{account}'] = () => ({ status: 'active', gate: { state: 'open' } })
  await clock.advance(5_000)
  await waiting
  assert.deepEqual(settled, ['live', 'open'])
})

test('wait: the time is over, nobody is there, and somebody has given up', async () => {
  await using bench = open()
  const { bhor, line, clock } = bench
  line.answers['GET /v1/accounts/{account}'] = () => ({ status: 'expired', statusText: 'Log in.' })
  const late = assert.rejects(bhor.wait('papa', { timeout: '30s' }), /papa is not ready after 30s\. Log in\./)
  for (let second = 0; second < 31; second++) await clock.advance(1_000)
  await late
  const giving = new AbortController()
  const given = assert.rejects(bhor.wait('papa', { signal: giving.signal }), { name: 'AbortError' })
  await clock.advance(0)
  giving.abort()
  await given
  await refused(bhor.wait('papa', { timeout: 'long' }), 'bad_field')
  line.answers['GET /v1/accounts/{account}'] = () => {
    throw new BhorError('account_not_found')
  }
  await refused(bhor.wait('nobody'), 'account_not_found')
})
