import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { type AuditRecord, auditActions } from '../../contracts/audit.ts'
import { fullRights, type Principal } from '../ground/rights.ts'
import { kindOf, sentenceOf } from './words.ts'

const names = { keys: new Map([['key_1', 'my-bot']]), channels: new Map([['ch_1', 'family']]) }
const record = (more: Partial<AuditRecord>): AuditRecord => ({
  seq: 1,
  mac: 'm',
  atMs: 0,
  actor: { kind: 'key', id: 'key_1' },
  action: 'session.handout',
  account: 'demo',
  result: 'ok',
  ...more,
})

test('a record reads as a sentence, with names in place of ids', () => {
  const told: readonly (readonly [Partial<AuditRecord>, string])[] = [
    [{}, 'my-bot got the session of demo'],
    [
      { result: 'refused', code: 'session_expired' },
      'my-bot could not get the session of demo: The session has expired',
    ],
    [{ actor: { kind: 'key', id: 'gone' } }, 'A program with a key that is gone got the session of demo'],
    [
      {
        action: 'session.start',
        actor: { kind: 'broker', id: 'x' },
        detail: { user: 'AB1234', generation: 7 },
      },
      'Somebody at the broker’s page logged in demo (AB1234, session 7)',
    ],
    [
      { action: 'key.revoke', actor: { kind: 'operator', id: '' }, detail: { key: 'key_1' } },
      'The operator revoked a key (my-bot)',
    ],
    [
      { action: 'gate.pause', actor: { kind: 'telegram', id: 'ch_1' }, detail: { reason: 'lunch' } },
      'Somebody in the chat of family paused demo (lunch)',
    ],
    [
      {
        action: 'gate.change',
        actor: { kind: 'keeper', id: '' },
        detail: { state: 'closed', reason: 'session_expired' },
      },
      'bhor found the gate of demo closed (session expired)',
    ],
    [{ action: 'server.start', actor: { kind: 'keeper', id: '' } }, 'bhor started'],
  ]
  for (const [more, text] of told) assert.equal(sentenceOf(record(more), names), text)
})

test('everything that is recorded has words of its own', () => {
  for (const action of auditActions)
    for (const result of ['ok', 'refused', 'failed'] as const) {
      const text = sentenceOf(record({ action, result }), names)
      assert.match(text, /^my-bot (could not )?[a-z]/, text)
      assert.doesNotMatch(text, /@|undefined|_|\.\w/, text)
      assert.ok(kindOf(action))
    }
  const texts = auditActions.map((action) => sentenceOf(record({ action }), names))
  assert.equal(new Set(texts).size, texts.length, 'no two actions read alike')
})

const bot = async ({ domain }: Bed, name: string): Promise<Principal> => {
  const { view } = await domain.desk.keys.add(operator, { name, scopes: ['read-token'] })
  return { ...fullRights('key', view.id), rights: new Set(['read-token']) }
}
/** Two days at which two programs got the sessions of two accounts. */
async function twoDays() {
  const bed = await openBed('kite')
  const { domain, clock } = bed
  const [mine, other] = [await bot(bed, 'my-bot'), await bot(bed, 'other-bot')]
  await domain.addAccount({ account: 'papa', broker: 'upstox' })
  const take = (who: Principal, account: string) => domain.desk.sessions.handOut(who, account)
  for (let day = 0; day < 2; day++) {
    await domain.logIn('demo')
    await domain.logIn('papa')
    for (let at = 0; at < 5; at++) {
      await take(mine, 'demo')
      await take(other, 'papa')
      await clock.advance(60_000)
    }
    await clock.advance(24 * 60 * 60_000 - 5 * 60_000)
  }
  const { activity } = domain.desk
  const page = (wish: Partial<Parameters<typeof activity.page>[1]> = {}) =>
    activity.page(operator, { limit: 50, ...wish })
  return { bed, page, mine }
}

