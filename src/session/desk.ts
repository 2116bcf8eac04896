import type {
  AccountView,
  AddAccount,
  AddKey,
  AuditCheck,
  AuditView,
  BrokerView,
  EditAccount,
  FieldView,
  KeyView,
  LoginStarted,
  LoginView,
  TestResult,
} from '../contracts/api.ts'
import type { AuditVerdict } from '../contracts/audit.ts'
import type { FieldSpec } from '../contracts/broker.ts'
import type { AccountRecord } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import { accountNamed, addAccount, editAccount, removeAccount } from './accounts.ts'
import { CallbackRefusals } from './callback-refusals.ts'
import { ClientKeys } from './client-keys.ts'
import type { Principal, SessionContext } from './context.ts'
import { settleDoubts } from './doubts.ts'
import { HandOuts, type HandOutWish } from './handout.ts'
import { type Callback, cancelLogin, completeLogin, completePasted, loginOf, startLogin } from './login.ts'
import { logout } from './logout.ts'
import { Probes } from './probe.ts'
import { proven } from './records.ts'
import { Renewals } from './renewal.ts'
import { accountView, auditView, damagedView, keyView, loginView } from './views.ts'

/** The domain as its callers see it: every action by name, for a principal, answering with what may be shown. */
export class Desk {
  readonly context: SessionContext
  readonly keys: ClientKeys
  readonly #handOuts: HandOuts
  readonly #renewals: Renewals
  readonly #probes: Probes
  readonly #refusals: CallbackRefusals

  constructor(context: SessionContext) {
    this.context = context
    this.keys = new ClientKeys(context)
    this.#handOuts = new HandOuts(context)
    this.#renewals = new Renewals(context)
    this.#probes = new Probes(context)
    this.#refusals = new CallbackRefusals(context)
  }

  async brokers(ids: readonly string[]): Promise<BrokerView[]> {
    const brokers = await Promise.all(ids.map((id) => this.context.broker(id)))
    return brokers.map((broker) => ({
      id: broker.id,
      name: broker.name,
      console: { ...broker.console },
      userIdLabel: broker.userId.label,
      app: fieldViews(broker.app),
      account: fieldViews(broker.account),
      logins: broker.logins.map(({ kind }) => ({ kind, asks: [] })),
      redirectUrl: this.context.redirectUrl(broker.id),
    }))
  }

  async accounts(principal: Principal): Promise<AccountView[]> {
    const all = await this.context.store.accounts()
    const visible = all.filter((account) => !principal.accountIds || principal.accountIds.has(account.id))
    const views = await Promise.all(
      visible.map(async (account) => {
        try {
          return await this.#view(proven(this.context.vault, 'accounts', account))
        } catch (error) {
          // Removed between the list and its view.
          if (isBhorError(error, 'account_not_found')) return undefined
          // One damaged row must not hide the other accounts.
          if (!isBhorError(error, 'store_damaged')) throw error
          return damagedView(this.context, account, error)
        }
      }),
    )
    return views.filter((view) => view !== undefined)
  }
  async account(principal: Principal, alias: string): Promise<AccountView> {
    return this.#view(await accountNamed(this.context, alias, principal))
  }
  async addAccount(principal: Principal, input: AddAccount): Promise<AccountView> {
    return this.#view(await addAccount(this.context, principal, input))
  }
  async editAccount(principal: Principal, alias: string, input: EditAccount): Promise<AccountView> {
    return this.#view(await editAccount(this.context, principal, alias, input))
  }
  /** Logs out first, as far as that goes: afterwards nobody could any more. */
  async removeAccount(principal: Principal, alias: string): Promise<void> {
    await logout(this.context, principal, alias).catch(() => undefined)
    await removeAccount(this.context, principal, alias)
  }

