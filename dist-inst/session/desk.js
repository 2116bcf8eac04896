import { isBhorError } from '../core/errors.js';
import { accountNamed, addAccount, editAccount, removeAccount } from './accounts.js';
import { CallbackRefusals } from './callback-refusals.js';
import { ClientKeys } from './client-keys.js';
import { settleDoubts } from './doubts.js';
import { HandOuts } from './handout.js';
import { cancelLogin, completeLogin, completePasted, loginOf, startLogin } from './login.js';
import { logout } from './logout.js';
import { Probes } from './probe.js';
import { proven } from './records.js';
import { Renewals } from './renewal.js';
import { accountView, auditView, damagedView, keyView, loginView } from './views.js';
/** The domain as its callers see it: every action by name, for a principal, answering with what may be shown. */
export class Desk {
    context;
    keys;
    #handOuts;
    #renewals;
    #probes;
    #refusals;
    constructor(context) {
        this.context = context;
        this.keys = new ClientKeys(context);
        this.#handOuts = new HandOuts(context);
        this.#renewals = new Renewals(context);
        this.#probes = new Probes(context);
        this.#refusals = new CallbackRefusals(context);
    }
    async brokers(ids) {
        const brokers = await Promise.all(ids.map((id) => this.context.broker(id)));
        return brokers.map((broker) => ({
            id: broker.id,
            name: broker.name,
            console: { ...broker.console },
            userIdLabel: broker.userId.label,
            app: Object.entries(broker.app).map(([name, { label, secret, help }]) => ({
                name,
                label,
                secret,
                help,
            })),
            redirectUrl: this.context.redirectUrl(broker.id),
        }));
    }
    async accounts(principal) {
        const all = await this.context.store.accounts();
        const visible = all.filter((account) => !principal.accountIds || principal.accountIds.has(account.id));
        const views = await Promise.all(visible.map(async (account) => {
            try {
                return await this.#view(proven(this.context.vault, 'accounts', account));
            }
            catch (error) {
                // Removed between the list and its view.
                if (isBhorError(error, 'account_not_found'))
                    return undefined;
                // One damaged row must not hide the other accounts.
                if (!isBhorError(error, 'store_damaged'))
                    throw error;
                return damagedView(this.context, account, error);
            }
        }));
        return views.filter((view) => view !== undefined);
    }
    async account(principal, alias) {
        return this.#view(await accountNamed(this.context, alias, principal));
    }
    async addAccount(principal, input) {
        return this.#view(await addAccount(this.context, principal, input));
    }
    async editAccount(principal, alias, input) {
        return this.#view(await editAccount(this.context, principal, alias, input));
    }
    /** Logs out first, as far as that goes: afterwards nobody could any more. */
    async removeAccount(principal, alias) {
        await logout(this.context, principal, alias).catch(() => undefined);
        await removeAccount(this.context, principal, alias);
    }
    startLogin(principal, alias, via) {
        return startLogin(this.context, principal, alias, via);
    }
    async login(principal, alias, loginId) {
        const account = await accountNamed(this.context, alias, principal);
        return loginView(this.context.clock.nowMs(), account, await loginOf(this.context, account, loginId));
    }
    cancelLogin(principal, alias, loginId) {
        return cancelLogin(this.context, principal, alias, loginId);
    }
    async completeLogin(principal, broker, callback) {
        try {
            return await this.#view((await completeLogin(this.context, principal, broker, callback)).account);
        }
        catch (error) {
            await this.#refusals.record(principal.actor, error);
            throw error;
        }
    }
    async completePasted(principal, alias, address) {
        return this.#view((await completePasted(this.context, principal, alias, address)).account);
    }
    /** The session as JSON text of a `HandOut`; see {@link HandOuts.handOut}. */
    handOut(principal, alias, wish) {
        return this.#handOuts.handOut(principal, alias, wish);
    }
    test(principal, alias) {
        return this.#probes.test(principal, alias);
    }
    /** See {@link settleDoubts}. */
    settleDoubts(isStopped) {
        return settleDoubts(this.context, this.#probes, isStopped);
    }
    async renew(principal, alias) {
        return this.#view((await this.#renewals.renew(principal, alias)).account);
    }
    async logout(principal, alias) {
        await logout(this.context, principal, alias);
        return this.account(principal, alias);
    }
    async listKeys() {
        return Promise.all((await this.keys.list()).map((key) => keyView(this.context, key)));
    }
    async addKey(principal, input) {
        const { record, key } = await this.keys.add(principal, input);
        return { view: await keyView(this.context, record), key };
    }
    async revokeKey(principal, id) {
        return keyView(this.context, await this.keys.revoke(principal, id));
    }
    async audit(principal, wish) {
        const account = wish.account === undefined ? undefined : await accountNamed(this.context, wish.account, principal);
        return (await this.context.store.latestAudit(wish.limit, account?.id, wish.before)).map(auditView);
    }
    async verifyAudit() {
        return auditCheck(await this.context.audit.verify());
    }
    #view(account) {
        return accountView(this.context, account);
    }
}
function auditCheck(verdict) {
    if (verdict.intact)
        return verdict;
    const { seq, fault, records } = verdict;
    const texts = {
        changed: `Record ${seq} does not match: it was changed.`,
        missing: `Record ${seq} is missing.`,
        inserted: `Record ${seq} was inserted.`,
        out_of_order: `Record ${seq} stands in the wrong place.`,
        tail_cut: `The log ends before record ${seq}, which was written once.`,
        head_changed: 'The end mark of the log was changed.',
    };
    return { intact: false, seq, fault, text: texts[fault], records };
}
