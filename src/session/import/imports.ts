import type { ImportFiles, ImportPlan } from '../../contracts/imports.ts'
import type { MirrorFormat, MirrorRecord } from '../../contracts/mirrors.ts'
import type { SessionRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { printable } from '../../core/redact.ts'
import { replacesOf, storeApp } from '../accounts/accounts.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed, refuseSealedIn } from '../gate/seal.ts'
import { type Change, change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { stamped } from '../ground/records.ts'
import {
  type Principal,
  requireFresh,
  requireOperator,
  requirePerson,
  requireRight,
} from '../ground/rights.ts'
import { draftOf } from '../login/commit.ts'
import { variablesOf } from '../mirrors/content.ts'
import { mirrorFilesOf } from '../mirrors/files.ts'
import { tokenHash } from '../mirrors/token.ts'
import { about } from '../mirrors/write.ts'
import { readFiles } from './files.ts'
import type { Found } from './found.ts'
import { mayBeSecret, type Planned, planOne, refuseDuplicates } from './plan.ts'
import { appOfPlanned, replacements } from './replaced.ts'

/** More than any household has. */
const mostAccounts = 200
const dayMs = 24 * 60 * 60_000

/** What people have already, in the files of other programs. */
export class Imports {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /**
   * Plans, and with `apply` does it: all of it in one unit of work, or nothing.
   *
   * @param brokerIds every broker that bhor knows
   * @throws BhorError `import_invalid`, `already_exists`, `broker_not_found`, `wrong_user`, `bad_…`, `sealed`, `broker_…`
   *   where a token is to be stored of which nobody can say whether it lives
   */
  async run(principal: Principal, brokerIds: readonly string[], input: ImportFiles): Promise<ImportPlan> {
    const context = this.#context
    requireRight(principal, 'admin', 'house')
    requirePerson(principal)
    requireFresh(context, principal, 'account.secrets')
    if (input.mirror) requireFresh(context, principal, 'mirrors.change')
    if (input.apiSecret?.includes(':')) requireOperator(principal)
    refuseSealed(await theHouseOf(context))
    const brokers = await Promise.all(brokerIds.map((id) => context.broker(id)))
    const { found, ignored } = readFiles(input.files, brokers, input.broker)
    refuseCount(found, input)
    const planned: Planned[] = []
    // One after the other: a broker is not asked for all of them at once.
    for (const one of found)
      planned.push(await planOne(context, one, { brokers, input, isAlone: found.length === 1 }))
    await refuseDuplicates(context, context.store, planned)
    const mirrors = input.mirror ? await this.#mirrorsFor(planned, input) : new Map<Planned, MirrorRecord>()
    const replaced = await replacements(context, principal, context.store, planned)
    if (input.apply) await this.#apply(principal, planned, mirrors, input)
    return {
      applied: input.apply === true,
      accounts: planned.map((one) => ({
        ...one.view,
        mirror: mirrors.get(one)?.path ?? null,
        notes: [...one.view.notes, ...noteOfReplaced(replaced.get(one), input)],
      })),
      ignored: ignored.map((name) => printable(name, 60)),
    }
  }

  async #apply(
    principal: Principal,
    planned: readonly Planned[],
    mirrors: ReadonlyMap<Planned, MirrorRecord>,
    input: ImportFiles,
  ): Promise<void> {
    const context = this.#context
    const unanswered = planned.find(({ asked }) => asked?.state === 'unknown')?.asked
    if (unanswered?.state === 'unknown') throw unanswered.error
    await change(context, async (c) => {
      await refuseSealedIn(context, c.reads)
      await refuseDuplicates(context, c.reads, planned)
      if (!input.replaceSecret) refuseReplaced(await replacements(context, principal, c.reads, planned))
      for (const one of planned) await this.#store(principal, c, one, mirrors.get(one))
    })
  }

  async #store(
    principal: Principal,
    c: Change,
    planned: Planned,
    mirror: MirrorRecord | undefined,
  ): Promise<void> {
    const context = this.#context
    const { broker, draft, asked, found } = planned
    const { actor } = principal
    const session = this.#sessionOf(planned)
    const app = await appOfPlanned(context, principal, c.reads, planned)
    const nowMs = context.clock.nowMs()
    const { mac: _, ...unstamped } = draft
    const account = stamped(context.vault, 'accounts', {
      ...unstamped,
      appId: app.app.id,
      generation: session ? 1 : 0,
      lastProbe: asked?.state === 'live' ? { atMs: nowMs, verdict: 'valid', code: 'ok' } : null,
    })
    const detail = { broker: broker.id, kind: account.kind, source: found.source, ...replacesOf(app) }
    const tx = c.tell({ actor, action: 'account.add', result: 'ok', account, detail })
    await storeApp(tx, app)
    await tx.accounts.insert(account)
    if (session?.status === 'active') {
      const kinds = Object.keys(planned.grant?.tokens ?? {})
        .sort()
        .join(',')
      const started = {
        generation: 1,
        broker: broker.id,
        user: session.userId,
        kinds,
        startedBy: 'import',
      } as const
      c.tell({ actor, action: 'session.start', result: 'ok', account, detail: started })
    }
    if (session) await tx.sessions.insert(session)
    if (!mirror) return
    const added = c.tell({ actor, action: 'mirror.add', result: 'ok', account, detail: about(mirror) })
    await added.mirrors.insert(mirror)
  }

  /** A live one; or one that has run out and is renewed by what came with it. */
  #sessionOf({ broker, draft, grant, asked }: Planned): SessionRecord | undefined {
    if (!grant || !asked) return undefined
    const context = this.#context
    const { vault, clock } = context
    const from = { line: { broker }, startedBy: 'import' } as const
    const own = { accountId: draft.id, generation: 1, unconfirmed: '' } as const
    if (asked.state === 'live')
      return stamped(vault, 'sessions', {
        ...draftOf(context, { ...from, grant, verified: asked.verified }, 1),
        ...own,
      })
    const verified = { userId: draft.userId, profile: undefined, verdict: 'unknown' } as const
    const grantedAt = Temporal.Instant.fromEpochMilliseconds(clock.nowMs() - dayMs)
    const ended = { status: 'ended', endReason: 'expired', endedAtMs: clock.nowMs() } as const
    const past = draftOf(context, { ...from, grant: { ...grant, grantedAt }, verified }, 1)
    return stamped(vault, 'sessions', { ...past, ...own, ...ended })
  }

  async #mirrorsFor(planned: readonly Planned[], input: ImportFiles): Promise<Map<Planned, MirrorRecord>> {
    const context = this.#context
    const mirrors = new Map<Planned, MirrorRecord>()
    for (const one of planned) {
      const { found, draft, asked, view } = one
      const format = formatOf(found)
      if (format === undefined || mirrors.size > 0)
        throw new BhorError('mirror_invalid', 'Only a file of one account is kept in step.', {
          hint: 'Import without --mirror, then add what you need: bhor mirrors add.',
        })
      const place = { path: found.path, format, template: '', isInPlace: false }
      await mirrorFilesOf(context).check(place, variablesOf(one.broker))
      const token = found.fields.accessToken?.value
      const isThere = asked?.state === 'live'
      // A dead one that the file calls a secret may be the secret, unless it came with a refresh token.
      const isToken = isThere || view.token === 'renewable' || !mayBeSecret(found, input)
      const record = stamped(context.vault, 'mirrors', {
        ...place,
        id: newId('mir', context.random),
        accountId: draft.id,
        generation: isThere ? 1 : 0,
        // What stands there was imported, or is dead: it may be written over.
        known: token !== undefined && isToken ? [tokenHash(context, token)] : [],
        writtenAtMs: isThere ? context.clock.nowMs() : null,
        fault: null,
        createdAtMs: context.clock.nowMs(),
      })
      mirrors.set(one, record)
    }
    return mirrors
  }
}

