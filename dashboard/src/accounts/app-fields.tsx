import type { BrokerView } from '../../../src/contracts/api.ts'
import { Field } from '../parts/field.tsx'

interface AppFieldsProps {
  readonly fields: BrokerView['app']
  readonly errorOf: (field: string) => string | null
}

/** What the broker gives for the registered app, in the broker's own words. */
export function AppFields({ fields, errorOf }: AppFieldsProps) {
  return (
    <>
      {fields.map(({ name, label, secret, help }) => (
        <Field
          key={name}
          name={name}
          label={label}
          help={help}
          type={secret ? 'password' : 'text'}
          error={errorOf(name)}
          isRequired
        />
      ))}
    </>
  )
}