test('the same again and again is one entry a day; filters by account, program, kind and day', async () => {
  const { bed, page } = await twoDays()
  await using _ = bed
  const { entries } = await page({ kind: 'session', program: 'my-bot' })
  assert.deepEqual(
    entries.map(({ text, times, who }) => [text, times, who]),
    [
      ['my-bot got the session of demo, 5 times since 08:30', 5, 'my-bot'],
      ['my-bot got the session of demo, 5 times since 08:30', 5, 'my-bot'],
    ],
  )
  const [last, first] = entries as [(typeof entries)[0], (typeof entries)[0]]
  assert.deepEqual([first.since, first.at], ['2026-11-23T03:00:00Z', '2026-11-23T03:04:00Z'])
  assert.ok(last.firstSeq < last.seq && first.seq < last.firstSeq)
  const ofDay = await page({ day: '2026-11-23', program: 'my-bot' })
  assert.deepEqual(
    ofDay.entries.map(({ seq }) => seq),
    [first.seq],
  )
  assert.equal(ofDay.next, null)
  assert.deepEqual((await page({ day: '2026-11-25' })).entries, [])
  assert.ok((await page({ account: 'papa' })).entries.every(({ account }) => account === 'papa'))
  const logins = (await page({ kind: 'login' })).entries
  assert.ok(logins.length >= 8 && logins.every(({ kind }) => kind === 'login'))
  for (const wish of [{ kind: 'nonsense' }, { day: '2026-02-30' }, { day: 'yesterday' }])
    await assert.rejects(page(wish), { code: 'bad_field' })
  await assert.rejects(page({ program: 'nobody' }), { code: 'not_found' })
  await assert.rejects(page({ account: 'nobody' }), { code: 'account_not_found' })
})

test('pages follow one on the other: nothing twice, nothing left out', async () => {
  const { bed, page } = await twoDays()
  await using _ = bed
  const whole = await page({ limit: 500 })
  const seen: number[] = []
  let counted = 0
  for (let before: number | undefined; ; ) {
    const { entries, next } = await page({ limit: 3, ...(before === undefined ? {} : { before }) })
    for (const { seq, times } of entries) {
      seen.push(seq)
      counted += times
    }
    if (next === null) break
    assert.ok(before === undefined || next < before, 'it goes on')
    before = next
  }
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => b - a),
  )
  assert.equal(new Set(seen).size, seen.length)
  assert.equal(
    counted,
    whole.entries.reduce((sum, { times }) => sum + times, 0),
  )
  assert.equal(counted, (await bed.domain.store.audit.head()).seq)
})

/** A program that goes round many accounts again and again, one record for each; a label is changed now and then. */
function goingRound({ domain, clock }: Bed, accounts: number) {
  const { audit } = domain.desk.context
  return async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: accounts }, (_, at) =>
          audit.record({
            atMs: clock.nowMs(),
            actor: { kind: 'key', id: 'key_round' },
            action: 'session.handout',
            accountId: `acc_round_${at}`,
            account: `a${at}`,
            result: 'ok',
          }),
        ),
      )
      await clock.advance(60_000)
    }
  }
}

test('what goes round many accounts is counted over its whole day, told once, and on no later page again', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const round = goingRound(bed, 120)
  await round(2)
  await desk.accounts.edit(operator, 'demo', { label: 'in between' })
  await round(5)
  const pages = async () => {
    const told = new Map<string, number[]>()
    for (let more: { before?: number; upTo?: number } | undefined = {}; more; ) {
      const page = await desk.activity.page(operator, { limit: 50, ...more })
      for (const { action, account, times } of page.entries)
        if (action === 'session.handout') told.set(account!, [...(told.get(account!) ?? []), times])
      more = page.next === null ? undefined : { before: page.next, upTo: page.upTo }
      // It never rests.
      await round(1)
    }
    return told
  }
  const told = await pages()
  assert.equal(told.size, 120)
  assert.deepEqual([...told.values()], Array(120).fill([7]), 'each once, with all of its day')
  const [first] = (await desk.activity.page(operator, { limit: 50 })).entries
  assert.match(first!.text, /got the session of a119, 1\d times since 08:30$/)
  // Another day is another entry.
  await bed.clock.advance(24 * 60 * 60_000)
  await round(1)
  const { entries } = await desk.activity.page(operator, { limit: 500, kind: 'session' })
  const ofOne = entries.filter(({ account }) => account === 'a7')
  assert.deepEqual(
    ofOne.map(({ times }) => times > 1),
    [false, true],
  )
})

