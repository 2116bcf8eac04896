import {
  type AddMirror,
  type MirrorPlace,
  type MirrorRecord,
  type MirrorView,
  mirrorFormats,
  type SyncMirror,
} from '../../contracts/mirrors.ts'
import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { accountFor } from '../accounts/account.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed } from '../gate/seal.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, isGenuine, proven, soundOf, stamped } from '../ground/records.ts'
import { keeper, type Principal, requireFresh, requirePerson, requireRight } from '../ground/rights.ts'
import { latestSessionOf } from '../life/live.ts'
import { isBehind } from './behind.ts'
import { variablesOf } from './content.ts'
import { mirrorFilesOf } from './files.ts'
import { takeToken } from './take.ts'
import { mayBeReplaced, mostKnown, tokenHash } from './token.ts'
import { damagedMirrorView, mirrorView, pathOf } from './view.ts'
import { about, mirrorNow, settleMirror } from './write.ts'

/** More than any household has; each is looked at every minute. */
const mostMirrors = 200
/** What a look found is in the mirror's row, and the keeper tries again. */
const toldAlready: readonly string[] = [
  'mirror_conflict',
  'mirror_unwritable',
  'mirror_not_found',
  'sealed',
  'gate_closed',
  'generation_conflict',
]

/** Files that are kept in step with the sessions of accounts. */
export class Mirrors {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** One damaged row does not hide the others; it says of itself that it is damaged. */
  async list(principal: Principal): Promise<MirrorView[]> {
    requireRight(principal, 'admin', 'house')
    const { vault, store } = this.#context
    const { records, damaged } = await store.mirrors.list()
    const sound = records.filter((record) => isGenuine(vault, 'mirrors', record))
    const forged = records.filter((record) => !sound.includes(record))
    const views = await Promise.all(sound.map((record) => this.#view(record)))
    return [...views, ...[...forged, ...damaged.map(pathOf)].map(damagedMirrorView)]
  }

  /**
   * From now on the file is written after every new session, and now where there is one. A token that stands in it
   * already is left alone: the view says so.
   *
   * @throws BhorError `mirror_invalid`, `already_exists`, `account_not_found`, `sealed`
   */
  async add(principal: Principal, input: AddMirror): Promise<MirrorView> {
    const context = this.#context
    requireMayChange(context, principal)
    const account = await accountFor(context, principal, 'admin', input.account)
    refuseSealed(await theHouseOf(context))
    const broker = await context.broker(account.broker)
    const { handsOut, name } = broker
    if (handsOut === 'proxy only')
      throw new BhorError(
        'proxy_only',
        `Every request to ${name} is signed on its own; a file cannot do that.`,
      )
    const place = placeOf(input)
    await mirrorFilesOf(context).check(place, variablesOf(broker))
    const mirror = stamped(context.vault, 'mirrors', {
      id: newId('mir', context.random),
      accountId: account.id,
      ...place,
      generation: 0,
      known: [],
      writtenAtMs: null,
      fault: null,
      createdAtMs: context.clock.nowMs(),
    })
    await change(context, async (c) => {
      const { records, damaged } = await c.reads.mirrors.list()
      if (records.length + damaged.length >= mostMirrors)
        throw new BhorError('mirror_invalid', `There are ${mostMirrors} mirrors already.`, {
          hint: 'Remove one: bhor mirrors remove.',
        })
      const { actor } = principal
      const tx = c.tell({ actor, action: 'mirror.add', result: 'ok', account, detail: about(mirror) })
      await tx.mirrors.insert(mirror)
    })
    return this.#afterLook(account, mirror)
  }

  /** The file stays as it is. @throws BhorError `mirror_not_found` */
  async remove(principal: Principal, id: string): Promise<void> {
    const context = this.#context
    requireRight(principal, 'admin', 'house')
    requireMayChange(context, principal)
    await change(context, async (c) => {
      const { records, damaged } = await c.reads.mirrors.list()
      const found = [...records, ...damaged.map(pathOf)].find((row) => row.id === id)
      if (!found) throw new BhorError('mirror_not_found')
      const mirror = records.find((row) => row.id === id)
      const account = mirror && (await c.reads.accounts.byId(mirror.accountId).catch(() => undefined))
      const detail = { mirror: id, path: found.path }
      await c
        .tell({ actor: principal.actor, action: 'mirror.remove', result: 'ok', account, detail })
        .mirrors.delete(id)
    })
  }

  /**
   * Brings the file up to date now. With `foreign` also where it holds a token that bhor did not write: *take* makes it the
   * account's session if the broker says that it is; *overwrite* gives it up.
   *
   * @throws BhorError `mirror_conflict`, `mirror_unwritable`, `mirror_not_found`, `sealed`, as {@link takeToken}
   */
  async sync(principal: Principal, id: string, { foreign }: SyncMirror = {}): Promise<MirrorView> {
    const context = this.#context
    requireRight(principal, 'admin', 'house')
    requireMayChange(context, principal)
    refuseSealed(await theHouseOf(context))
    const mirror = await mirrorNow(context, context.store, { id })
    const account = await this.#accountOf(mirror)
    const variables = variablesOf(await context.broker(account.broker))
    const found = await mirrorFilesOf(context).tokensIn(mirror, variables)
    if (found && !mayBeReplaced(context, mirror, found.access.reveal())) {
      if (foreign === 'take') await takeToken(context, principal, account, mirror, found)
      if (foreign === 'overwrite') await this.#giveUp(principal, account, mirror, found.access.reveal())
    }
    const now = await mirrorNow(context, context.store, { id })
    await settleMirror(context, principal.actor, await this.#accountOf(mirror), now)
    return this.#view(await mirrorNow(context, context.store, { id }))
  }

  /** Each minute: files that somebody has changed or taken away. What is due without that is the keeper's. */
  async look(isStopped: () => boolean = () => false): Promise<void> {
    const context = this.#context
    if (!context.mirrorFiles || context.store.rollback()) return
    for (const mirror of soundOf(context.vault, 'mirrors', await context.store.mirrors.list())) {
      if (isStopped()) return
      const account = await this.#accountOf(mirror).catch(() => undefined)
      const session = account && (await latestSessionOf(context, account).catch(() => undefined))
      // What waits is due, and somebody has the lease.
      if (!account || (session && isBehind(mirror, session))) continue
      await settleMirror(context, keeper.actor, account, mirror).catch((error: unknown) => {
        if (!isBhorError(error) || !toldAlready.includes(error.code)) throw error
      })
    }
  }

  /** What stands there may be written over. */
  async #giveUp({ actor }: Principal, account: AccountRecord, mirror: MirrorRecord, token: string) {
    const context = this.#context
    await change(context, async (c) => {
      const now = await mirrorNow(context, c.reads, mirror)
      const known = [tokenHash(context, token), ...now.known].slice(0, mostKnown)
      const detail = { ...about(mirror), overwrites: true }
      const tx = c.tell({ actor, action: 'mirror.check', result: 'ok', account, detail })
      await tx.mirrors.update(amended(context.vault, 'mirrors', now, { known, fault: null }))
    })
  }

  /** As it stands once somebody has looked at the file; that it could not be written is said by the view. */
  async #afterLook(account: AccountRecord, mirror: MirrorRecord): Promise<MirrorView> {
    const context = this.#context
    await settleMirror(context, keeper.actor, account, mirror).catch((error: unknown) => {
      if (!isBhorError(error)) throw error
    })
    return this.#view(await mirrorNow(context, context.store, mirror))
  }

  async #accountOf({ accountId }: MirrorRecord, reads: StoreReads = this.#context.store) {
    const account = await reads.accounts.byId(accountId)
    if (account) return proven(this.#context.vault, 'accounts', account)
    throw new BhorError('account_not_found')
  }

  async #view(mirror: MirrorRecord): Promise<MirrorView> {
    const account = await this.#accountOf(mirror).catch(() => undefined)
    return account ? mirrorView(mirror, account) : damagedMirrorView(mirror)
  }
}

/** A file outlives every confirmation, and whoever can read it has the session. */
function requireMayChange(context: SessionContext, principal: Principal): void {
  requirePerson(principal)
  requireFresh(context, principal, 'mirrors.change')
}

function placeOf({ path, format, template = '', inPlace = false }: AddMirror): MirrorPlace {
  if (!mirrorFormats.includes(format))
    throw new BhorError('mirror_invalid', 'There is no such format of a mirror.', {
      hint: `The formats: ${mirrorFormats.join(', ')}.`,
      facts: { field: 'format' },
    })
  if ((format === 'json') !== (template !== ''))
    throw new BhorError(
      'mirror_invalid',
      format === 'json' ? 'A mirror of the format json needs a template.' : `${format} takes no template.`,
      { hint: 'Give it with --template FILE; docs/mirrors.md shows one.', facts: { field: 'template' } },
    )
  return { path, format, template, isInPlace: inPlace }
}
