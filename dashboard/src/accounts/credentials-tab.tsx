import type { AccountView } from '../../../src/contracts/api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { Facts } from '../parts/facts.tsx'
import { brokerOf } from './accounts.ts'
import { inputsOf } from './field-names.ts'
import { hasRedirect } from './login-kinds.ts'

/** What is stored and what to register. A secret is only ever said to be there. */
export function CredentialsTab({ account }: { readonly account: AccountView }) {
  const broker = brokerOf(account)
  const headers = broker?.headerFormat ?? null
  const values: Record<string, string> = { ...keyed('app', account.app), ...keyed('fields', account.fields) }
  const rows = inputsOf(broker).map(
    ([input, { label, secret }]) =>
      [label, secret ? <Stored isThere={account.secrets.includes(input)} /> : values[input]] as const,
  )
  return (
    <>
      {broker !== undefined && hasRedirect(broker) && (
        <>
          <CopyBox label="Redirect URL" text={account.redirectUrl} />
          <p class="fine">Exactly this has to stand in the broker’s developer console.</p>
        </>
      )}
      <Facts
        rows={[
          ...rows,
          ...(broker?.userId.field == null
            ? [[broker?.userId.label ?? 'User id', account.userId ?? 'taken from the first login'] as const]
            : []),
          ['Postback URL', account.postbackUrl],
          ['Group', account.settings.group],
          ['Leaves by', account.egress.way === 'direct' ? undefined : account.egress.way],
          ['Registered addresses', account.egress.registered.join(', ')],
        ]}
      />
      {headers !== null && (
        <>
          <CopyBox label="Headers of a request" text={headers} isBlock />
          <p class="fine">
            Programs get the values, and these headers ready-made, from bhor with a client key. See Programs.
          </p>
        </>
      )}
    </>
  )
}

function keyed(place: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${place}.${name}`, value]))
}

function Stored({ isThere }: { readonly isThere: boolean }) {
  return isThere ? (
    <>
      <span aria-hidden="true">•••••••• </span>stored
    </>
  ) : (
    <>not stored</>
  )
}
