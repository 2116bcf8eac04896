import { BhorError } from '../../core/errors.ts'

const encryptedModes: readonly string[] = ['require', 'verify-ca', 'verify-full']

/**
 * Refuses an address that is cut at the wrong place, and one that would send the password and every row in clear
 * over a network.
 *
 * @throws BhorError `config_invalid`; no message names any part of the address, as what is taken for the host may be
 * the end of a password
 */
export function checkAddress(address: string): void {
  const url = URL.parse(address)
  const host = url === null ? undefined : decoded(url.searchParams.get('host') ?? url.hostname)
  if (url === null || host === undefined || !isCutRight(url)) {
    throw new BhorError('config_invalid', 'The database address is not a valid postgres:// address.', {
      hint: 'Write special characters of the password as %XX: # is %23, / is %2F, ? is %3F, @ is %40, % is %25.',
    })
  }
  const isLocal =
    host === '' || host.startsWith('/') || /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host)
  const isEncrypted =
    encryptedModes.includes(url.searchParams.get('sslmode') ?? '') || url.searchParams.get('ssl') === 'true'
  if (isLocal || isEncrypted) return
  throw new BhorError('config_invalid', 'The database would be used over a network without TLS.', {
    hint: 'Add ?sslmode=verify-full to the address.',
  })
}

/** A `#`, `/` or `?` in a password ends the host there, and the `@` before the real host stands behind it. */
function isCutRight({ username, password, hostname, pathname, hash, searchParams }: URL): boolean {
  const options = [...searchParams].filter(([name]) => name !== 'password' && name !== 'user').flat()
  return (
    hash === '' &&
    ![pathname, hostname, ...options].some((part) => part.includes('@')) &&
    [username, password, pathname].every((part) => decoded(part) !== undefined)
  )
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
