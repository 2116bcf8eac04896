import type { AccountView } from '../../../src/contracts/api.ts'
import { brokerPage } from '../brokers/broker-pages.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { Facts } from '../parts/facts.tsx'
import { brokerOf } from './accounts.ts'

/** What is stored and what to register. A secret is only ever said to be there. */
export function CredentialsTab({ account }: { readonly account: AccountView }) {
  const broker = brokerOf(account)
  const header = brokerPage(account.broker)?.header
  return (
    <>
      <CopyBox label="Redirect URL" text={account.redirectUrl} />
      <p class="fine">Exactly this has to stand in the broker’s developer console.</p>
      <CopyBox label="API key" text={account.apiKey} />
      <Facts
        rows={[
          ['API secret', <Stored isThere={account.hasSecret} />],
          [broker?.userIdLabel ?? 'User id', account.userId ?? 'taken from the first login'],
          ['Password', <Stored isThere={account.hasPassword} />],
          ['Phone number', <Stored isThere={account.hasPhoneNumber} />],
          ['Postback URL', account.postbackUrl],
        ]}
      />
      {header !== undefined && (
        <>
          <CopyBox label="Headers of a request" text={header} isBlock />
          <p class="fine">
            Programs get the values, and these headers ready-made, from bhor with a client key. See Programs.
          </p>
        </>
      )}
    </>
  )
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
