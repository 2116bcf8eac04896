import type { BrokerView } from '../../../src/contracts/api.ts'
import { Field } from '../parts/field.tsx'
import { BrokerFields } from './broker-fields.tsx'

interface MoreFieldsProps {
  readonly broker: BrokerView | undefined
  readonly errorOf: (field: string) => string | null
  readonly isOpen: boolean
}

/** What most people leave empty. */
export function MoreFields({ broker, errorOf, isOpen }: MoreFieldsProps) {
  return (
    <details class="more" open={isOpen || undefined}>
      <summary>More, all optional</summary>
      {broker?.userId.field === null && (
        <Field
          name="userId"
          label={broker.userId.label}
          help="Then only this user can log in here. Otherwise the first login decides."
          error={errorOf('userId')}
        />
      )}
      <BrokerFields place="fields" fields={broker?.kept ?? []} errorOf={errorOf} />
      <Field
        name="postbackUrl"
        label="Postback URL"
        type="url"
        help="Where the broker reports orders, if you use that."
        error={errorOf('postbackUrl')}
      />
    </details>
  )
}
