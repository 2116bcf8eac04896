import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Check } from '../../parts/check.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault } from '../../parts/form-text.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { replaceWith } from '../../place.ts'
import { placeProblem } from '../../problem-place.ts'
import { words } from '../../words/manage.ts'
import { nameFault } from '../account-name.ts'
import { brokerOf, putAccount } from '../accounts.ts'
import { BrokerFields } from '../broker-fields.tsx'
import { hasRedirect } from '../login-kinds.ts'
import { isLive } from '../status.ts'
import { editInputs, readEdit } from './edit.ts'

/** Every field of the account. A secret is never shown; what is left empty stays. */
export function Edit({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const faults = useSignal<Readonly<Record<string, string>>>({})
  const draft = useDraft(`edit:${account.id}`)
  const renewable = draft.choice('renewable', account.settings.renewable ? 'yes' : '')
  const broker = brokerOf(account)
  const place = placeProblem(problem.value, editInputs(broker))
  const errorOf = (field: string) =>
    faults.value[field] ?? (place === field ? (problem.value?.detail ?? null) : null)
  const said = words.manage.edit
  const { fields, kinds } = words.accounts

  const save = async (form: HTMLFormElement) => {
    // Only what somebody chose here: it may have been changed elsewhere meanwhile.
    const isChosen = draft.valueOf('renewable') !== undefined
    const isRenewable = isChosen ? renewable.value === 'yes' : account.settings.renewable === true
    const read = readEdit(account, broker, new FormData(form), isRenewable)
    const fault = read.change.account === undefined ? null : nameFault(read.change.account)
    faults.value = { ...read.faults, ...(fault === null ? {} : { account: fault }) }
    if (Object.keys(faults.value).length > 0) return focusFault(form)
    if (Object.keys(read.change).length === 0) {
      draft.forget()
      return toast(said.nothing)
    }
    const params = { account: account.account }
    const isSaved = await run(async () => {
      const changed = await call('PATCH /v1/accounts/{account}', { params, body: read.change })
      draft.forget()
      // The secrets that were typed go from the page as well.
      draft.round.value++
      putAccount(changed)
      toast(said.saved)
      if (changed.account !== account.account) replaceWith('accounts', changed.account, 'edit')
    })
    if (!isSaved) focusFault(form)
  }
  const { secrets, settings } = account
  return (
    <Form draft={draft} hasSecrets onSend={(form) => void save(form)}>
      <ProblemNote problem={place === null ? problem.value : null} />
      <Panel title={said.names}>
        <Field
          name="account"
          label={fields.name}
          value={account.account}
          error={errorOf('account')}
          help={fields.renameHelp}
          isRequired
        />
        <Field
          name="label"
          label={fields.label}
          value={account.label}
          help={fields.labelHelp}
          error={errorOf('label')}
        />
        <Field
          name="settings.group"
          label={fields.group}
          value={settings.group}
          help={fields.groupHelp}
          error={errorOf('settings.group')}
        />
        <p class="fine">{said.kindNote(kinds[account.kind])}</p>
      </Panel>
      <Panel title={said.atBroker}>
        {isLive(account) && <p class="fine">{said.liveNote}</p>}
        {broker !== undefined && (
          <>
            <BrokerFields
              place="app"
              fields={broker.app}
              errorOf={errorOf}
              stored={{ values: account.app, secrets }}
            />
            <BrokerFields
              place="fields"
              fields={broker.account}
              errorOf={errorOf}
              stored={{ values: account.fields, secrets }}
            />
          </>
        )}
        {broker?.userId.field == null && (
          <Field
            name="userId"
            label={broker?.userId.label ?? fields.userId}
            help={fields.userHelp}
            value={account.userId ?? ''}
            error={errorOf('userId')}
          />
        )}
        {broker !== undefined && hasRedirect(broker) && (
          <Field
            name="redirectUrl"
            label={fields.redirectUrl}
            type="url"
            value={account.redirectUrl}
            help={fields.redirectHelp}
            error={errorOf('redirectUrl')}
            isRequired
          />
        )}
        <Field
          name="postbackUrl"
          label={fields.postbackUrl}
          type="url"
          value={account.postbackUrl ?? ''}
          help={fields.postbackHelp}
          error={errorOf('postbackUrl')}
        />
        <BrokerFields
          place="fields"
          fields={broker?.kept ?? []}
          errorOf={errorOf}
          stored={{ values: account.fields, secrets }}
        />
      </Panel>
      <Panel title={said.rules}>
        {account.kind === 'sandbox' && broker?.renews && (
          <Check label={fields.renewable} help={fields.renewableHelp} chosen={renewable} />
        )}
        <Field
          name="settings.hygiene.logoutAt"
          label={fields.logoutAt}
          value={settings.hygiene?.logoutAt}
          help={fields.logoutAtHelp}
          error={errorOf('settings.hygiene.logoutAt')}
        />
        <Field
          name="settings.hygiene.logoutUnusedAfter"
          label={fields.logoutUnused}
          value={settings.hygiene?.logoutUnusedAfter}
          help={fields.logoutUnusedHelp}
          error={errorOf('settings.hygiene.logoutUnusedAfter')}
        />
        <Field
          name="settings.rateLimit"
          label={fields.perSecond}
          inputMode="numeric"
          value={settings.rateLimit && String(settings.rateLimit.requestsPerSecond)}
          help={fields.rateHelp}
          error={errorOf('settings.rateLimit')}
        />
        <Field
          name="settings.rateLimit.burst"
          label={fields.burst}
          inputMode="numeric"
          value={settings.rateLimit && String(settings.rateLimit.burstSize)}
        />
      </Panel>
      {place !== null && problem.value !== null && <p class="fine">{problem.value.hint}</p>}
      <div class="actions">
        <Button look="primary" type="submit" isBusy={isBusy.value}>
          {said.save}
        </Button>
      </div>
    </Form>
  )
}
