import type { BrokerView } from '../../../src/contracts/api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { hasRedirect } from './login-kinds.ts'

/** What to do at the broker before the fields below can be filled in. */
export function RegisterSteps({ broker }: { readonly broker: BrokerView }) {
  const isRegistered = hasRedirect(broker)
  return (
    <section class="steps" aria-label={`At ${broker.name}`}>
      {isRegistered && <CopyBox label="Redirect URL to register" text={broker.redirectUrl} />}
      <ol>
        <li>
          Open <OutsideLink to={broker.console.url}>{broker.name}’s developer console</OutsideLink>
        </li>
        <li>{broker.console.registerHint}</li>
        {isRegistered && <li>Paste the redirect URL above, exactly as it is.</li>}
        <li>Copy {broker.app.map((field) => field.label).join(' and ')} into the fields below.</li>
      </ol>
    </section>
  )
}
