import { hash } from 'node:crypto';
import { scopes } from '../contracts/api.js';
import { BhorError } from '../core/errors.js';
import { newId, newToken } from '../core/ids.js';
import { Secret } from '../core/secret.js';
import { accountNamed } from './accounts.js';
import { entryOf } from './context.js';
import { checkText } from './fields.js';
import { amended, proven, stamped } from './records.js';
const keyPattern = /^bhor_[A-Za-z0-9_-]{43}$/;
/** More than any household has; the others are looked up. */
const keptKeys = 1024;
const dayMs = 24 * 60 * 60 * 1000;
/** The secrets by which local programs talk to bhor: 256 random bits each, stored as SHA-256. */
export class ClientKeys {
    #context;
    /**
     * Valid keys by their text, since the last change: hashing one costs as much as all else about it. A look-up by
     * text gives its time away no more than one by hash: V8's maps compare texts only after their seeded hashes agree.
     */
    #known = new Map();
    constructor(context) {
        this.#context = context;
        context.changes.subscribe(() => this.#known.clear());
    }
    /** Who presents this key, where that can be said at once; a revoked or expired one is never known. */
    known(presented) {
        const known = this.#known.get(presented);
        if (!known || known.endsAtMs <= this.#context.clock.nowMs())
            return undefined;
        return known.principal;
    }
    /**
     * Who presents this key? Unknown, revoked and expired keys get one and the same answer; the audit tells them apart.
     *
     * @throws BhorError `key_malformed`, `key_invalid`
     */
    async authenticate(presented) {
        if (!keyPattern.test(presented))
            throw new BhorError('key_malformed', `This is not a client key (${presented.length} characters).`);
        const { changes, store, vault, clock } = this.#context;
        const version = changes.version;
        const record = await store.clientKeyByHash(hash('sha256', presented, 'hex'));
        if (!record)
            return this.#refuse('unknown', '');
        const { id, revokedAtMs, expiresAtMs } = proven(vault, 'client_keys', record);
        if (revokedAtMs !== null)
            return this.#refuse('revoked', id);
        if (expiresAtMs !== null && clock.nowMs() >= expiresAtMs)
            return this.#refuse('expired', id);
        const principal = {
            actor: { kind: 'key', id },
            scopes: new Set(record.scopes),
            accountIds: record.accountIds ? new Set(record.accountIds) : null,
        };
        // Other servers change a shared store without this one's knowing.
        const mayKeep = !store.isShared && version === changes.version && this.#known.size < keptKeys;
        if (mayKeep)
            this.#known.set(presented, { principal, endsAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY });
        return principal;
    }
    async list() {
        return (await this.#context.store.clientKeys()).map((key) => proven(this.#context.vault, 'client_keys', key));
    }
    /** @throws BhorError `bad_field`, `account_not_found` */
    async add(principal, input) {
        const wrong = input.scopes.find((scope) => !scopes.includes(scope));
        if (wrong !== undefined || input.scopes.length === 0) {
            throw new BhorError('bad_field', `A key needs scopes out of ${scopes.join(', ')}.`, {
                facts: { field: 'scopes' },
            });
        }
        const days = input.expiresInDays;
        if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 3650)) {
            throw new BhorError('bad_field', 'A key lasts 1 to 3650 whole days.', {
                facts: { field: 'expiresInDays' },
            });
        }
        const accounts = await Promise.all((input.accounts ?? []).map((alias) => accountNamed(this.#context, alias, principal)));
        const key = new Secret(`bhor_${newToken(this.#context.random)}`);
        const nowMs = this.#context.clock.nowMs();
        const record = stamped(this.#context.vault, 'client_keys', {
            id: newId('key', this.#context.random),
            name: checkText('name', input.name, 60),
            hash: hash('sha256', key.reveal(), 'hex'),
            scopes: [...new Set(input.scopes)],
            accountIds: input.accounts ? accounts.map((account) => account.id) : null,
            createdAtMs: nowMs,
            expiresAtMs: days === undefined ? null : nowMs + days * dayMs,
            revokedAtMs: null,
        });
        await this.#context.store.transaction(async (tx) => {
            await tx.insertClientKey(record);
            const detail = {
                key: record.id,
                scopes: record.scopes.join(','),
                accounts: input.accounts?.join(',') ?? '*',
            };
            await this.#context.audit.within(tx, [
                entryOf(this.#context, principal.actor, undefined, { action: 'key.add', result: 'ok', detail }),
            ]);
        });
        this.#context.changes.announce();
        return { record, key };
    }
    /** A revoked key is refused from the next request on. @throws BhorError `key_not_found` */
    async revoke(principal, id) {
        const revoked = await this.#context.store.transaction(async (tx) => {
            const record = (await tx.clientKeys()).find((key) => key.id === id);
            if (!record)
                throw new BhorError('key_not_found', 'There is no key with this id.');
            if (record.revokedAtMs !== null)
                return record;
            const revokedAtMs = this.#context.clock.nowMs();
            const updated = amended(this.#context.vault, 'client_keys', record, { revokedAtMs });
            await tx.updateClientKey(updated);
            await this.#context.audit.within(tx, [
                entryOf(this.#context, principal.actor, undefined, {
                    action: 'key.revoke',
                    result: 'ok',
                    detail: { key: id },
                }),
            ]);
            return updated;
        });
        this.#context.changes.announce();
        return revoked;
    }
    async #refuse(why, id) {
        const actor = { kind: 'key', id };
        await this.#context.audit.record(entryOf(this.#context, actor, undefined, {
            action: 'key.refused',
            result: 'refused',
            code: 'key_invalid',
            detail: { why },
        }));
        throw new BhorError('key_invalid', 'This key is not valid.');
    }
}
