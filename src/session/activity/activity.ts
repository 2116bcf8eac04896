import { createHash } from 'node:crypto'
import {
  type ActivityEntry,
  type ActivityExport,
  type ActivityPage,
  type ActivityWish,
  type AskActivityExport,
  activityKinds,
} from '../../contracts/activity.ts'
import type { AuditAction, AuditRecord } from '../../contracts/audit.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { csvOf } from '../../core/csv.ts'
import { BhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { istDateTime, istDayNumber, istTimeText, istZone } from '../../core/ist.ts'
import { accountFor } from '../accounts/account.ts'
import type { Audit } from '../ground/audit.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Principal, requireFresh, requireRight } from '../ground/rights.ts'
import { kindOf, type Names, sentenceOf, whoOf } from './words.ts'

/** Records a read. */
const pageSize = 1_000
/** Whoever looks for something rare is answered with what was found so far, and where to go on. */
const mostLookedAt = 20_000

/** What happens again and again is one entry for each day. */
const gathered: ReadonlySet<AuditAction> = new Set([
  'session.handout',
  'session.probe',
  'session.report',
  'key.refused',
  'login.callback',
  'alert.deliver',
  'desk.use',
])

/** What is looked for, as the store can be asked. */
interface Search {
  readonly accountId: string | undefined
  readonly keyIds: ReadonlySet<string> | undefined
  readonly kind: string | undefined
  /** Records of this time or later. */
  readonly sinceMs: number
  /** Records with a smaller number. */
  readonly before: number | undefined
  /** Records with a larger number. */
  readonly after: number
}

interface PageWish extends ActivityWish {
  readonly limit: number
  readonly before?: number
  readonly after?: number
}

/** The record as people read it: in words, with names, the same again and again in one entry. */
export class Activity {
  readonly #context: SessionContext
  readonly #audit: Audit

  constructor(context: SessionContext, audit: Audit) {
    this.#context = context
    this.#audit = audit
  }

  /** @throws BhorError `scope_missing`, `account_not_found`, `not_found` for a program, `bad_field` */
  async page(principal: Principal, wish: PageWish): Promise<ActivityPage> {
    requireRight(principal, 'admin', 'house')
    const names = await this.#names()
    const { seq: upTo } = await this.#context.store.audit.head()
    const search = await this.#searchOf(principal, wish, names)
    const before = Math.min(search.before ?? Number.POSITIVE_INFINITY, upTo + 1)
    const found: AuditRecord[][] = []
    const byName = new Map<string, AuditRecord[]>()
    const next = await this.#look({ ...search, before }, (record) => {
      const name = gathered.has(record.action) ? nameOf(record) : String(record.seq)
      const known = byName.get(name)
      if (!known && found.length === wish.limit) return false
      const same = known ?? []
      same.push(record)
      if (known) return true
      found.push(same)
      byName.set(name, same)
      return true
    })
    return { entries: found.map((same) => entryOf(same, names)), next, upTo }
  }

  /**
   * A copy for a file: one line for each record, and what a check of the whole chain says now. That it was taken is
   * recorded before it is given.
   *
   * @throws BhorError `confirmation_needed`, and as {@link Activity.page}
   */
  async export(principal: Principal, { format, ...wish }: AskActivityExport): Promise<ActivityExport> {
    requireRight(principal, 'admin', 'house')
    const context = this.#context
    requireFresh(context, principal, 'audit.export')
    const names = await this.#names()
    const records: AuditRecord[] = []
    const next = await this.#look(await this.#searchOf(principal, wish, names), (record) => {
      records.push(record)
      return true
    })
    const check = await this.#audit.verify(principal)
    const nowMs = context.clock.nowMs()
    const at = iso(nowMs)
    const rows = records.map((record) => dataWithoutControls(rowOf(record, names)))
    const text =
      format === 'csv'
        ? csvOf([columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))])
        : `${JSON.stringify({ exportedAt: at, asked: wish, check, records: rows }, null, 1)}\n`
    const { actor } = principal
    const detail = { records: records.length, format }
    await change(context, async (c) => void c.tell({ actor, action: 'audit.export', result: 'ok', detail }))
    return {
      name: `bhor-audit-${istDateTime(nowMs).slice(0, 10)}.${format}`,
      contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
      text,
      records: records.length,
      isWhole: next === null,
      sha256: createHash('sha256').update(text).digest('hex'),
      check,
    }
  }

  /**
   * Reads backwards, and gives what fits to `take` until that has enough.
   *
   * @returns where to go on; null where nothing is left
   */
  async #look(search: Search, take: (record: AuditRecord) => boolean): Promise<number | null> {
    let { before } = search
    for (let looked = 0; looked < mostLookedAt; ) {
      const size = Math.min(pageSize, (before ?? Number.POSITIVE_INFINITY) - 1 - search.after)
      if (size <= 0) return null
      const page = await this.#context.store.audit.latest(size, search.accountId, before)
      if (page.length === 0) return null
      for (const record of page) {
        if (record.atMs < search.sinceMs || record.seq <= search.after) return null
        if (fits(record, search) && !take(record)) return record.seq + 1
        before = record.seq
        looked++
      }
    }
    return before ?? null
  }

  async #searchOf(
    principal: Principal,
    { account, program, kind, day, before, after = 0 }: Omit<PageWish, 'limit'>,
    names: Names,
  ): Promise<Search> {
    const context = this.#context
    if (kind !== undefined && !activityKinds.some((known) => known === kind))
      throw badField('kind', `A kind is one of: ${activityKinds.join(', ')}.`)
    const found = account === undefined ? undefined : await accountFor(context, principal, 'admin', account)
    const [sinceMs, untilMs] = day === undefined ? [0, undefined] : spanOf(day)
    const behind = untilMs === undefined ? undefined : (await context.store.audit.lastBefore(untilMs)) + 1
    const ends = [before, behind].filter((end) => end !== undefined)
    return {
      accountId: found?.id,
      keyIds: program === undefined ? undefined : keysCalled(program, names),
      kind,
      sinceMs,
      before: ends.length > 0 ? Math.min(...ends) : undefined,
      after,
    }
  }

  async #names(): Promise<Names> {
    const { keys, channels } = this.#context.store
    const [known, told] = [await keys.list(), await channels.list()]
    return {
      keys: new Map(known.records.map(({ id, name }) => [id, name])),
      channels: new Map(told.records.map(({ id, name }) => [id, name])),
    }
  }
}

