import type { FieldView } from '../../../src/contracts/api.ts'
import { Field } from '../parts/field.tsx'
import { words } from '../words/words.ts'
import type { Place } from './field-names.ts'

interface BrokerFieldsProps {
  readonly place: Place
  readonly fields: readonly FieldView[]
  readonly errorOf: (field: string) => string | null
  /** What an account has already: public values, and the names of stored secrets. */
  readonly stored?: { readonly values: Readonly<Record<string, string>>; readonly secrets: readonly string[] }
}

/** The fields that a broker's manifest names, in its own words. */
export function BrokerFields({ place, fields, errorOf, stored }: BrokerFieldsProps) {
  return (
    <>
      {neededFirst(fields).map(({ name, label, secret, help, optional }) => {
        const input = `${place}.${name}`
        const isKept = secret && stored?.secrets.includes(input)
        return (
          <Field
            key={input}
            name={input}
            label={label}
            help={isKept ? words.accounts.fields.stored : help}
            type={secret ? 'password' : 'text'}
            value={secret ? '' : stored?.values[name]}
            error={errorOf(input)}
            isRequired={!optional}
          />
        )
      })}
    </>
  )
}

function neededFirst(fields: readonly FieldView[]): readonly FieldView[] {
  return fields.toSorted((a, b) => Number(a.optional) - Number(b.optional))
}
