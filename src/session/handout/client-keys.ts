import { hash } from 'node:crypto'
import { type AddKey, type KeyRevoked, type KeyView, type Scope, scopes } from '../../contracts/api.ts'
import type { AccountRecord, ClientKeyRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { newId, newToken } from '../../core/ids.ts'
import { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { change, type Event, type EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkText } from '../ground/fields.ts'
import { amended, isGenuine, proven, stamped } from '../ground/records.ts'
import { hasRight, type Principal, requireFresh, requireRight } from '../ground/rights.ts'
import { refuseRolledBack } from '../ground/rollback.ts'
import { KeyProofs } from './key-proofs.ts'
import { damagedKeyView, keyFacts, keyView, noKeyFacts } from './key-view.ts'

const keyPattern = /^bhor_[A-Za-z0-9_-]{43}$/
/** More than any household has; the others are looked up. */
const keptKeys = 1024
const dayMs = 24 * 60 * 60 * 1000

/** What a program that was given a session does with bhor: asks for the next one, and follows how things stand. */
const rightsOfRuns = ['status', 'read-token'] as const satisfies readonly Scope[]

interface Known {
  readonly principal: Principal
  readonly endsAtMs: number
}

/** A key that shall be made, everything checked but what its maker is at that moment. */
interface KeyWish {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Null for all. */
  readonly accounts: readonly AccountRecord[] | null
  readonly endOf: (maker: ClientKeyRecord | undefined) => number | null
  readonly heldBy: string | null
}

/** The secrets by which local programs talk to bhor: 256 random bits each, stored as SHA-256. */
export class ClientKeys {
  readonly #context: SessionContext
  /**
   * Valid keys by their text, since the last change: hashing one costs as much as all else about it. A look-up by
   * text gives its time away no more than one by hash: V8's maps compare texts only after their seeded hashes agree.
   */
  readonly #known = new Map<string, Known>()
  readonly #proofs: KeyProofs

  constructor(context: SessionContext) {
    this.#context = context
    this.#proofs = new KeyProofs(context)
    context.feed.subscribe(() => this.#known.clear())
  }

  /** Who presents this key, where that can be said at once; a revoked or expired one is never known. */
  known(presented: string): Principal | undefined {
    // Other servers change a shared store without this one's knowing.
    return this.#context.store.isShared ? undefined : this.#principalOf(presented)
  }

  /** As {@link ClientKeys.known}; where another server may have changed that since, to be confirmed. */
  remembered(presented: string): Principal | undefined {
    return this.#principalOf(presented)
  }

  #principalOf(presented: string): Principal | undefined {
    const known = this.#known.get(presented)
    if (!known || known.endsAtMs <= this.#context.clock.nowMs()) return undefined
    return known.principal
  }

  /**
   * Who presents this key? Unknown, revoked and expired keys get one and the same answer; the audit tells them apart.
   *
   * @throws BhorError `key_malformed`, `key_invalid`, `store_rolled_back`
   */
  async authenticate(presented: string): Promise<Principal> {
    if (!keyPattern.test(presented))
      throw new BhorError('key_malformed', `This is not a client key (${presented.length} characters).`)
    const { feed, store, clock } = this.#context
    const { version } = feed
    const record = await this.#recordOf(presented)
    // It may have been revoked in what the store has lost.
    refuseRolledBack(this.#context)
    if (!record) return this.#refuse('unknown', '')
    const { id, revokedAtMs, expiresAtMs } = record
    if (revokedAtMs !== null) return this.#refuse('revoked', id)
    if (expiresAtMs !== null && clock.nowMs() >= expiresAtMs) return this.#refuse('expired', id)
    const principal: Principal = {
      actor: { kind: 'key', id },
      rights: new Set(record.scopes as readonly Scope[]),
      accountIds: record.accountIds ? new Set(record.accountIds) : null,
    }
    if (version === feed.version && this.#known.size < keptKeys) {
      const kept = store.isShared ? { ...principal, confirm: () => this.authenticate(presented) } : principal
      this.#known.set(presented, { principal: kept, endsAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY })
    }
    return principal
  }

  /** See {@link KeyProofs.prove}. Anybody may ask. */
  prove(key: string, nonce: string, origin: string): Promise<string> {
    return this.#proofs.prove(key, nonce, origin)
  }

  /**
   * Until when somebody who was let in may stay, as things stand now; for ever without a key.
   *
   * @throws BhorError `key_invalid` once the key was revoked or has expired; `store_rolled_back`
   */
  async endOf({ actor }: Principal): Promise<number> {
    if (actor.kind !== 'key') return Number.POSITIVE_INFINITY
    const { store, vault, clock } = this.#context
    const record = await store.keys.byId(actor.id)
    refuseRolledBack(this.#context)
    const key = record && proven(vault, 'client_keys', record)
    const endsAtMs = key?.expiresAtMs ?? Number.POSITIVE_INFINITY
    if (key && key.revokedAtMs === null && clock.nowMs() < endsAtMs) return endsAtMs
    throw new BhorError('key_invalid', 'This key was revoked or has expired.')
  }

  /** One damaged row does not hide the others; it says of itself that it is damaged. */
  async list(principal: Principal): Promise<KeyView[]> {
    requireRight(principal, 'admin', 'house')
    const { store, vault } = this.#context
    const { records, damaged } = await store.keys.list()
    const forged = records.filter((key) => !isGenuine(vault, 'client_keys', key))
    const sound = records.filter((key) => !forged.includes(key))
    const facts = await keyFacts(this.#context)
    return [...sound.map((key) => keyView(key, facts)), ...[...forged, ...damaged].map(damagedKeyView)]
  }

  /** @throws BhorError `bad_field`, `account_not_found`, `already_exists` for the name of a key that counts */
  async add(principal: Principal, input: AddKey): Promise<{ view: KeyView; key: Secret }> {
    requireRight(principal, 'admin', 'house')
    requireFresh(this.#context, principal, 'key.add')
    const wrong = input.scopes.find((scope) => !scopes.includes(scope))
    if (wrong !== undefined || input.scopes.length === 0) {
      throw new BhorError('bad_field', `A key needs scopes out of ${scopes.join(', ')}.`, {
        facts: { field: 'scopes' },
      })
    }
    const days = input.expiresInDays
    if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 3650)) {
      throw new BhorError('bad_field', 'A key lasts 1 to 3650 whole days.', {
        facts: { field: 'expiresInDays' },
      })
    }
    const accounts = await Promise.all(
      (input.accounts ?? []).map((alias) => accountFor(this.#context, principal, 'admin', alias)),
    )
    const context = this.#context
    const nowMs = context.clock.nowMs()
    const { record, key } = await this.#make(principal, {
      name: checkText('name', input.name, 60),
      scopes: [...new Set<Scope>(input.scopes)],
      accounts: input.accounts ? accounts : null,
      endOf: (maker) => endOf(maker, days === undefined ? null : nowMs + days * dayMs),
      heldBy: null,
    })
    return { view: keyView(record, await keyFacts(context)), key }
  }

  /**
   * A key for one run of a program; see `run-keys.ts`, which ends it. It may no more than whoever makes it.
   *
   * @throws BhorError `bad_field`
   */
  async addForRun(
    principal: Principal,
    account: AccountRecord,
    run: { readonly name: string; readonly heldBy: string; readonly endsAtMs: number },
  ): Promise<{ record: ClientKeyRecord; key: Secret }> {
    requireRight(principal, 'read-token', account)
    requireFresh(this.#context, principal, 'key.add')
    return this.#make(principal, {
      name: checkText('name', run.name, 60),
      scopes: rightsOfRuns.filter((right) => hasRight(principal, right, account)),
      accounts: [account],
      endOf: (maker) => Math.min(run.endsAtMs, maker?.expiresAtMs ?? Number.POSITIVE_INFINITY),
      heldBy: run.heldBy,
    })
  }

  async #make(principal: Principal, wish: KeyWish): Promise<{ record: ClientKeyRecord; key: Secret }> {
    const context = this.#context
    const { name, scopes, accounts, heldBy } = wish
    await context.rateLimits.spend(principal, 'key')
    const key = new Secret(`bhor_${newToken(context.random)}`)
    const draft = {
      id: newId('key', context.random),
      name,
      hash: hash('sha256', key.reveal(), 'hex'),
      scopes,
      accountIds: accounts ? accounts.map((account) => account.id) : null,
      createdAtMs: context.clock.nowMs(),
      revokedAtMs: null,
      heldBy,
    }
    const detail = {
      key: draft.id,
      scopes: scopes.join(','),
      accounts: accounts?.map((account) => account.alias).join(',') ?? '*',
      ...(heldBy === null ? {} : { run: true }),
    }
    const record = await change(context, async (c) => {
      const maker = await makerOf(context, principal, c.reads)
      if (heldBy === null) await refuseTaken(context, name, c.reads)
      const [expiresAtMs, madeBy] = [wish.endOf(maker), maker?.id ?? null]
      const made = stamped(context.vault, 'client_keys', { ...draft, expiresAtMs, madeBy })
      await c.tell({ actor: principal.actor, action: 'key.add', result: 'ok', detail }).keys.insert(made)
      return made
    })
    return { record, key }
  }

  /**
   * A revoked key is refused from the next request on, and so are those that it made, unless they are to be kept:
   * whoever held it holds them too. A damaged one is deleted: revoking always works.
   *
   * @throws BhorError `key_not_found`
   */
  async revoke(
    principal: Principal,
    id: string,
    { keepsMade = false, why = {} }: { keepsMade?: boolean; why?: EventDetail } = {},
  ): Promise<KeyRevoked> {
    requireRight(principal, 'admin', 'house')
    const context = this.#context
    await context.rateLimits.spend(principal, 'key')
    // Revoking always works, whatever can be said of the key.
    const facts = await keyFacts(context).catch(() => noKeyFacts)
    const { revoked, also } = await change(context, async (c) => {
      const { records, damaged } = await c.reads.keys.list()
      const known = [...records, ...damaged].find((key) => key.id === id)
      if (!known) throw new BhorError('key_not_found', 'There is no key with this id.')
      const revokedAtMs = context.clock.nowMs()
      const end = async (key: ClientKeyRecord, why: EventDetail = {}): Promise<ClientKeyRecord> => {
        const isNew = key.revokedAtMs === null
        const revoked = isNew ? amended(context.vault, 'client_keys', key, { revokedAtMs }) : key
        if (isNew) await c.tell(told({ key: key.id, ...why })).keys.update(revoked)
        return revoked
      }
      const told = (detail: NonNullable<Event['detail']>) =>
        ({ actor: principal.actor, action: 'key.revoke', result: 'ok', detail }) as const
      const isSound = (key: ClientKeyRecord) => isGenuine(context.vault, 'client_keys', key)
      const record = records.find((key) => key.id === id && isSound(key))
      if (!record) await c.tell(told({ key: id, damaged: true })).keys.delete(id)
      const also: ClientKeyRecord[] = []
      const revoked = record ? await end(record, why) : known
      for (const key of keepsMade ? [] : madeByOrThrough(id, records))
        if (key.revokedAtMs === null && isSound(key)) also.push(await end(key, { with: id }))
      return { revoked, also }
    })
    return {
      ...('hash' in revoked ? keyView(revoked, facts) : damagedKeyView(revoked)),
      alsoRevoked: also.map((key) => keyView(key, facts)),
    }
  }

  /** @throws BhorError `store_damaged` */
  async #recordOf(presented: string): Promise<ClientKeyRecord | undefined> {
    const { store, vault } = this.#context
    try {
      const record = await store.keys.byHash(hash('sha256', presented, 'hex'))
      return record && proven(vault, 'client_keys', record)
    } catch (error) {
      if (isBhorError(error, 'store_damaged'))
        await this.#recordRefusal('damaged', String(error.facts.row ?? ''), error.code)
      throw error
    }
  }

  async #refuse(why: string, id: string): Promise<never> {
    await this.#recordRefusal(why, id, 'key_invalid')
    throw new BhorError('key_invalid', 'This key is not valid.')
  }
  #recordRefusal(why: string, id: string, code: ErrorCode): Promise<void> {
    const actor = { kind: 'key', id } as const
    return this.#context.refusals.record({
      actor,
      action: 'key.refused',
      result: 'refused',
      code,
      detail: { why },
    })
  }
}