  startLogin(principal: Principal, alias: string, via: string): Promise<LoginStarted> {
    return startLogin(this.context, principal, alias, via)
  }
  async login(principal: Principal, alias: string, loginId: string): Promise<LoginView> {
    const account = await accountNamed(this.context, alias, principal)
    return loginView(this.context.clock.nowMs(), account, await loginOf(this.context, account, loginId))
  }
  /** Gives a login what it asks for. */
  async answerLogin(
    _principal: Principal,
    _alias: string,
    _loginId: string,
    _answers: Readonly<Record<string, string>>,
  ): Promise<LoginView> {
    throw new BhorError('login_not_found', 'No login here asks for anything.')
  }
  cancelLogin(principal: Principal, alias: string, loginId: string): Promise<void> {
    return cancelLogin(this.context, principal, alias, loginId)
  }
  async completeLogin(principal: Principal, broker: string, callback: Callback): Promise<AccountView> {
    try {
      return await this.#view((await completeLogin(this.context, principal, broker, callback)).account)
    } catch (error) {
      await this.#refusals.record(principal.actor, error)
      throw error
    }
  }
  async completePasted(principal: Principal, alias: string, address: string): Promise<AccountView> {
    return this.#view((await completePasted(this.context, principal, alias, address)).account)
  }

  /** The session as JSON text of a `HandOut`; see {@link HandOuts.handOut}. */
  handOut(principal: Principal, alias: string, wish: HandOutWish): Promise<Secret> {
    return this.#handOuts.handOut(principal, alias, wish)
  }
  test(principal: Principal, alias: string): Promise<TestResult> {
    return this.#probes.test(principal, alias)
  }
  /** See {@link settleDoubts}. */
  settleDoubts(isStopped: () => boolean): Promise<void> {
    return settleDoubts(this.context, this.#probes, isStopped)
  }
  async renew(principal: Principal, alias: string): Promise<AccountView> {
    return this.#view((await this.#renewals.renew(principal, alias)).account)
  }
  async logout(principal: Principal, alias: string): Promise<AccountView> {
    await logout(this.context, principal, alias)
    return this.account(principal, alias)
  }

  async listKeys(): Promise<KeyView[]> {
    return Promise.all((await this.keys.list()).map((key) => keyView(this.context, key)))
  }
  async addKey(principal: Principal, input: AddKey): Promise<{ view: KeyView; key: Secret }> {
    const { record, key } = await this.keys.add(principal, input)
    return { view: await keyView(this.context, record), key }
  }
  async revokeKey(principal: Principal, id: string): Promise<KeyView> {
    return keyView(this.context, await this.keys.revoke(principal, id))
  }

  async audit(
    principal: Principal,
    wish: { limit: number; account?: string; before?: number },
  ): Promise<AuditView[]> {
    const account =
      wish.account === undefined ? undefined : await accountNamed(this.context, wish.account, principal)
    return (await this.context.store.latestAudit(wish.limit, account?.id, wish.before)).map(auditView)
  }
  async verifyAudit(): Promise<AuditCheck> {
    return auditCheck(await this.context.audit.verify())
  }

  #view(account: AccountRecord): Promise<AccountView> {
    return accountView(this.context, account)
  }
}

function fieldViews(specs: Readonly<Record<string, FieldSpec>>): FieldView[] {
  return Object.entries(specs).map(([name, { label, secret, help }]) => ({ name, label, secret, help }))
}

function auditCheck(verdict: AuditVerdict): AuditCheck {
  if (verdict.intact) return verdict
  const { seq, fault, records } = verdict
  const texts = {
    changed: `Record ${seq} does not match: it was changed.`,
    missing: `Record ${seq} is missing.`,
    inserted: `Record ${seq} was inserted.`,
    out_of_order: `Record ${seq} stands in the wrong place.`,
    tail_cut: `The log ends before record ${seq}, which was written once.`,
    head_changed: 'The end mark of the log was changed.',
  } as const
  return { intact: false, seq, fault, text: texts[fault], records }
}
