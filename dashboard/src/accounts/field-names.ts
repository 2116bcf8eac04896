import type { AddAccount, BrokerView, FieldView } from '../../../src/contracts/api.ts'

/** Where a field belongs; its input is called `app.apiKey`, `fields.clientCode`. */
export type Place = 'app' | 'fields'

/** A broker's fields under the names of their inputs. */
export function inputsOf(broker: BrokerView | undefined): (readonly [input: string, FieldView])[] {
  if (broker === undefined) return []
  return [
    ...broker.app.map((field) => [`app.${field.name}`, field] as const),
    ...[...broker.account, ...broker.kept].map((field) => [`fields.${field.name}`, field] as const),
  ]
}

/** The texts of the inputs as the API takes them. */
export function valuesOf(texts: Readonly<Record<string, string>>): Pick<AddAccount, Place> {
  const values: Record<Place, Record<string, string>> = { app: {}, fields: {} }
  for (const [input, text] of Object.entries(texts)) {
    const [place, name] = input.split('.', 2)
    if ((place === 'app' || place === 'fields') && name !== undefined) values[place][name] = text
  }
  return {
    ...(Object.keys(values.app).length > 0 ? { app: values.app } : {}),
    ...(Object.keys(values.fields).length > 0 ? { fields: values.fields } : {}),
  }
}
