import { hash } from 'node:crypto'
import { type AddKey, type Scope, scopes } from '../contracts/api.ts'
import type { ClientKeyRecord, DamagedRow, Rows, StoreTransaction } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import { Secret } from '../core/secret.ts'
import { accountNamed } from './accounts.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { checkText } from './fields.ts'
import { amended, proven, stamped } from './records.ts'

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
    context.changes.subscribe(() => this.#known.clear())
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
    const { changes, store, vault, clock } = this.#context
    const version = changes.version
    const record = await store.keys.byHash(hash('sha256', presented, 'hex'))
    if (!record) return this.#refuse('unknown', '')
    const { id, revokedAtMs, expiresAtMs } = proven(vault, 'client_keys', record)
    if (revokedAtMs !== null) return this.#refuse('revoked', id)
    if (expiresAtMs !== null && clock.nowMs() >= expiresAtMs) return this.#refuse('expired', id)
    const principal: Principal = {
      actor: { kind: 'key', id },
      scopes: new Set(record.scopes),
      accountIds: record.accountIds ? new Set(record.accountIds) : null,
    }
    // Other servers change a shared store without this one's knowing.
    const mayKeep = !store.isShared && version === changes.version && this.#known.size < keptKeys
    if (mayKeep) this.#known.set(presented, { principal, endsAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY })
    return principal
  }

  /** One damaged row must not hide the other keys. */
  async list(): Promise<Rows<ClientKeyRecord>> {
    const stored = await this.#context.store.keys.list()
    const records: ClientKeyRecord[] = []
    const damaged: DamagedRow[] = [...stored.damaged]
    for (const record of stored.records) {
      try {
        records.push(proven(this.#context.vault, 'client_keys', record))
      } catch (error) {
        if (!isBhorError(error, 'store_damaged')) throw error
        damaged.push({ table: 'client_keys', id: record.id, name: record.name, error })
      }
    }
    return { records, damaged }
  }

  /** @throws BhorError `bad_field`, `account_not_found` */
  async add(principal: Principal, input: AddKey): Promise<{ record: ClientKeyRecord; key: Secret }> {
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
      (input.accounts ?? []).map((alias) => accountNamed(this.#context, alias, principal)),
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
    await this.#context.store.transaction(async (tx) => {
      await tx.keys.insert(record)
      const detail = {
        key: record.id,
        scopes: record.scopes.join(','),
        accounts: input.accounts?.join(',') ?? '*',
      }
      await this.#context.audit.within(tx, [
        entryOf(this.#context, principal.actor, undefined, { action: 'key.add', result: 'ok', detail }),
      ])
    })
    this.#context.changes.announce()
    return { record, key }
  }

  /**
   * A revoked key is refused from the next request on. Of a damaged one nothing is left, not even a record to give back.
   *
   * @throws BhorError `key_not_found`
   */
  async revoke(principal: Principal, id: string): Promise<ClientKeyRecord | undefined> {
    const revoked = await this.#context.store.transaction(async (tx) => {
      const record = await this.#soundKey(tx, id)
      if (record && record.revokedAtMs !== null) return record
      const revokedAtMs = this.#context.clock.nowMs()
      const updated = record && amended(this.#context.vault, 'client_keys', record, { revokedAtMs })
      if (updated) await tx.keys.update(updated)
      else await tx.keys.delete(id)
      await this.#context.audit.within(tx, [
        entryOf(this.#context, principal.actor, undefined, {
          action: 'key.revoke',
          result: 'ok',
          detail: { key: id },
        }),
      ])
      return updated
    })
    this.#context.changes.announce()
    return revoked
  }

  /** @throws BhorError `key_not_found` */
  async #soundKey(tx: StoreTransaction, id: string): Promise<ClientKeyRecord | undefined> {
    try {
      const record = await tx.keys.byId(id)
      if (!record) throw new BhorError('key_not_found', 'There is no key with this id.')
      return proven(this.#context.vault, 'client_keys', record)
    } catch (error) {
      if (isBhorError(error, 'store_damaged')) return undefined
      throw error
    }
  }

  async #refuse(why: string, id: string): Promise<never> {
    const actor = { kind: 'key', id } as const
    await this.#context.audit.record(
      entryOf(this.#context, actor, undefined, {
        action: 'key.refused',
        result: 'refused',
        code: 'key_invalid',
        detail: { why },
      }),
    )
    throw new BhorError('key_invalid', 'This key is not valid.')
  }
}