function fits(record: AuditRecord, { keyIds, kind }: Search): boolean {
  const { actor, action } = record
  const isBy = keyIds === undefined || (actor.kind === 'key' && keyIds.has(actor.id))
  return isBy && (kind === undefined || kindOf(action) === kind)
}

/** The same for what is told in one entry. */
function nameOf({ atMs, actor, action, account, result, code }: AuditRecord): string {
  return JSON.stringify([istDayNumber(atMs), actor.kind, actor.id, action, account, result, code])
}

function keysCalled(program: string, { keys }: Names): ReadonlySet<string> {
  const ids = [...keys].flatMap(([id, name]) => (id === program || name === program ? [id] : []))
  if (ids.length > 0) return new Set(ids)
  throw new BhorError('not_found', 'There is no client key of this name.', {
    hint: 'bhor keys list shows them.',
  })
}

/** From the first moment of a day in India to that of the next. */
function spanOf(day: string): [number, number] {
  try {
    const date = Temporal.PlainDate.from(day)
    const startOf = (one: Temporal.PlainDate) => one.toZonedDateTime(istZone).epochMilliseconds
    if (date.toString() === day) return [startOf(date), startOf(date.add({ days: 1 }))]
  } catch {
    // no day
  }
  throw badField('day', 'A day is written as 2026-11-24.')
}

function badField(field: string, text: string): BhorError {
  return new BhorError('bad_field', text, { facts: { field } })
}

/** @param same the newest first */
function entryOf(same: readonly AuditRecord[], names: Names): ActivityEntry {
  const [last, first] = [same[0]!, same.at(-1)!]
  const times = same.reduce((sum, { detail }) => sum + (Number(detail?.times) || 1), 0)
  const since = times === 1 ? null : String(first.detail?.since ?? iso(first.atMs))
  const often = since === null ? '' : `, ${times} times since ${istTimeText(Temporal.Instant.from(since))}`
  const { mac: _mac, detail: _detail, text, ...row } = rowOf(last, names)
  return dataWithoutControls<ActivityEntry>({
    ...row,
    firstSeq: first.seq,
    times,
    since,
    kind: kindOf(last.action),
    text: `${text}${often}`,
  })
}

const columns = [
  'seq',
  'at',
  'who',
  'text',
  'actor',
  'action',
  'account',
  'result',
  'code',
  'detail',
  'mac',
] as const

function rowOf(record: AuditRecord, names: Names) {
  const { seq, atMs, actor, action, account = null, result, code = null, detail = {}, mac } = record
  return {
    seq,
    at: iso(atMs),
    who: whoOf(actor, names),
    text: sentenceOf(record, names),
    actor: actor.id ? `${actor.kind}:${actor.id}` : actor.kind,
    action,
    account,
    result,
    code,
    detail: { ...detail },
    mac,
  }
}

function cellOf(value: string | number | null | object): string | number | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
