import type { EditAccount } from '../../contracts/api.ts'

type Input = Pick<EditAccount, 'app' | 'fields' | 'apiKey' | 'apiSecret' | 'phoneNumber' | 'password'>

/** Programs that were written before `app` and `fields` name four of their values directly. */
export function withoutOlderNames<Given extends Input>({
  apiKey,
  apiSecret,
  phoneNumber,
  password,
  ...rest
}: Given): Omit<Given, 'apiKey' | 'apiSecret' | 'phoneNumber' | 'password'> {
  const app = given({ apiKey, apiSecret })
  const fields = given({ phoneNumber, password })
  return {
    ...rest,
    ...(rest.app || app ? { app: { ...app, ...rest.app } } : {}),
    ...(rest.fields || fields ? { fields: { ...fields, ...rest.fields } } : {}),
  }
}

function given(values: Record<string, string | undefined>): Record<string, string> | undefined {
  const known = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return known.length > 0 ? Object.fromEntries(known) : undefined
}
