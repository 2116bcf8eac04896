import { createHash } from 'node:crypto'
import {
  type ActivityAccounts,
  type ActivityEntry,
  type ActivityExport,
  type ActivityPage,
  type ActivityWish,
  type AskActivityExport,
  activityKinds,
} from '../../contracts/activity.ts'
import type { AuditRecord } from '../../contracts/audit.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { csvOf } from '../../core/csv.ts'
import { BhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { istDateTime, istTimeText, istZone } from '../../core/ist.ts'
import { goneNames, recordedIds } from '../accounts/recorded.ts'
import type { Audit } from '../ground/audit.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Principal, requireFresh, requireRight } from '../ground/rights.ts'
import { Days, type Happened } from './days.ts'
import { kindOf, type Names, sentenceOf, whoOf } from './words.ts'

/** Records a read. */
const pageSize = 1_000
/** Whoever looks for something rare is answered with what was found so far, and where to go on. */
const mostLookedAt = 20_000

/** What is looked for, as the store can be asked. */
interface Search {
  readonly accountIds: readonly string[] | undefined
  readonly keyIds: ReadonlySet<string> | undefined
  readonly kind: string | undefined
  /** Records of this time or later. */
  readonly sinceMs: number
  /** Records with a smaller number. */
  readonly before: number | undefined
}

interface PageWish extends ActivityWish {
  readonly limit: number
  /** Only what happened last before this record. */
  readonly before?: number
  /** Only what happened last, or again, after this record. */
  readonly after?: number
  /** All as it stood when this was the last record. */
  readonly upTo?: number
}

/** The record as people read it: in words, with names, the same again and again in one entry. */
export class Activity {
  readonly #context: SessionContext
  readonly #audit: Audit
  readonly #days: Days

  constructor(context: SessionContext, audit: Audit) {
    this.#context = context
    this.#audit = audit
    this.#days = new Days(context.store)
  }

  /** @throws BhorError `scope_missing`, `account_not_found`, `not_found` for a program, `bad_field` */
  async page(principal: Principal, wish: PageWish): Promise<ActivityPage> {
    requireRight(principal, 'admin', 'house')
    const names = await this.#names()
    const { seq: head } = await this.#context.store.audit.head()
    const upTo = Math.min(wish.upTo ?? head, head)
    const search = await this.#searchOf(principal, wish, names)
    const { found, next } = await this.#happened(search, wish, upTo)
    const last = await this.#context.store.audit.those(found.map((one) => one.last))
    const records = new Map(last.map((record) => [record.seq, record]))
    const entries = found.flatMap((one) => {
      const record = records.get(one.last)
      return record ? [entryOf(record, one, names)] : []
    })
    return { entries, next, upTo }
  }

  /** The names of accounts that are gone and of which the record tells. @throws BhorError `scope_missing` */
  async accounts(principal: Principal): Promise<ActivityAccounts> {
    return { gone: await goneNames(this.#context, principal) }
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
    const next = await this.#look(
      await this.#searchOf(principal, wish, names),
      (record) => void records.push(record),
    )
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

  /** What happened, the newest first; each where it happened last. `next`: as in a page. */
  async #happened(
    search: Search,
    { limit, after = 0 }: PageWish,
    upTo: number,
  ): Promise<{ found: Happened[]; next: number | null }> {
    const { accountIds, sinceMs } = search
    const found: Happened[] = []
    let before = Math.min(search.before ?? Number.POSITIVE_INFINITY, upTo + 1)
    for (let looked = 0; before - 1 > after; ) {
      const at = await this.#days.at({ before, upTo, accountIds })
      if (at === undefined || at.day.startMs < sinceMs) break
      const { day, read } = at
      for (const one of day.happened(upTo, (series) => fits(series, search))) {
        if (one.last >= before) continue
        if (one.last <= after) break
        if (found.length === limit) return { found, next: one.last + 1 }
        found.push(one)
      }
      before = day.after + 1
      looked += read
      if (looked >= mostLookedAt) return { found, next: before > 1 ? before : null }
    }
    return { found, next: null }
  }

  /**
   * Reads backwards, and gives what fits to `take`.
   *
   * @returns where to go on; null where nothing is left
   */
  async #look(search: Search, take: (record: AuditRecord) => void): Promise<number | null> {
    let { before } = search
    for (let looked = 0; looked < mostLookedAt; ) {
      const page = await this.#context.store.audit.latest(pageSize, search.accountIds, before)
      if (page.length === 0) return null
      for (const record of page) {
        if (record.atMs < search.sinceMs) return null
        if (fits(record, search)) take(record)
        before = record.seq
        looked++
      }
    }
    return before ?? null
  }

  async #searchOf(
    principal: Principal,
    { account, program, kind, day, before }: Omit<PageWish, 'limit'>,
    names: Names,
  ): Promise<Search> {
    const context = this.#context
    if (kind !== undefined && !activityKinds.some((known) => known === kind))
      throw badField('kind', `A kind is one of: ${activityKinds.join(', ')}.`)
    const [sinceMs, untilMs] = day === undefined ? [0, undefined] : spanOf(day)
    const behind = untilMs === undefined ? undefined : (await context.store.audit.lastBefore(untilMs)) + 1
    const ends = [before, behind].filter((end) => end !== undefined)
    return {
      accountIds: account === undefined ? undefined : await recordedIds(context, principal, account),
      keyIds: program === undefined ? undefined : keysCalled(program, names),
      kind,
      sinceMs,
      before: ends.length > 0 ? Math.min(...ends) : undefined,
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

function fits({ actor, action }: Pick<AuditRecord, 'actor' | 'action'>, { keyIds, kind }: Search): boolean {
  const isBy = keyIds === undefined || (actor.kind === 'key' && keyIds.has(actor.id))
  return isBy && (kind === undefined || kindOf(action) === kind)
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

function entryOf(record: AuditRecord, { first, times, since }: Happened, names: Names): ActivityEntry {
  const often = times === 1 ? '' : `, ${times} times since ${istTimeText(Temporal.Instant.from(since))}`
  const { mac: _mac, detail: _detail, text, ...row } = rowOf(record, names)
  return dataWithoutControls<ActivityEntry>({
    ...row,
    firstSeq: first,
    times,
    since: times === 1 ? null : since,
    kind: kindOf(record.action),
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
