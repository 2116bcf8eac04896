import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { ownApp } from '../../../test/support/own-app.ts'
import { systemNet } from '../../net/system.ts'
import { fullRights } from '../ground/rights.ts'
import { callbackOf } from './callback.ts'

const tenMinutesMs = 10 * 60_000
const codeName = { kite: 'request_token', upstox: 'code' } as const

/** The address with its query changed. */
function changed(callback: string, change: (params: URLSearchParams) => void): string {
  const url = new URL(callback)
  change(url.searchParams)
  return url.href
}

function arriveAt(bed: Bed, broker: string, rawQuery: string) {
  return bed.domain.desk.logins.complete(fullRights('broker', broker), broker, callbackOf(rawQuery))
}

test('a state that bhor did not sign is not even looked up', async () => {
  let lookUps = 0
  await using bed = await openBed('kite', {
    wrap: (store) => ({
      ...store,
      logins: {
        ...store.logins,
        byState(hash) {
          lookUps++
          return store.logins.byState(hash)
        },
      },
    }),
  })
  for (let i = 0; i < 100; i++)
    await refused(arriveAt(bed, 'kite', `request_token=x&state=${i}.${i}`), 'login_state_invalid')
  assert.equal(lookUps, 0)
  await bed.domain.logIn('demo')
  assert.equal(lookUps, 1)
})

