import type { BrokerView } from '../../../src/contracts/api.ts'
import { Field } from '../parts/field.tsx'
import { words } from '../words/words.ts'
import { BrokerFields } from './broker-fields.tsx'

interface MoreFieldsProps {
  readonly broker: BrokerView | undefined
  readonly errorOf: (field: string) => string | null
  readonly isOpen: boolean
}

/** What most people leave empty. */
export function MoreFields({ broker, errorOf, isOpen }: MoreFieldsProps) {
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