test('a day is read once: after that only what has come since', async () => {
  let read = 0
  const counted = (records: readonly AuditRecord[]) => {
    read += records.length
    return records
  }
  await using bed = await openBed('kite', {
    wrap: (store) => ({
      ...store,
      audit: {
        ...store.audit,
        latest: async (...wish) => counted(await store.audit.latest(...wish)),
        past: async (...wish) => counted(await store.audit.past(...wish)),
        those: async (...wish) => counted(await store.audit.those(...wish)),
      },
    }),
  })
  const { activity } = bed.domain.desk
  const round = goingRound(bed, 100)
  await round(30)
  const page = (wish: Partial<Parameters<typeof activity.page>[1]> = {}) =>
    activity.page(operator, { limit: 50, ...wish })
  const { next, upTo } = await page()
  assert.ok(read >= 3_000, `${read} records`)
  read = 0
  await page({ before: next!, upTo })
  await page({ program: 'my-bot' }).catch(() => {})
  await page({ kind: 'gate' })
  await round(1)
  const later = await page({ after: upTo, limit: 500 })
  assert.equal(later.entries.length, 100)
  assert.ok(later.entries.every(({ times }) => times === 31))
  assert.ok(read < 1_500, `${read} records`)
})

test('an account that is gone is found by its name, beside the one that has it now', async () => {
  await using bed = await openBed('kite')
  const { domain } = bed
  const { desk } = domain
  await domain.addAccount({ account: 'papa', broker: 'upstox' })
  await domain.logIn('papa')
  assert.deepEqual(await desk.activity.accounts(operator), { gone: [] })
  await desk.accounts.remove(operator, 'papa')
  assert.deepEqual(await desk.activity.accounts(operator), { gone: ['papa'] })
  const of = async (account: string) => (await desk.activity.page(operator, { limit: 500, account })).entries
  const [last, ...others] = await of('papa')
  assert.equal(last?.text, 'The operator removed the account papa')
  assert.ok(others.some(({ action }) => action === 'session.start'))
  assert.ok(others.every(({ account }) => account === 'papa'))
  assert.equal((await desk.audit.list(operator, { limit: 1, account: 'papa' }))[0]?.action, 'account.remove')
  const copy = await desk.activity.export(operator, { format: 'csv', account: 'papa' })
  assert.match(copy.text, /removed the account papa/)
  const limited: Principal = { ...fullRights('key', 'x'), accountIds: new Set(['acc_1']) }
  for (const principal of [limited, await bot(bed, 'my-bot')]) {
    await assert.rejects(desk.activity.accounts(principal), { code: 'scope_missing' })
    await assert.rejects(desk.activity.page(principal, { limit: 5, account: 'papa' }), {
      code: 'scope_missing',
    })
  }
  await domain.addAccount({ account: 'papa' })
  const both = await of('papa')
  assert.deepEqual(
    both.filter(({ action }) => action === 'account.add').length,
    2,
    'what was called so before is told too',
  )
  assert.deepEqual(
    await of('demo'),
    (await of('demo')).filter(({ account }) => account === 'demo'),
  )
})

test('whoever looks for what came later is given that alone, and from where to go on', async () => {
  const { bed, page, mine } = await twoDays()
  await using _ = bed
  const { desk, store } = bed.domain
  const { upTo } = await page({ limit: 1 })
  assert.equal(upTo, (await store.audit.head()).seq)
  assert.deepEqual(await page({ after: upTo }), { entries: [], next: null, upTo })
  await bed.domain.logIn('demo')
  for (let times = 0; times < 3; times++) await desk.sessions.handOut(mine, 'demo')
  const later = await page({ after: upTo, kind: 'session', program: 'my-bot' })
  assert.deepEqual(
    later.entries.map(({ text, firstSeq }) => [text.replace(/\d\d:\d\d/, ''), firstSeq > upTo]),
    [['my-bot got the session of demo, 3 times since ', true]],
  )
  const all = await page({ after: upTo, limit: 500 })
  assert.equal(
    all.entries.reduce((sum, { times }) => sum + times, 0),
    all.upTo - upTo,
  )
  assert.equal(all.next, null)
  assert.deepEqual((await page({ after: later.upTo })).entries, [])
})

