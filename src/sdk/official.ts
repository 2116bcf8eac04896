import { BhorError } from '../core/errors.ts'

/** A broker's official client, as the user has installed it. @throws BhorError `sdk_missing` */
export async function official<Sdk>(name: string, load: () => Promise<unknown>): Promise<Sdk> {
  try {
    return (await load()) as Sdk
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new BhorError('sdk_missing', `The package ${name} is not installed.`, {
      hint: `Install it beside bhor: npm install ${name}.`,
      cause,
    })
  }
}
