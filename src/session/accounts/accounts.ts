import type { AccountHistory } from '../../contracts/activity.ts'
import type { AccountView, AddAccount, BrokerView, EditAccount, StoredAccount } from '../../contracts/api.ts'
import type { Broker } from '../../contracts/broker.ts'
import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { historyOf } from '../activity/history.ts'
import { isSameWay } from '../egress/settings.ts'
import { commonFactsOf } from '../gate/view.ts'
import { readAtOnce } from '../ground/at-once.ts'
import { type Change, change, type Writes } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkAlias, checkField, checkText } from '../ground/fields.ts'
import { amended, places, sealSecrets, stamped } from '../ground/records.ts'
import { noAccount, type Principal, requireFresh, requireOperator, requireRight } from '../ground/rights.ts'
import { logout } from '../life/logout.ts'
import { accountFor } from './account.ts'
import { type AppFound, accountsOfApp, appFor, newApp, setRenewable, unchanged, without } from './app.ts'
import { brokerView } from './broker-view.ts'
import { accountSecretsOf, appOf } from './credentials.ts'
import { nothingYet } from './draft.ts'
import { accountFieldsOf, type CheckedFields, checkFields, refuseMissing } from './fields.ts'
import { withoutOlderNames } from './older-names.ts'
import { checkRedirectUrl, proposedRedirectUrl } from './redirect-url.ts'
import { doubtsOf, isReference } from './references.ts'
import { settingsAfter, withRenewable } from './settings.ts'
import { accountView, viewOfDamagedRow, viewOrDamage } from './view.ts'

