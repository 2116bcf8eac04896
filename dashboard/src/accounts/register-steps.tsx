import type { BrokerView } from '../../../src/contracts/api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { words } from '../words/words.ts'
import { hasRedirect } from './login-kinds.ts'

interface StepsProps {
  readonly broker: BrokerView
  /** The one of an account that is there already, and shown above. */
  readonly isKnown?: boolean
}

/** What to do at the broker, so that a login comes back here. */
export function RegisterSteps({ broker, isKnown = false }: StepsProps) {
  const isRegistered = hasRedirect(broker)
  const said = words.accounts.steps
  return (
    <section class="steps" aria-label={said.region(broker.name)}>
      {isRegistered && !isKnown && <CopyBox label={said.redirectUrl} text={broker.redirectUrl} />}
      <ol>
        <li>
          {said.open} <OutsideLink to={broker.console.url}>{said.console(broker.name)}</OutsideLink>
        </li>
        <li>{broker.console.registerHint}</li>
        {isRegistered && <li>{said.paste}</li>}
        {!isKnown && <li>{said.copy(broker.app.map((field) => field.label))}</li>}
      </ol>
    </section>
  )
}
