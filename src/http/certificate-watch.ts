import { type Certificate, type CertificateFiles, filesVersion, readCertificate } from '../app/certificate.ts'
import type { App } from '../app/open.ts'
import { toBhorError } from '../core/errors.ts'

/** How often the files are looked at: whatever renews them writes both within a moment. */
export const certificateLookMs = 10_000

type Log = (level: 'info' | 'error', text: string) => void

/**
 * Takes a certificate anew when its files change, until disposed of. One that cannot be used leaves the one before in
 * use, and is said once.
 */
export function watchCertificate(
  { clock }: Pick<App, 'clock'>,
  files: CertificateFiles,
  use: (certificate: Certificate) => void,
  log: Log = () => {},
): Disposable {
  let seen = filesVersion(files)
  let timer: Disposable | undefined
  const look = () => {
    timer = clock.after(certificateLookMs, look)
    const version = filesVersion(files)
    if (version === seen || version === '') return
    seen = version
    try {
      use(readCertificate(files))
      log('info', 'The porch has taken its new certificate.')
    } catch (error) {
      const { message } = toBhorError(error)
      log('error', `The new certificate of the porch cannot be used; the one before stays. ${message}`)
    }
  }
  timer = clock.after(certificateLookMs, look)
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() }
}
