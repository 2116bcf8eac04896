import { useSignal } from '@preact/signals'
import type { AccountView, EgressChange } from '../../../../src/contracts/api.ts'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Field } from '../../parts/field.tsx'
import { Form, useDraft } from '../../parts/form.tsx'
import { focusFault, readForm } from '../../parts/form-text.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { placeProblem } from '../../problem-place.ts'
import { now } from '../../time/clock.ts'
import { whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { loadAccounts, putAccount } from '../accounts.ts'

const ways = ['direct', 'from', 'proxy'] as const
type Way = (typeof ways)[number]

/** By which way the account leaves, how the world sees it, and whether that is what the broker knows. */
export function Egress({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const said = words.manage.egress
  const { egress } = account
  const { measured, standing } = egress
  const measure = async () => {
    await call('POST /v1/accounts/{account}/egress', { params: { account: account.account } })
    await loadAccounts()
  }
  const tone = {
    different: 'red',
    unmeasured: 'amber',
    'as registered': 'green',
    'nothing registered': 'grey',
  }
  return (
    <>
      <Panel title={said.title}>
        <p>{said.text}</p>
        <Facts
          rows={[
            [said.way, wayText(account)],
            [said.seen, seenText(measured)],
            [
              said.changed,
              measured?.changed &&
                said.changedAt(measured.changed.before.join(', '), whenText(measured.changed.at, now.value)),
            ],
            [said.registered, egress.registered.join(', ') || said.nothingRegistered],
          ]}
        />
        <p class="note" data-tone={tone[standing]} data-standing={standing}>
          {said.standings[standing]}
        </p>
        <ProblemNote problem={problem.value} />
        <div class="actions">
          <Button onPress={() => void run(measure)} isBusy={isBusy.value}>
            {said.measure}
          </Button>
        </div>
      </Panel>
      {/* Drawn anew where somebody else has changed it. */}
      <ChangeEgress key={JSON.stringify(account.settings.egress)} account={account} />
    </>
  )
}

function wayOf({ settings: { egress = {} } }: AccountView): Way {
  if (egress.proxy !== undefined) return 'proxy'
  return egress.from === undefined ? 'direct' : 'from'
}

function wayText(account: AccountView): string {
  const said = words.manage.egress.ways
  const way = wayOf(account)
  return way === 'direct' ? said.direct : `${said[way]} ${account.egress.way}`
}

function seenText(measured: AccountView['egress']['measured']): string {
  const said = words.manage.egress
  if (measured === null) return said.notMeasured
  const when = whenText(measured.at, now.value)
  const addresses = measured.addresses.join(', ')
  return measured.code === null
    ? said.measuredAt(addresses, when)
    : said.failed(measured.code, when, addresses)
}

const inputs = [
  'settings.egress.from',
  'settings.egress.proxy',
  'settings.egress.proxyLogin',
  'settings.egress.registered',
]

function ChangeEgress({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const draft = useDraft(`egress:${account.id}`)
  const way = draft.choice('way', wayOf(account))
  const said = words.manage.egress
  const { egress = {} } = account.settings
  const place = placeProblem(problem.value, inputs)
  const fault = useSignal<string | null>(null)
  const errorOf = (field: string) =>
    fault.value === field ? said.missing : place === field ? problem.value?.detail : null
  const save = async (form: HTMLFormElement) => {
    const texts = readForm(form)
    // Without it the account would leave directly, which nobody has asked for.
    const needed = way.value === 'direct' ? null : `settings.egress.${way.value}`
    fault.value = needed !== null && (texts[needed] ?? '').trim() === '' ? needed : null
    if (fault.value !== null) return focusFault(form)
    const body = { settings: { egress: changeOf(way.value as Way, texts) } }
    const isSaved = await run(async () => {
      putAccount(await call('PATCH /v1/accounts/{account}', { params: { account: account.account }, body }))
      draft.forget()
      toast(said.saved)
    })
    if (!isSaved) focusFault(form)
  }
  return (
    <Panel title={said.change}>
      <Form draft={draft} hasSecrets={way.value === 'proxy'} onSend={(form) => void save(form)}>
        <ProblemNote problem={place === null ? problem.value : null} />
        <Choice
          legend={said.choose}
          name="way"
          options={ways.map((value) => ({ value, ...said.options[value] }))}
          value={way.value as Way}
          onChoose={(chosen) => {
            way.value = chosen
          }}
        />
        {way.value === 'from' && (
          <Field
            name="settings.egress.from"
            label={said.fromLabel}
            help={said.fromHelp}
            value={egress.from}
            error={errorOf('settings.egress.from')}
            isRequired
          />
        )}
        {way.value === 'proxy' && (
          <>
            <Field
              name="settings.egress.proxy"
              label={said.proxyLabel}
              help={said.proxyHelp}
              value={egress.proxy}
              error={errorOf('settings.egress.proxy')}
              isRequired
            />
            <Field
              name="settings.egress.proxyLogin"
              type="password"
              label={said.loginLabel}
              help={egress.hasLogin ? said.loginKept : said.loginHelp}
              error={errorOf('settings.egress.proxyLogin')}
            />
          </>
        )}
        <Field
          name="settings.egress.registered"
          label={said.registeredLabel}
          help={said.registeredHelp}
          value={(egress.registered ?? []).join(', ')}
          error={errorOf('settings.egress.registered')}
        />
        {place !== null && problem.value !== null && <p class="fine">{problem.value.hint}</p>}
        <p class="fine">{said.neverElse}</p>
        <div class="actions">
          <Button look="primary" type="submit" isBusy={isBusy.value}>
            {said.save}
          </Button>
        </div>
      </Form>
    </Panel>
  )
}

function changeOf(way: Way, texts: Readonly<Record<string, string>>): EgressChange {
  const registered = (texts['settings.egress.registered'] ?? '').split(/[\s,;]+/).filter((one) => one !== '')
  const login = texts['settings.egress.proxyLogin']
  return {
    from: way === 'from' ? (texts['settings.egress.from'] ?? '') : '',
    proxy: way === 'proxy' ? (texts['settings.egress.proxy'] ?? '') : '',
    ...(way === 'proxy' && login !== undefined ? { proxyLogin: login } : {}),
    registered,
  }
}