/** The key that makes another one, as it is now; undefined where a person does. @throws BhorError `key_invalid` */
async function makerOf(
  { vault, clock }: SessionContext,
  { actor }: Principal,
  reads: StoreReads,
): Promise<ClientKeyRecord | undefined> {
  if (actor.kind !== 'key') return undefined
  const stored = await reads.keys.byId(actor.id)
  const maker = stored && proven(vault, 'client_keys', stored)
  // It may have been revoked since it was let in: what it makes now nobody would revoke with it.
  const isLive =
    maker?.revokedAtMs === null && clock.nowMs() < (maker.expiresAtMs ?? Number.POSITIVE_INFINITY)
  if (!isLive) throw new BhorError('key_invalid', 'This key is not valid.')
  return maker
}

/**
 * Of two keys of one name nobody could tell which program is which. One that is over leaves its name to the next; those of
 * runs are named by what they run.
 *
 * @throws BhorError `already_exists`
 */
async function refuseTaken({ clock }: SessionContext, name: string, reads: StoreReads): Promise<void> {
  const { records } = await reads.keys.list()
  const counts = ({ revokedAtMs, expiresAtMs, heldBy }: ClientKeyRecord) =>
    heldBy === null && revokedAtMs === null && (expiresAtMs === null || clock.nowMs() < expiresAtMs)
  if (!records.some((key) => key.name === name && counts(key))) return
  throw new BhorError('already_exists', `There is a key ${name} already.`, {
    hint: 'Give this one another name, or revoke the other one first.',
    facts: { field: 'name' },
  })
}

/** No key outlives the one that made it. @throws BhorError `bad_field` */
function endOf(maker: ClientKeyRecord | undefined, askedMs: number | null): number | null {
  const latestMs = maker?.expiresAtMs ?? null
  if (latestMs === null || askedMs === null) return askedMs ?? latestMs
  if (askedMs <= latestMs) return askedMs
  throw new BhorError('bad_field', 'A key ends no later than the key that makes it.', {
    hint: 'Ask for fewer days, or let a person make it.',
    facts: { field: 'expiresInDays' },
  })
}

/** What a key has made, and what that has made. */
export function madeByOrThrough(id: string, all: readonly ClientKeyRecord[]): ClientKeyRecord[] {
  const madeBy = Map.groupBy(all, (key) => key.madeBy)
  const found = new Set<ClientKeyRecord>()
  let makers = [id]
  while (makers.length > 0) {
    const made = makers
      .flatMap((maker) => madeBy.get(maker) ?? [])
      .filter((key) => key.id !== id && !found.has(key))
    for (const key of made) found.add(key)
    makers = made.map((key) => key.id)
  }
  return [...found]
}
