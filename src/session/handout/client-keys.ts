import { hash } from 'node:crypto'
import { type AddKey, type KeyView, type Scope, scopes } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { newId, newToken } from '../../core/ids.ts'
import { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { change, entryOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkText } from '../ground/fields.ts'
import { amended, isGenuine, proven, stamped } from '../ground/records.ts'
import { type Principal, requireRight } from '../ground/rights.ts'
import { damagedKeyView, keyView } from './key-view.ts'

const keyPattern = /^bhor_[A-Za-z0-9_-]{43}$/
/** More than any household has; the others are looked up. */
const keptKeys = 1024
const dayMs = 24 * 60 * 60 * 1000

interface Known {
  readonly principal: Principal
  readonly endsAtMs: number
}

/** The secrets by which local programs talk to bhor: 256 random bits each, stored as SHA-256. */
export class ClientKeys {
  readonly #context: SessionContext
  /**
   * Valid keys by their text, since the last change: hashing one costs as much as all else about it. A look-up by
   * text gives its time away no more than one by hash: V8's maps compare texts only after their seeded hashes agree.
   */
  readonly #known = new Map<string, Known>()

  constructor(context: SessionContext) {
    this.#context = context
    context.feed.subscribe(() => this.#known.clear())
  }

  /** Who presents this key, where that can be said at once; a revoked or expired one is never known. */
  known(presented: string): Principal | undefined {
    const known = this.#known.get(presented)
    if (!known || known.endsAtMs <= this.#context.clock.nowMs()) return undefined
    return known.principal
  }

  /**
   * Who presents this key? Unknown, revoked and expired keys get one and the same answer; the audit tells them apart.
   *
   * @throws BhorError `key_malformed`, `key_invalid`
   */
  async authenticate(presented: string): Promise<Principal> {
    if (!keyPattern.test(presented))
      throw new BhorError('key_malformed', `This is not a client key (${presented.length} characters).`)
    const { feed, store, vault, clock } = this.#context
    const { version } = feed
    const record = await store.keys.byHash(hash('sha256', presented, 'hex'))
    if (!record) return this.#refuse('unknown', '')
    const { id, revokedAtMs, expiresAtMs } = proven(vault, 'client_keys', record)
    if (revokedAtMs !== null) return this.#refuse('revoked', id)
    if (expiresAtMs !== null && clock.nowMs() >= expiresAtMs) return this.#refuse('expired', id)
    const principal: Principal = {
      actor: { kind: 'key', id },
      rights: new Set(record.scopes as readonly Scope[]),
      accountIds: record.accountIds ? new Set(record.accountIds) : null,
    }
    // Other servers change a shared store without this one's knowing.
    const mayKeep = !store.isShared && version === feed.version && this.#known.size < keptKeys
    if (mayKeep) this.#known.set(presented, { principal, endsAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY })
    return principal
  }

  /** One damaged row does not hide the others; it says of itself that it is damaged. */
  async list(principal: Principal): Promise<KeyView[]> {
    requireRight(principal, 'admin', 'house')
    const { store, vault } = this.#context
    const { records, damaged } = await store.keys.list()
    const forged = records.filter((key) => !isGenuine(vault, 'client_keys', key))
    const sound = records.filter((key) => !forged.includes(key))
    const views = await Promise.all(sound.map((key) => keyView(this.#context, key)))
    return [...views, ...[...forged, ...damaged].map(damagedKeyView)]
  }

  /** @throws BhorError `bad_field`, `account_not_found` */
  async add(principal: Principal, input: AddKey): Promise<{ view: KeyView; key: Secret }> {
    requireRight(principal, 'admin', 'house')
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
    const key = new Secret(`bhor_${newToken(this.#context.random)}`)
    const nowMs = this.#context.clock.nowMs()
    const record = stamped(this.#context.vault, 'client_keys', {
      id: newId('key', this.#context.random),
      name: checkText('name', input.name, 60),
      hash: hash('sha256', key.reveal(), 'hex'),
      scopes: [...new Set<Scope>(input.scopes)],
      accountIds: input.accounts ? accounts.map((account) => account.id) : null,
      createdAtMs: nowMs,
      expiresAtMs: days === undefined ? null : nowMs + days * dayMs,
      revokedAtMs: null,
    })
    const detail = {
      key: record.id,
      scopes: record.scopes.join(','),
      accounts: input.accounts?.join(',') ?? '*',
    }
    await change(this.#context, async (c) => {
      const tx = c.tell({ actor: principal.actor, action: 'key.add', result: 'ok', detail })
      await tx.keys.insert(record)
    })
    return { view: await keyView(this.#context, record), key }
  }

  /**
   * A revoked key is refused from the next request on. A damaged one is deleted: revoking always works.
   *
   * @throws BhorError `key_not_found`
   */
  async revoke(principal: Principal, id: string): Promise<KeyView> {
    requireRight(principal, 'admin', 'house')
    const context = this.#context
    const told = { actor: principal.actor, action: 'key.revoke', result: 'ok' } as const
    return change(context, async (c) => {
      const { records, damaged } = await c.reads.keys.list()
      const record = records.find((key) => key.id === id)
      const isSound = record && isGenuine(context.vault, 'client_keys', record)
      const lost = isSound ? undefined : (record ?? damaged.find((key) => key.id === id))
      if (lost) {
        await c.tell({ ...told, detail: { key: id, damaged: true } }).keys.delete(id)
        return damagedKeyView(lost)
      }
      if (!record) throw new BhorError('key_not_found', 'There is no key with this id.')
      if (record.revokedAtMs !== null) return keyView(context, record)
      const revokedAtMs = context.clock.nowMs()
      const revoked = amended(context.vault, 'client_keys', record, { revokedAtMs })
      await c.tell({ ...told, detail: { key: id } }).keys.update(revoked)
      return keyView(context, revoked)
    })
  }

  async #refuse(why: string, id: string): Promise<never> {
    const actor = { kind: 'key', id } as const
    const refused = {
      action: 'key.refused',
      result: 'refused',
      code: 'key_invalid',
      detail: { why },
    } as const
    await this.#context.audit.record(entryOf(this.#context, { actor, ...refused }))
    throw new BhorError('key_invalid', 'This key is not valid.')
  }
}
