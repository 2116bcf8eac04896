import type { BrokerView } from '../../../src/contracts/api.ts'
import { Field } from '../parts/field.tsx'
import { words } from '../words/words.ts'
import { BrokerFields } from './broker-fields.tsx'
import { hasRedirect } from './login-kinds.ts'

interface MoreFieldsProps {
  readonly broker: BrokerView | undefined
  /** With an app of the user's own, registered at the broker. */
  readonly hasOwnApp: boolean
  readonly errorOf: (field: string) => string | null
  readonly isOpen: boolean
}

/** What most people leave empty. */
export function MoreFields({ broker, hasOwnApp, errorOf, isOpen }: MoreFieldsProps) {
  const said = words.accounts.fields
  return (
    <details class="more" open={isOpen || undefined}>
      <summary>{said.more}</summary>
      <Field
        name="settings.group"
        label={said.group}
        help={said.groupHelp}
        error={errorOf('settings.group')}
      />
      {broker?.userId.field === null && (
        <Field name="userId" label={broker.userId.label} help={said.userHelp} error={errorOf('userId')} />
      )}
      <BrokerFields place="fields" fields={broker?.kept ?? []} errorOf={errorOf} />
      {hasOwnApp && broker !== undefined && hasRedirect(broker) && (
        <Field
          name="redirectUrl"
          label={said.redirectUrl}
          type="url"
          help={said.ownRedirectHelp}
          error={errorOf('redirectUrl')}
        />
      )}
      <Field
        name="postbackUrl"
        label={said.postbackUrl}
        type="url"
        help={said.postbackHelp}
        error={errorOf('postbackUrl')}
      />
    </details>
  )
}
