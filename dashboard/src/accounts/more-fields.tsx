import { Field } from '../parts/field.tsx'

export const moreFields = ['userId', 'phoneNumber', 'password', 'postbackUrl'] as const

interface MoreFieldsProps {
  readonly userIdLabel: string
  readonly errorOf: (field: string) => string | null
  readonly isOpen: boolean
}

/** What most people leave empty. */
export function MoreFields({ userIdLabel, errorOf, isOpen }: MoreFieldsProps) {
  return (
    <details class="more" open={isOpen || undefined}>
      <summary>More, all optional</summary>
      <Field
        name="userId"
        label={userIdLabel}
        help="Then only this user can log in here. Otherwise the first login decides."
        error={errorOf('userId')}
      />
      <Field name="phoneNumber" label="Phone number" type="tel" error={errorOf('phoneNumber')} />
      <Field
        name="password"
        label="Broker password"
        type="password"
        help="bhor does not need it. It would be kept sealed and never be shown again."
        error={errorOf('password')}
      />
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