for (const broker of ['kite', 'upstox'] as const) {
  const code = codeName[broker]

  test(`${broker}: a state that is not ours never reaches the broker, and the login stays usable`, async () => {
    await using bed = await openBed(broker)
    const good = await bed.domain.callbackFor('demo')
    const state = new URL(good).searchParams.get('state') ?? ''
    const [token = '', signature = ''] = state.split('.')
    const swapped = token.startsWith('A') ? `B${token.slice(1)}` : `A${token.slice(1)}`
    const upper = state.toUpperCase() === state ? state.toLowerCase() : state.toUpperCase()
    const foreign = [
      '',
      '.',
      'x',
      token,
      `${token}.`,
      `.${signature}`,
      `${swapped}.${signature}`,
      `${token}.${signature.slice(0, -1)}`,
      `${token}.${signature}A`,
      `${signature}.${token}`,
      upper,
      ` ${state}`,
      `${state} `,
      'a'.repeat(512),
      '__proto__.constructor',
    ]
    for (const value of foreign) {
      const callback = changed(good, (params) => params.set('state', value))
      await refused(bed.domain.arrive(callback), 'login_state_invalid')
    }
    await refused(bed.domain.arrive(changed(good, (p) => p.delete('state'))), 'login_state_invalid')
    assert.equal(bed.exchanges(), 0)
    assert.equal((await bed.account()).status, 'login_pending')
    assert.equal((await bed.domain.arrive(good)).generation, 1)
  })

  test(`${broker}: a code that is twice there, too long or no text is incomplete, and spends nothing`, async () => {
    await using bed = await openBed(broker)
    const good = await bed.domain.callbackFor('demo')
    const bad: ((params: URLSearchParams) => void)[] = [
      (p) => p.append(code, 'another'),
      (p) => p.append('state', p.get('state') ?? ''),
      (p) => p.set(code, 'x'.repeat(513)),
      (p) => p.set(code, 'a\u0000b'),
      (p) => p.set(code, 'a\nb'),
      (p) => p.set(code, 'a\u007fb'),
      (p) => p.set(code, ''),
      (p) => p.delete(code),
    ]
    for (const change of bad) await refused(bed.domain.arrive(changed(good, change)), 'callback_incomplete')
    const query = new URL(good).search.slice(1)
    await refused(arriveAt(bed, broker, `${query}&note=%ff%fe`), 'callback_incomplete')
    await refused(arriveAt(bed, broker, `${query}&note=${'x'.repeat(100_000)}`), 'callback_incomplete')
    assert.equal(bed.exchanges(), 0)
    assert.equal((await bed.domain.arrive(good)).generation, 1)
  })

  test(`${broker}: a stranger’s error, a thousand times, does not break off a login`, async () => {
    await using bed = await openBed(broker)
    const good = await bed.domain.callbackFor('demo')
    for (let i = 0; i < 1000; i++)
      await refused(arriveAt(bed, broker, `error=access_denied&state=${i}.${i}`), 'login_state_invalid')
    await refused(arriveAt(bed, broker, 'error=access_denied'), 'login_state_invalid')
    assert.equal((await bed.domain.arrive(good)).generation, 1)
  })

  test(`${broker}: who cancels at the broker ends this login, and the next one works`, async () => {
    await using bed = await openBed(broker)
    const callback = await bed.domain.callbackFor('demo', { cancels: true })
    const state = new URL(callback).searchParams.get('state')
    await refused(bed.domain.arrive(callback), 'login_refused')
    const denied = `error=access_denied&error_description=%3Cscript%3E&state=${state}`
    await refused(arriveAt(bed, broker, denied), 'login_refused')
    assert.equal(bed.exchanges(), 0)
    assert.equal((await bed.account()).status, 'none')
    assert.equal((await bed.domain.logIn('demo')).generation, 1)
  })

  test(`${broker}: a login works once, for ten minutes, for its own account and broker`, async () => {
    await using bed = await openBed(broker)
    const other = broker === 'kite' ? 'upstox' : 'kite'
    const app = { ...ownApp(broker), apiKey: `${broker}otherkey` }
    bed.simulator.registerApp(app)
    const { apiKey, apiSecret, redirectUrl } = app
    await bed.domain.addAccount({ account: 'papa', broker, apiKey, apiSecret, redirectUrl })
    await bed.domain.addAccount({ account: 'personal', broker: other })

    const used = await bed.domain.callbackFor('demo')
    await bed.domain.arrive(used)
    assert.equal((await bed.domain.arrive(used)).generation, 1, 'the same answer once more')
    assert.equal(bed.exchanges(), 1)

    const elsewhere = await bed.domain.callbackFor('demo')
    await refused(arriveAt(bed, other, new URL(elsewhere).search.slice(1)), 'login_state_invalid')
    await refused(bed.domain.desk.logins.paste(operator, 'papa', elsewhere), 'login_state_invalid')
    assert.equal(bed.exchanges(), 1)
    assert.equal((await bed.domain.desk.logins.paste(operator, 'demo', elsewhere)).generation, 2)

    const early = await bed.domain.callbackFor('demo')
    const late = await bed.domain.callbackFor('demo')
    await bed.clock.advance(tenMinutesMs - 1)
    // The code itself lives shorter at the broker: what counts is that bhor passed it on.
    await refused(bed.domain.arrive(early), 'bad_grant')
    assert.equal(bed.exchanges(), 3)
    await bed.clock.advance(1)
    await refused(bed.domain.arrive(late), 'login_expired')
    assert.equal(bed.exchanges(), 3)
  })

  test(`${broker}: a login that was cancelled here cannot be finished`, async () => {
    await using bed = await openBed(broker)
    const started = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
    const callback = bed.simulator.logIn(broker, started.url!)
    await bed.domain.desk.logins.cancel(operator, 'demo', started.login)
    await refused(bed.domain.arrive(callback), 'cancelled')
    assert.equal(bed.exchanges(), 0)
    assert.equal((await bed.domain.desk.logins.get(operator, 'demo', started.login)).status, 'cancelled')
    // A second cancel and a cancel after the end change nothing.
    await bed.domain.desk.logins.cancel(operator, 'demo', started.login)
    assert.equal(await bed.recorded('login.cancel'), 1)
  })

  test(`${broker}: the pages that people paste by mistake are told apart`, async () => {
    await using bed = await openBed(broker)
    const { url } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
    await refused(bed.domain.desk.logins.paste(operator, 'demo', url!), 'wrong_page')
    if (broker === 'kite') {
      const onTheWay = 'https://kite.zerodha.com/connect/finish?api_key=kitedemokey&sess_id=abcdef'
      await refused(bed.domain.desk.logins.paste(operator, 'demo', onTheWay), 'wrong_page')
    }
    for (const text of ['', 'no address', `https://example.com/?${'x'.repeat(9000)}`])
      await refused(bed.domain.desk.logins.paste(operator, 'demo', text), 'wrong_page')
    const callback = bed.simulator.logIn(broker, url!)
    const pasted = await bed.domain.desk.logins.paste(operator, 'demo', `  ${callback}\n`)
    assert.equal(pasted.generation, 1)
  })

  test(`${broker}: of fifty that arrive with one callback, one exchanges`, async () => {
    await using bed = await openBed(broker)
    for (let round = 1; round <= 4; round++) {
      const callback = await bed.domain.callbackFor('demo')
      const results = await Promise.allSettled(Array.from({ length: 50 }, () => bed.domain.arrive(callback)))
      const codes = results.map((r) =>
        r.status === 'fulfilled' ? 'ok' : (r.reason as { code: string }).code,
      )
      assert.deepEqual([...new Set(codes)], ['ok'], 'all are told of the one session')
      assert.equal(bed.exchanges(), round)
      assert.equal((await bed.account()).generation, round)
    }
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })

  test(`${broker}: a callback finds its login after a restart, within ten minutes`, async () => {
    await using bed = await openBed(broker)
    const within = await bed.domain.callbackFor('demo')
    await bed.reopen()
    assert.equal((await bed.domain.arrive(within)).generation, 1)
    const after = await bed.domain.callbackFor('demo')
    await bed.clock.advance(tenMinutesMs)
    await bed.reopen()
    await refused(bed.domain.arrive(after), 'login_expired')
  })

  test(`${broker}: one code is not sent twice, not even by two logins`, async () => {
    await using bed = await openBed(broker)
    const first = await bed.domain.callbackFor('demo')
    const second = await bed.domain.callbackFor('demo')
    await bed.domain.arrive(first)
    const spent = new URL(first).searchParams.get(code) ?? ''
    await refused(bed.domain.arrive(changed(second, (p) => p.set(code, spent))), 'login_used')
    assert.equal(bed.exchanges(), 1)
    assert.equal((await bed.domain.arrive(second)).generation, 2)
  })

  test(`${broker}: the exchange names the redirect URL of the login page, whatever was edited since`, async () => {
    await using bed = await openBed(broker)
    const callback = await bed.domain.callbackFor('demo')
    await bed.domain.desk.accounts.edit(operator, 'demo', {
      redirectUrl: `http://127.0.0.1:9999/callback/${broker}`,
    })
    assert.equal((await bed.domain.arrive(callback)).generation, 1)
  })

  test(`${broker}: a wrong app secret is told as such`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.desk.accounts.edit(operator, 'demo', { apiSecret: 'wrongsecret' })
    await refused(bed.domain.logIn('demo'), 'app_invalid')
    assert.equal((await bed.account()).lastFault?.code, 'app_invalid')
    await bed.domain.desk.accounts.edit(operator, 'demo', { apiSecret: ownApp(broker).apiSecret })
    const view = await bed.domain.logIn('demo')
    assert.equal(view.generation, 1)
    assert.equal(view.lastFault, null)
  })

  test(`${broker}: one account has one exchange under way`, async () => {
    let release = () => {}
    let hasArrived = () => {}
    const arrived = new Promise<void>((resolve) => {
      hasArrived = resolve
    })
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          hasArrived()
          await held
          return systemNet.send(request)
        },
      },
    })
    const first = await bed.domain.callbackFor('demo')
    const second = await bed.domain.callbackFor('demo')
    const running = bed.domain.arrive(first)
    await Promise.race([arrived, running])
    await refused(bed.domain.arrive(second), 'login_in_progress')
    release()
    assert.equal((await running).generation, 1)
    assert.equal((await bed.domain.arrive(second)).generation, 2, 'nothing of the second was spent')
  })
}