/** The accounts of this store: every action by name, for a principal, answering with what may be shown. */
export class Accounts {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  async brokers(principal: Principal, ids: readonly string[]): Promise<BrokerView[]> {
    requireRight(principal, 'status', 'own')
    const brokers = await Promise.all(ids.map((id) => this.#context.broker(id)))
    return brokers.map((broker) =>
      brokerView(
        broker,
        proposedRedirectUrl(this.#context, broker.id),
        this.#context.porch?.() !== undefined,
      ),
    )
  }

  /** One damaged row does not hide the others; it says of itself that it is damaged. */
  async list(principal: Principal): Promise<AccountView[]> {
    requireRight(principal, 'status', 'own')
    const { records, damaged } = await this.#context.store.accounts.list()
    const isVisible = ({ id }: { id: string }) => !principal.accountIds || principal.accountIds.has(id)
    const common = await commonFactsOf(this.#context, await readAtOnce(this.#context))
    const views = await Promise.all(
      records.filter(isVisible).map((account) => viewOrDamage(this.#context, account, common)),
    )
    const lost = damaged.filter(isVisible).map((row) => viewOfDamagedRow(row, this.#context.clock.nowMs()))
    return [...views.filter((view) => view !== undefined), ...lost]
  }

  async get(principal: Principal, alias: string): Promise<AccountView> {
    return accountView(this.#context, await accountFor(this.#context, principal, 'status', alias))
  }

  /** See {@link historyOf}. */
  history(principal: Principal, alias: string): Promise<AccountHistory> {
    return historyOf(this.#context, principal, alias)
  }

  /**
   * Creates an account and, unless one with this API key exists, its app. A sandbox account needs neither key nor
   * fields: an app is registered at the simulator for it. One at the broker's own sandbox takes the published app there.
   *
   * @throws BhorError `bad_alias`, `bad_field`, `bad_secret`, `unknown_field`, `broker_not_found`, `already_exists`
   */
  async add(principal: Principal, asked: AddAccount): Promise<StoredAccount> {
    const input = withoutOlderNames(asked)
    requireRight(principal, 'admin', 'house')
    const context = this.#context
    await context.rateLimits.spend(principal, 'account')
    const broker = await context.broker(input.broker)
    const kind = input.kind ?? 'live'
    if (context.onlySandbox && kind !== 'sandbox')
      throw new BhorError('config_invalid', 'This bhor lives by a clock that is moved by hand.', {
        hint: 'Only sandbox accounts can be added to it. Add this one to a data folder of its own.',
      })
    const redirectUrl = checkRedirectUrl(
      'redirectUrl',
      input.redirectUrl ?? proposedRedirectUrl(context, broker.id, kind),
      { mayBeLocalhost: principal.actor.kind === 'library' },
    )
    const nowMs = context.clock.nowMs()
    const id = newId('acc', context.random)
    const alias = checkAlias(input.account)
    const specs = accountFieldsOf(broker)
    const given = checkFields(specs, input.fields ?? {}, 'fields')
    if (kind !== 'sandbox') refuseMissing(specs, (name) => name in given.open || name in given.secret)
    if (namesPlace(broker, input.app)) requireOperator(principal)
    const made = await newApp(context, broker, input, redirectUrl)
    // What the sandbox's person has is kept, so that nobody needs to type it; what was given counts before it.
    const fields = checkFields(specs, { ...made.fields, ...input.fields }, 'fields')
    const draft = {
      id,
      alias,
      label: checkText('label', input.label ?? '', 80),
      broker: broker.id,
      kind,
      userId: userOf(broker, fields.open, input.userId ?? ''),
      redirectUrl,
      postbackUrl: checkText('postbackUrl', input.postbackUrl ?? '', 500),
      fields: fields.open,
      ...nothingYet,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    }
    const app = { broker, kind, given: made.app }
    const settings = settingsAfter(
      context.vault,
      id,
      withRenewable({}, input.renewable === true),
      input.settings,
    )
    const stored = await change(context, async (c) => {
      const found = await appFor(context, principal, c.reads, app)
      // Other accounts of the app would have other secrets.
      if (found.isChanged && !found.isNew) requireFresh(context, principal, 'account.secrets')
      const record = stamped(context.vault, 'accounts', {
        ...draft,
        appId: found.app.id,
        sealedSecrets: sealSecrets(context.vault, fields.secret, places.accountSecrets(id)),
        settings,
      })
      const detail = { broker: broker.id, kind, ...replacesOf(found) }
      const tx = c.tell({
        actor: principal.actor,
        action: 'account.add',
        result: 'ok',
        account: record,
        detail,
      })
      await storeApp(tx, found)
      await tx.accounts.insert(record)
      return { account: record, app: found }
    })
    return this.#storedView(stored, broker, input)
  }

  /** Changes what is given and leaves the rest; empty text clears what may be absent. @throws as {@link Accounts.add} */
  async edit(principal: Principal, alias: string, given: EditAccount): Promise<StoredAccount> {
    const input = withoutOlderNames(given)
    const context = this.#context
    await context.rateLimits.spend(principal, 'account')
    if (input.renewable !== undefined)
      await setRenewable(context, await accountFor(context, principal, 'admin', alias), input.renewable)
    const stored = await change(context, async (c) => {
      const before = await accountFor(context, principal, 'admin', alias, c.reads)
      // Whoever may see some accounts only would learn by it which names the others have.
      if (input.account !== undefined && input.account !== before.alias)
        requireRight(principal, 'admin', 'house')
      const broker = await context.broker(before.broker)
      if (namesPlace(broker, input.app)) requireOperator(principal)
      const app = await appAfterEdit(context, principal, c, broker, before, input.app)
      const specs = accountFieldsOf(broker)
      const fields = checkFields(specs, input.fields ?? {}, 'fields')
      const isSecretChanged =
        Object.keys(fields.secret).length > 0 || fields.cleared.some((name) => specs[name]?.secret)
      if (isSecretChanged || app.isNew || app.isChanged) requireFresh(context, principal, 'account.secrets')
      const open = without({ ...before.fields, ...fields.open }, fields.cleared)
      const userId = userOf(
        broker,
        open,
        input.userId ?? (fieldNamesUser(broker, fields) ? '' : before.userId),
      )
      // Whoever could change it would have the household's programs trade by a session of his own.
      if (before.userId !== '' && userId !== before.userId) requireFresh(context, principal, 'account.person')
      if (app.app.id !== before.appId || userId !== before.userId)
        await refuseWhileLive(context, c.reads, before)
      const kept =
        input.renewable === undefined ? before.settings : withRenewable(before.settings, input.renewable)
      const settings = settingsAfter(context.vault, before.id, kept, input.settings)
      if (input.settings?.egress !== undefined) requireFresh(context, principal, 'account.egress')
      const after = amended(context.vault, 'accounts', before, {
        appId: app.app.id,
        alias: input.account === undefined ? before.alias : checkAlias(input.account),
        label: input.label === undefined ? before.label : checkText('label', input.label, 80),
        userId,
        redirectUrl: redirectAfterEdit(context, before, input),
        postbackUrl:
          input.postbackUrl === undefined
            ? before.postbackUrl
            : checkText('postbackUrl', input.postbackUrl, 500),
        fields: open,
        sealedSecrets: secretsAfterEdit(context, before, fields),
        settings,
        ...(isSameWay(settings.egress, before.settings.egress) ? {} : { lastEgress: null }),
        updatedAtMs: context.clock.nowMs(),
      })
      const detail = { fields: namesOf(input).join(',') }
      const tx = c.tell({
        actor: principal.actor,
        action: 'account.edit',
        result: 'ok',
        account: after,
        detail,
      })
      await storeApp(tx, app)
      await tx.accounts.update(after, before.generation)
      if (app.app.id !== before.appId) await tx.apps.deleteUnused()
      // By what was wrong before, renewals may have been given up.
      const corrected = app.isChanged ? (await c.reads.accounts.ofApp(app.app.id)).records : []
      if (isSecretChanged || app.isChanged)
        for (const { id } of [after, ...corrected]) await c.retryFrom(id, 'renewal', 0)
      return { account: after, app, broker }
    })
    return this.#storedView(stored, stored.broker, input)
  }

  /**
   * Logs out first, as far as that goes: afterwards nobody could any more. Then removes an account with its sessions and logins; its audit records stay. A damaged row can be removed too: that is
   * the way out of it.
   */
  async remove(principal: Principal, alias: string): Promise<void> {
    requireRight(principal, 'admin', 'own')
    const known = await this.#context.store.accounts.idOf(alias)
    if (known === undefined) throw noAccount()
    requireRight(principal, 'admin', { id: known })
    requireFresh(this.#context, principal, 'account.remove')
    await this.#context.rateLimits.spend(principal, 'account')
    await logout(this.#context, principal, alias).catch((error: unknown) => {
      // What failed in the store would be removed while its token lives on; the next time it may work.
      if (isBhorError(error, 'store_busy') || isBhorError(error, 'store_unavailable')) throw error
    })
    await change(this.#context, async (c) => {
      const id = await c.reads.accounts.idOf(alias)
      if (id === undefined) throw noAccount()
      requireRight(principal, 'admin', { id })
      const account = await c.reads.accounts.byId(id).catch(() => undefined)
      const detail = account ? {} : { damaged: true }
      const tx = c.tell({ actor: principal.actor, action: 'account.remove', result: 'ok', account, detail })
      await tx.accounts.delete(id)
      await tx.apps.deleteUnused()
    })
  }

  async #storedView(
    { account, app }: { account: AccountRecord; app: AppFound },
    broker: Broker,
    input: Pick<AddAccount, 'app'>,
  ): Promise<StoredAccount> {
    const context = this.#context
    const sharers = await accountsOfApp(context, context.store, app.app)
    const others = sharers.filter((name) => name !== account.alias)
    const isShared = app.replaces.length > 0 && others.length > 0
    const notes = isShared ? [`The secret of its app was replaced, also for ${others.join(', ')}.`] : []
    return {
      ...(await accountView(context, account)),
      notes: [...notes, ...(await doubtsOf(context, broker, input.app))],
    }
  }
}

/** What the record of a new account says of the app that it shares. */
export function replacesOf({ replaces }: AppFound): { readonly replaces?: string } {
  return replaces.length > 0 ? { replaces: replaces.join(',') } : {}
}

/** Whether a secret is to be read from a place of this user's: only he says which. */
function namesPlace({ app }: Broker, given: AddAccount['app'] = {}): boolean {
  return Object.entries(given).some(
    ([name, value]) => Object.hasOwn(app, name) && app[name]!.secret && isReference(app[name]!, value),
  )
}

export function storeApp(tx: Writes, { app, isNew, isChanged }: AppFound): Promise<void> {
  if (isNew) return tx.apps.insert(app)
  return isChanged ? tx.apps.update(app) : Promise.resolve()
}

async function appAfterEdit(
  context: SessionContext,
  principal: Principal,
  c: Change,
  broker: Broker,
  account: AccountRecord,
  input: EditAccount['app'],
): Promise<AppFound> {
  const { app } = await appOf(context, account, c.reads)
  if (!input || Object.keys(input).length === 0) return unchanged(app)
  const given = checkFields(broker.app, { apiKey: app.apiKey, ...input }, 'app')
  return appFor(context, principal, c.reads, { broker, kind: account.kind, given })
}

function secretsAfterEdit(context: SessionContext, before: AccountRecord, given: CheckedFields): string {
  if (Object.keys(given.secret).length + given.cleared.length === 0) return before.sealedSecrets
  const secrets = without({ ...accountSecretsOf(context, before), ...given.secret }, given.cleared)
  return sealSecrets(context.vault, secrets, places.accountSecrets(before.id))
}

/**
 * The person to whom an account belongs: as a field of it says, else as given. Empty until the first login pins it.
 *
 * @throws BhorError `bad_field`, also where the two differ
 */
function userOf(broker: Broker, fields: AccountRecord['fields'], given: string): string {
  const named = broker.userIdField === undefined ? undefined : fields[broker.userIdField]
  const userId = named ?? given
  if (userId === '') return ''
  if (given === '' || given === userId) return checkField('userId', broker.userId, userId)
  throw new BhorError('bad_field', `The ${broker.userId.label} of this account is another one.`, {
    hint: 'Give it once: it says whose account this is.',
    facts: { field: 'userId' },
  })
}

/** A changed field means another person; the id of the one before is not held against it. */
function fieldNamesUser({ userIdField }: Broker, { open }: CheckedFields): boolean {
  return userIdField !== undefined && Object.hasOwn(open, userIdField)
}

/** Empty text brings the desk's own address back. */
function redirectAfterEdit(
  context: SessionContext,
  account: AccountRecord,
  { redirectUrl }: EditAccount,
): string {
  if (redirectUrl === undefined) return account.redirectUrl
  return redirectUrl === ''
    ? proposedRedirectUrl(context, account.broker, account.kind)
    : checkRedirectUrl('redirectUrl', redirectUrl)
}

/** What was changed, by name and never by value: `app.apiSecret`, `label`. */
function namesOf({ app = {}, fields = {}, ...rest }: EditAccount): string[] {
  return [
    ...Object.keys(rest),
    ...Object.keys(app).map((name) => `app.${name}`),
    ...Object.keys(fields).map((name) => `fields.${name}`),
  ].sort()
}

/** A session speaks for the app and the user that it was granted to; under another name it would be handed out wrongly. */
async function refuseWhileLive(
  context: SessionContext,
  reads: StoreReads,
  account: AccountRecord,
): Promise<void> {
  const session = await reads.sessions.latest(account.id)
  const isLive = session?.status === 'active' && context.clock.nowMs() < session.expiresAtMs
  if (isLive) throw new BhorError('session_live', `${account.alias} has a live session.`)
}
