import type { AccountView } from '../../../../src/contracts/api.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CopyBox } from '../../parts/copy-box.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAction } from '../../parts/use-action.ts'
import { addressOf } from '../../place.ts'
import { snippets } from '../../programs/snippets.ts'
import { deskUrl } from '../../session.ts'
import { words } from '../../words/manage.ts'
import { brokerOf, putAccount } from '../accounts.ts'
import { inputsOf } from '../field-names.ts'
import { hasRedirect } from '../login-kinds.ts'
import { RegisterSteps } from '../register-steps.tsx'
import { ShowToken } from './show-token.tsx'

/** What is stored, what to register, and how programs write it down. */
export function Credentials({ account }: { readonly account: AccountView }) {
  const broker = brokerOf(account)
  return (
    <>
      <Keys account={account} />
      {broker !== undefined && hasRedirect(broker) && <Redirect account={account} />}
      <InPrograms account={account} />
    </>
  )
}

/** A secret is only ever said to be there; the token is shown to whoever confirms that it is he. */
function Keys({ account }: { readonly account: AccountView }) {
  const broker = brokerOf(account)
  const said = words.manage.credentials
  const { fields } = words.accounts
  const inputs = inputsOf(broker)
  const key = broker?.app.find(({ name }) => name === 'apiKey')
  const values: Record<string, string> = { ...keyed('app', account.app), ...keyed('fields', account.fields) }
  return (
    <Panel title={said.keys}>
      {key !== undefined && account.apiKey !== '' && <CopyBox label={key.label} text={account.apiKey} />}
      <Facts
        rows={[
          ...inputs
            .filter(([input]) => input !== 'app.apiKey')
            .map(
              ([input, { label, secret }]) =>
                [
                  label,
                  secret ? <Stored isThere={account.secrets.includes(input)} /> : values[input],
                ] as const,
            ),
          ...(broker?.userId.field == null
            ? [[broker?.userId.label ?? fields.userId, account.userId ?? said.firstLogin] as const]
            : []),
          [fields.postbackUrl, account.postbackUrl],
        ]}
      />
      <p class="fine">
        {said.secret} <a href={addressOf('accounts', account.account, 'edit')}>{said.newSecret}</a>
      </p>
      <ShowToken account={account} />
    </Panel>
  )
}

function Redirect({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const broker = brokerOf(account)
  const said = words.manage.credentials
  const setOwn = async () => {
    const params = { account: account.account }
    // Empty text brings the desk's own address back.
    putAccount(await call('PATCH /v1/accounts/{account}', { params, body: { redirectUrl: '' } }))
  }
  if (account.kind === 'sandbox' && account.redirectNote === null)
    return (
      <Panel title={said.redirect}>
        <CopyBox label={said.redirectLabel} text={account.redirectUrl} />
        <p class="fine">{said.playedHere}</p>
      </Panel>
    )
  return (
    <Panel title={said.redirect}>
      {account.redirectNote !== null && (
        <div class="note" data-tone="amber">
          <p>{account.redirectNote}</p>
          <ProblemNote problem={problem.value} />
          <Button onPress={() => void run(setOwn)} isBusy={isBusy.value}>
            {said.useOwn}
          </Button>
          {account.kind !== 'sandbox' && <p class="fine">{said.useOwnThen}</p>}
        </div>
      )}
      <CopyBox label={said.redirectLabel} text={account.redirectUrl} />
      <p class="fine">{said.exactly}</p>
      {broker !== undefined && account.kind !== 'sandbox' && <RegisterSteps broker={broker} isKnown />}
    </Panel>
  )
}

function InPrograms({ account }: { readonly account: AccountView }) {
  const broker = brokerOf(account)
  const said = words.manage.credentials
  const headers = broker?.headerFormat ?? null
  const ready = snippets({ origin: deskUrl.value, account: account.account }, broker)
  return (
    <Panel title={said.programs}>
      <p>
        {said.withKey} <a href={addressOf('accounts', account.account, 'programs')}>{said.makeKey}</a>
      </p>
      {headers === null ? <p>{said.noHeaders}</p> : <CopyBox label={said.headers} text={headers} isBlock />}
      <Tabs
        label={said.languages}
        tabs={ready.map(({ name, needs, code }) => ({
          name,
          content: () => (
            <>
              {needs !== '' && <p class="fine">{said.needs(needs)}</p>}
              <CopyBox label={said.example(name)} text={code} isBlock />
            </>
          ),
        }))}
      />
    </Panel>
  )
}

function keyed(place: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${place}.${name}`, value]))
}

function Stored({ isThere }: { readonly isThere: boolean }) {
  const said = words.manage.credentials
  if (!isThere) return <>{said.notStored}</>
  return (
    <>
      <span aria-hidden="true">•••••••• </span>
      {said.stored}
    </>
  )
}