test('of more logins than a person has open at once the oldest is given up, the newest works', async () => {
  await using bed = await openBed('kite')
  const first = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
  await bed.clock.advance(1)
  const second = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
  await bed.clock.advance(1)
  for (let i = 0; i < 9; i++) await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
  assert.equal((await bed.domain.desk.logins.get(operator, 'demo', first.login)).status, 'cancelled')
  await refused(bed.domain.arrive(bed.simulator.logIn('kite', first.url!)), 'cancelled')
  assert.equal((await bed.domain.arrive(bed.simulator.logIn('kite', second.url!))).status, 'active')
})

test('an address of another site is told as the wrong page, whatever its parameters', async () => {
  await using bed = await openBed('kite')
  const { url } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
  const right = bed.simulator.logIn('kite', url!)
  const elsewhere = right.replace(/^http:..[^/]+/, 'https://example.com')
  await refused(bed.domain.desk.logins.paste(operator, 'demo', elsewhere), 'wrong_page')
  assert.equal(bed.exchanges(), 0)
  assert.equal((await bed.domain.desk.logins.paste(operator, 'demo', right)).status, 'active')
})

test('callbacks that are turned away are recorded, but not at a stranger’s will', async () => {
  await using bed = await openBed('kite')
  const strange = 'http://127.0.0.1:1/callback/kite?status=success&request_token=abc&state=nonsense'
  for (let i = 0; i < 25; i++) await refused(bed.domain.arrive(strange), 'login_state_invalid')
  assert.equal(await bed.recorded('login.callback', 'refused'), 10)
  await bed.clock.advance(60_000)
  await refused(bed.domain.arrive(strange), 'login_state_invalid')
  assert.equal(await bed.recorded('login.callback', 'refused'), 11)
})