/** Undefined for one account of several: each format keeps a file of its own. */
function formatOf({ fields, source, isWholeFile }: Found): MirrorFormat | undefined {
  if (!isWholeFile) return undefined
  const from = fields.accessToken?.from
  if (from === 'api_secret') return 'broker-config'
  if (from === 'access_token' && source.includes('token')) return 'hft'
  return source === '.env' ? 'env' : undefined
}

function noteOfReplaced(sharers: readonly string[] | undefined, { replaceSecret }: ImportFiles): string[] {
  if (!sharers) return []
  const names = sharers.join(', ')
  return [
    replaceSecret
      ? `The secret of its app is replaced, also for ${names}.`
      : `Its app is known with another secret, that of ${names}. To replace that one: --replace.`,
  ]
}

function refuseReplaced(replaced: ReadonlyMap<Planned, readonly string[]>): void {
  const [first] = replaced
  if (!first) return
  const [{ draft }, sharers] = first
  throw new BhorError(
    'import_invalid',
    `The app of ${draft.alias} is known with another secret, that of ${sharers.join(', ')}.`,
    { hint: 'If the one in the file is right, replace the other: --replace.' },
  )
}

function refuseCount(found: readonly Found[], { account }: ImportFiles): void {
  if (found.length === 0)
    throw new BhorError('import_invalid', 'No account was found in it.', {
      hint: 'docs/imports.md says which files bhor reads.',
    })
  if (found.length > mostAccounts)
    throw new BhorError(
      'import_invalid',
      `These are ${found.length} accounts; at most ${mostAccounts} are imported at once.`,
    )
  if (account !== undefined && found.length > 1)
    throw new BhorError('import_invalid', `These are ${found.length} accounts, and one name was given.`, {
      hint: 'Leave --account out: the files name them, or their persons do.',
    })
}