test('a copy holds every record, says whether the chain is whole, and is recorded itself', async () => {
  const { bed } = await twoDays()
  await using _ = bed
  const { activity, audit } = bed.domain.desk
  const { seq } = await bed.domain.store.audit.head()
  const json = await activity.export(operator, { format: 'json' })
  const copy = JSON.parse(json.text) as {
    records: { seq: number; text: string; mac: string }[]
    check: { intact: boolean }
  }
  assert.deepEqual(
    [copy.records.length, json.records, json.isWhole, copy.check.intact],
    [seq, seq, true, true],
  )
  const stored = await bed.domain.store.audit.from(1, seq)
  assert.deepEqual(
    copy.records.map(({ mac }) => mac).toReversed(),
    stored.map(({ mac }) => mac),
  )
  const [latest] = await audit.list(operator, { limit: 1 })
  assert.deepEqual([latest?.action, latest?.detail], ['audit.export', { records: seq, format: 'json' }])
  const csv = await activity.export(operator, {
    format: 'csv',
    program: 'my-bot',
    day: '2026-11-24',
  })
  const lines = csv.text.trimEnd().split('\n')
  assert.equal(lines[0], 'seq,at,who,text,actor,action,account,result,code,detail,mac')
  assert.equal(lines.length, 6, 'one line for each of the five')
  assert.match(
    lines[1]!,
    /^\d+,2026-11-24T03:04:00Z,my-bot,my-bot got the session of demo,key:key_\w+,session\.handout,demo,ok,,/,
  )
  assert.match(csv.name, /^bhor-audit-2026-11-25\.csv$/)
  await bed.clock.advance(16 * 60 * 60_000)
  await assert.rejects(bed.domain.desk.sessions.handOut(await bot(bed, '=1+1'), 'demo'))
  const late = await activity.export(operator, { format: 'csv', program: '=1+1' })
  assert.match(late.text, /^\d+,[^,]+,'=1\+1,'=1\+1 could not get the session of demo/m)
  assert.match(late.name, /^bhor-audit-2026-11-26\.csv$/, 'the day in India')
})

test('only who may see all of it sees it', async () => {
  const { bed, mine } = await twoDays()
  await using _ = bed
  const { activity } = bed.domain.desk
  const limited: Principal = { ...fullRights('key', 'x'), accountIds: new Set(['acc_1']) }
  for (const principal of [mine, limited]) {
    await assert.rejects(activity.page(principal, { limit: 5 }), { code: 'scope_missing' })
    await assert.rejects(activity.export(principal, { format: 'csv' }), { code: 'scope_missing' })
  }
})

test('the sessions of the last 30 days: when each began, how it ended, who logged in', async () => {
  await using bed = await openBed('kite')
  const { domain, clock } = bed
  const { desk } = domain
  await domain.logIn('demo')
  // Past 06:00 of the next day, unseen by anybody.
  await clock.advance(24 * 60 * 60_000)
  const seen = async () => (await desk.accounts.history(operator, 'demo')).sessions
  assert.deepEqual(
    (await seen()).map(({ end, endedAt }) => [end, endedAt]),
    [['expired', '2026-11-24T00:30:00Z']],
  )
  await domain.logIn('demo')
  await clock.advance(60_000)
  await domain.logIn('demo')
  await clock.advance(60_000)
  await desk.sessions.logout(operator, 'demo')
  await domain.logIn('demo')
  const all = await seen()
  assert.deepEqual(
    all.map(({ generation, end, startedBy }) => [generation, end, startedBy]),
    [
      [4, null, 'login'],
      [3, 'logged_out', 'login'],
      [2, 'replaced', 'login'],
      [1, 'expired', 'login'],
    ],
  )
  assert.match(all[0]!.userId, /^[A-Z]{2}\d{4}$/)
  assert.deepEqual([all[0]!.startedAt, all[0]!.endedAt], [clock.now().toString(), null])
  // The first is older than 30 days, the second ended within them only just.
  await clock.advance(29 * 24 * 60 * 60_000 + 23 * 60 * 60_000)
  assert.deepEqual(
    (await seen()).map(({ generation }) => generation),
    [4, 3, 2],
  )
  await clock.advance(10 * 24 * 60 * 60_000)
  assert.deepEqual(await seen(), [])
})
